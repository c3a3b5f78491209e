//! Chunk names.

/// Longest display of a chunk name, counting the terminator that C programs see.
const ID_SIZE: usize = 60;

/// What messages show for a chunk name: `=x` is `x`, `@file` is `file` cut at the front, anything else is taken as
/// source text and shown as `[string "first line"]`.
pub(crate) fn chunk_display(name: &[u8]) -> Vec<u8> {
    match name.first() {
        Some(b'=') => name[1..name.len().min(ID_SIZE)].to_vec(),
        Some(b'@') if name.len() <= ID_SIZE => name[1..].to_vec(),
        Some(b'@') => {
            let mut out = b"...".to_vec();
            out.extend_from_slice(&name[name.len() - (ID_SIZE - 4)..]);
            out
        }
        _ => string_display(name),
    }
}

/// The display of source text used as a chunk name.
fn string_display(text: &[u8]) -> Vec<u8> {
    const SPACE: usize = ID_SIZE - "[string \"...\"]".len() - 1;
    let mut out = b"[string \"".to_vec();
    let text = &text[..memchr::memchr(0, text).unwrap_or(text.len())];
    let newline = memchr::memchr(b'\n', text);
    if newline.is_none() && text.len() < SPACE {
        out.extend_from_slice(text);
    } else {
        let len = newline.unwrap_or(text.len()).min(SPACE);
        out.extend_from_slice(&text[..len]);
        out.extend_from_slice(b"...");
    }
    out.extend_from_slice(b"\"]");
    out
}

#[cfg(test)]
mod tests {
    use super::chunk_display;

    /// The display as text.
    fn show(name: &str) -> String {
        String::from_utf8(chunk_display(name.as_bytes())).unwrap()
    }

    #[test]
    fn names_are_cut_as_the_reference_cuts_them() {
        let f = |n: usize| "f".repeat(n);
        assert_eq!(show(&format!("@{}", f(100))), format!("...{}", f(56)));
        assert_eq!(show(&format!("@{}", f(59))), f(59));
        assert_eq!(show(&format!("={}", f(100))), f(59));
        assert_eq!(show("=x"), "x");
        assert_eq!(show("="), "");
        assert_eq!(show(""), "[string \"\"]");
        assert_eq!(show("return\nabc"), "[string \"return...\"]");
        assert_eq!(show(&f(44)), format!("[string \"{}\"]", f(44)));
        assert_eq!(show(&f(45)), format!("[string \"{}...\"]", f(45)));
        assert_eq!(show(&f(46)), format!("[string \"{}...\"]", f(45)));
    }
}
