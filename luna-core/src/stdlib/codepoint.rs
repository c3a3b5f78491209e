//! UTF-8 as the language understands it: up to 2^31, strictly or not.

pub(crate) use crate::syntax::encode_utf8;

/// The largest code point of Unicode.
const MAX_UNICODE: u32 = 0x10_FFFF;

/// Whether a byte continues a sequence.
pub(crate) fn is_continuation(b: u8) -> bool {
    b & 0xC0 == 0x80
}

/// The code point at the start of `s` and the bytes it takes; `None` if they are no valid sequence.
///
/// `strict` refuses surrogates and what lies above Unicode.
pub(crate) fn decode_utf8(s: &[u8], strict: bool) -> Option<(u32, usize)> {
    /// The least value that needs a number of continuation bytes.
    const LEAST: [u32; 6] = [u32::MAX, 0x80, 0x800, 0x1_0000, 0x20_0000, 0x400_0000];
    let &first = s.first()?;
    if first < 0x80 {
        return Some((u32::from(first), 1));
    }
    let more = (first.leading_ones() as usize).checked_sub(1).filter(|&n| (1..=5).contains(&n))?;
    let mut code = u32::from(first) & (0x3F >> more);
    for &b in s.get(1..=more)? {
        if !is_continuation(b) {
            return None;
        }
        code = code << 6 | u32::from(b & 0x3F);
    }
    let surrogate = (0xD800..=0xDFFF).contains(&code);
    if code < LEAST[more] || strict && (code > MAX_UNICODE || surrogate) {
        return None;
    }
    Some((code, more + 1))
}

#[cfg(test)]
mod tests {
    use super::{decode_utf8, encode_utf8};

    #[test]
    fn every_size_decodes() {
        for code in [
            0,
            0x7F,
            0x80,
            0x7FF,
            0x800,
            0xFFFF,
            0x1_0000,
            0x10_FFFF,
            0x1F_FFFF,
            0x20_0000,
            0x3FF_FFFF,
            0x400_0000,
            0x7FFF_FFFF,
        ] {
            let mut bytes = Vec::new();
            encode_utf8(code, &mut bytes);
            assert_eq!(decode_utf8(&bytes, false), Some((code, bytes.len())));
            assert_eq!(decode_utf8(&bytes, true).is_some(), code <= 0x10_FFFF);
            assert!(decode_utf8(&bytes[..bytes.len() - 1], false).is_none());
        }
    }

    #[test]
    fn bad_sequences_do_not() {
        for bad in [
            &b"\x80"[..],
            b"\xC0\x80",
            b"\xC1\xBF",
            b"\xE0\x9F\xBF",
            b"\xF0\x8F\xBF\xBF",
            b"\xFE",
            b"\xFF",
            b"\xE2\x82",
            b"\xE2\x28\xA1",
        ] {
            assert_eq!(decode_utf8(bad, false), None, "{bad:x?}");
        }
        assert_eq!(decode_utf8(b"\xED\xA0\x80", false), Some((0xD800, 3)));
        assert_eq!(decode_utf8(b"\xED\xA0\x80", true), None);
    }
}
