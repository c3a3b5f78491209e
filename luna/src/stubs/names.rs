//! Names that may stand in Lua source.

/// The words that are no names, in any dialect.
const KEYWORDS: &[&str] = &[
    "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "global", "goto",
    "if", "in", "local", "nil", "not", "or", "repeat", "return", "then", "true", "until", "while",
];

/// Whether a text is a name.
pub(super) fn is_name(text: &str) -> bool {
    let word = text.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'_');
    word && !text.is_empty()
        && !text.starts_with(|c: char| c.is_ascii_digit())
        && !KEYWORDS.contains(&text)
}

/// A text as a name.
pub(super) fn plain(text: &str) -> String {
    if is_name(text) {
        return text.to_owned();
    }
    let ok = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let name: String = text.chars().map(ok).collect();
    if is_name(&name) {
        name
    } else if KEYWORDS.contains(&&*name) {
        name + "_"
    } else {
        format!("_{name}")
    }
}

/// The name of the parameter at a position from 0.
pub(super) fn param(name: &str, at: usize) -> String {
    if matches!(name, "" | "_") { format!("arg{}", at + 1) } else { plain(name) }
}

/// The name of a class or another type.
pub(super) fn of_type(name: &str) -> String {
    name.split('.').map(plain).collect::<Vec<String>>().join(".")
}

/// A text as a string of Lua.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\0' => quoted.push_str("\\0"),
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

/// What is under a name in a table.
pub(super) fn member(table: &str, name: &str) -> String {
    if is_name(name) { format!("{table}.{name}") } else { format!("{table}[{}]", quoted(name)) }
}

/// A field's name as annotations have it.
pub(super) fn field(name: &str) -> String {
    if is_name(name) { name.to_owned() } else { format!("[{}]", quoted(name)) }
}

#[cfg(test)]
mod tests {
    use super::{field, member, of_type, param, plain};

    #[test]
    fn names_are_names() {
        assert_eq!(plain("end"), "end_");
        assert_eq!(plain("2d"), "_2d");
        assert_eq!(plain(""), "_");
        assert_eq!(of_type("shapes.Vec2<f32>"), "shapes.Vec2_f32_");
        assert_eq!(param("", 1), "arg2");
        assert_eq!(member("a", "b"), "a.b");
        assert_eq!(member("a", "end"), "a[\"end\"]");
        assert_eq!(field("very-slow"), "[\"very-slow\"]");
    }
}
