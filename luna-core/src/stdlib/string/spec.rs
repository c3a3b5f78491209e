//! Conversion specifications of `string.format`, and the text of everything but tables and their kind.

use std::fmt;

use crate::value::numfmt::{FloatSpec, FloatStyle, format_float, push_int};

/// Flags of float conversions.
pub(crate) const FLOAT_FLAGS: &[u8] = b"-+#0 ";

/// Flags of `o`, `x` and `X`.
pub(crate) const HEX_FLAGS: &[u8] = b"-#0";

/// Flags of `d` and `i`.
pub(crate) const INT_FLAGS: &[u8] = b"-+0 ";

/// Flags of `u`.
pub(crate) const UNSIGNED_FLAGS: &[u8] = b"-0";

/// Flags of `c`, `p` and `s`.
pub(crate) const TEXT_FLAGS: &[u8] = b"-";

/// Longest specification, without its `%`.
const MAX_SPEC: usize = 21;

/// A string shorter than this, or one with a precision, is padded.
pub(crate) const LONG_TEXT: usize = 100;

/// What is wrong with a specification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SpecError {
    /// It has too many characters.
    TooLong,
    /// Flags, width or precision that the conversion does not take; with the specification.
    Invalid(Vec<u8>),
    /// A conversion that does not exist; with the specification.
    Unknown(Vec<u8>),
}

impl SpecError {
    /// The message.
    pub(crate) fn text(&self) -> Vec<u8> {
        match self {
            SpecError::TooLong => b"invalid format (too long)".to_vec(),
            SpecError::Invalid(spec) => {
                [b"invalid conversion specification: '%", spec.as_slice(), b"'"].concat()
            }
            SpecError::Unknown(spec) => {
                [b"invalid conversion '%", spec.as_slice(), b"' to 'format'"].concat()
            }
        }
    }
}

impl fmt::Display for SpecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.text()))
    }
}

/// A specification as written, after its `%`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spec<'a> {
    /// Flags, width, precision and conversion; without the latter at the end of the format.
    text: &'a [u8],
    /// The conversion; 0 at the end of the format.
    pub(crate) conversion: u8,
}

/// Flags, width and precision, taken apart.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Modifiers {
    /// `-`
    left: bool,
    /// `+`
    plus: bool,
    /// ` `
    space: bool,
    /// `#`
    alternate: bool,
    /// `0`
    zero: bool,
    /// Least number of characters.
    width: usize,
    /// The precision.
    pub(crate) precision: Option<usize>,
}

impl<'a> Spec<'a> {
    /// The specification at the start of `format`, whose `%` is read.
    ///
    /// # Errors
    ///
    /// It is too long.
    pub(crate) fn read(format: &'a [u8]) -> Result<Spec<'a>, SpecError> {
        let modifiers = format.iter().take_while(|&&c| b"-+#0 123456789.".contains(&c)).count();
        if modifiers >= MAX_SPEC {
            return Err(SpecError::TooLong);
        }
        let text = &format[..format.len().min(modifiers + 1)];
        Ok(Spec { text, conversion: format.get(modifiers).copied().unwrap_or(0) })
    }

    /// Its length, the conversion included.
    pub(crate) fn len(&self) -> usize {
        self.text.len()
    }

    /// Whether it is the conversion alone.
    pub(crate) fn is_bare(&self) -> bool {
        self.text.len() <= 1
    }

    /// Takes the modifiers apart, if they are `flags` and perhaps a precision.
    ///
    /// # Errors
    ///
    /// They are not.
    pub(crate) fn modifiers(&self, flags: &[u8], precision: bool) -> Result<Modifiers, SpecError> {
        let mut m = Modifiers::default();
        let mut rest = self.text;
        while let [c, tail @ ..] = rest
            && flags.contains(c)
        {
            match c {
                b'-' => m.left = true,
                b'+' => m.plus = true,
                b' ' => m.space = true,
                b'#' => m.alternate = true,
                _ => m.zero = true,
            }
            rest = tail;
        }
        if rest.first() != Some(&b'0') {
            (m.width, rest) = two_digits(rest);
            if let [b'.', tail @ ..] = rest
                && precision
            {
                let (value, tail) = two_digits(tail);
                m.precision = Some(value);
                rest = tail;
            }
        }
        if rest.first().is_some_and(u8::is_ascii_alphabetic) {
            Ok(m)
        } else {
            Err(SpecError::Invalid(self.shown()))
        }
    }

    /// The error that the conversion does not exist.
    pub(crate) fn unknown(&self) -> SpecError {
        SpecError::Unknown(self.shown())
    }

    /// The text up to a NUL, as messages show it.
    fn shown(&self) -> Vec<u8> {
        self.text[..memchr::memchr(0, self.text).unwrap_or(self.text.len())].to_vec()
    }
}

/// A number of at most two digits, and what follows it.
fn two_digits(s: &[u8]) -> (usize, &[u8]) {
    let len = s.iter().take(2).take_while(|c| c.is_ascii_digit()).count();
    (s[..len].iter().fold(0, |n, c| n * 10 + usize::from(c - b'0')), &s[len..])
}

/// Pads `out[start..]` to the width.
fn pad(m: &Modifiers, start: usize, out: &mut Vec<u8>) {
    let missing = m.width.saturating_sub(out.len() - start);
    if missing == 0 {
        return;
    }
    out.resize(out.len() + missing, b' ');
    if !m.left {
        out[start..].rotate_right(missing);
    }
}

/// `%d`, `%i`, `%u`, `%o`, `%x`, `%X`
pub(crate) fn push_integer(n: i64, conversion: u8, m: &Modifiers, out: &mut Vec<u8>) {
    use std::io::Write;
    let start = out.len();
    let signed = matches!(conversion, b'd' | b'i');
    if signed && n < 0 {
        out.push(b'-');
    } else if signed && m.plus {
        out.push(b'+');
    } else if signed && m.space {
        out.push(b' ');
    }
    if m.alternate && n != 0 && matches!(conversion, b'x' | b'X') {
        out.extend_from_slice(&[b'0', conversion]);
    }
    let digits_at = out.len();
    if n != 0 || m.precision != Some(0) {
        let bits = n.cast_unsigned();
        let written = match conversion {
            b'o' => write!(out, "{bits:o}"),
            b'x' => write!(out, "{bits:x}"),
            b'X' => write!(out, "{bits:X}"),
            b'u' => write!(out, "{bits}"),
            _ => write!(out, "{}", n.unsigned_abs()),
        };
        written.expect("a vector takes everything");
    }
    let mut least = m.precision.unwrap_or(0);
    if conversion == b'o' && m.alternate && out.get(digits_at) != Some(&b'0') {
        least = least.max(out.len() - digits_at + 1);
    }
    if m.zero && !m.left && m.precision.is_none() {
        least = least.max(m.width.saturating_sub(digits_at - start));
    }
    let zeros = least.saturating_sub(out.len() - digits_at);
    if zeros > 0 {
        out.resize(out.len() + zeros, b'0');
        out[digits_at..].rotate_right(zeros);
    }
    pad(m, start, out);
}

/// `%a`, `%e`, `%f`, `%g` and their upper-case forms
pub(crate) fn push_real(f: f64, conversion: u8, m: &Modifiers, out: &mut Vec<u8>) {
    let style = match conversion.to_ascii_lowercase() {
        b'a' => FloatStyle::Hex,
        b'e' => FloatStyle::Exp,
        b'f' => FloatStyle::Fixed,
        _ => FloatStyle::General,
    };
    let spec = FloatSpec {
        style,
        upper: conversion.is_ascii_uppercase(),
        left: m.left,
        plus: m.plus,
        space: m.space,
        alternate: m.alternate,
        zero: m.zero,
        width: m.width,
        precision: m.precision,
    };
    format_float(f, &spec, out);
}

/// `%c`, `%p` and `%s`: the text, cut to the precision and padded.
pub(crate) fn push_text(text: &[u8], m: &Modifiers, out: &mut Vec<u8>) {
    let start = out.len();
    let len = m.precision.map_or(text.len(), |p| p.min(text.len()));
    out.extend_from_slice(&text[..len]);
    pad(m, start, out);
}

/// `%q` of a string: a literal that reads back.
pub(crate) fn push_quoted(text: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    for (i, &c) in text.iter().enumerate() {
        match c {
            b'"' | b'\\' | b'\n' => out.extend_from_slice(&[b'\\', c]),
            _ if c.is_ascii_control() => {
                out.push(b'\\');
                if text.get(i + 1).is_some_and(u8::is_ascii_digit) {
                    out.extend_from_slice(&[b'0' + c / 100, b'0' + c / 10 % 10, b'0' + c % 10]);
                } else {
                    push_int(i64::from(c), out);
                }
            }
            _ => out.push(c),
        }
    }
    out.push(b'"');
}

/// `%q` of an integer.
pub(crate) fn push_quoted_int(n: i64, out: &mut Vec<u8>) {
    if n == i64::MIN {
        out.extend_from_slice(b"0x8000000000000000");
    } else {
        push_int(n, out);
    }
}

/// `%q` of a float: an expression that gives it back exactly.
pub(crate) fn push_quoted_float(f: f64, out: &mut Vec<u8>) {
    if f.is_nan() {
        out.extend_from_slice(b"(0/0)");
    } else if f.is_infinite() {
        out.extend_from_slice(if f > 0.0 { b"1e9999" } else { b"-1e9999" });
    } else {
        push_real(f, b'a', &Modifiers::default(), out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `string.format` of one integer, or the message.
    fn int(format: &str, n: i64) -> String {
        let spec = match Spec::read(&format.as_bytes()[1..]) {
            Ok(spec) => spec,
            Err(e) => return e.to_string(),
        };
        let flags = match spec.conversion {
            b'd' | b'i' => INT_FLAGS,
            b'u' => UNSIGNED_FLAGS,
            b'x' | b'X' | b'o' => HEX_FLAGS,
            _ => return spec.unknown().to_string(),
        };
        let mut out = Vec::new();
        match spec.modifiers(flags, true) {
            Ok(m) => push_integer(n, spec.conversion, &m, &mut out),
            Err(e) => return e.to_string(),
        }
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn integers_format_as_c_formats_them() {
        for (format, n, want) in INTS {
            assert_eq!(int(format, *n), *want, "{format} of {n}");
        }
    }

    #[test]
    fn text_is_cut_and_padded() {
        let text = |format: &str, s: &str| {
            let spec = Spec::read(&format.as_bytes()[1..]).unwrap();
            let mut out = b">".to_vec();
            push_text(s.as_bytes(), &spec.modifiers(TEXT_FLAGS, true).unwrap(), &mut out);
            String::from_utf8(out).unwrap()
        };
        assert_eq!(text("%5s", "abc"), ">  abc");
        assert_eq!(text("%-5s", "abc"), ">abc  ");
        assert_eq!(text("%.2s", "abc"), ">ab");
        assert_eq!(text("%5.2s", "abc"), ">   ab");
        assert_eq!(text("%.s", "abc"), ">");
        assert_eq!(text("%2s", "abc"), ">abc");
    }

    #[test]
    fn literals_read_back() {
        let mut out = Vec::new();
        push_quoted(b"a\"b\\c\nd\0e\x001\x7f\xff\r2", &mut out);
        assert_eq!(out, b"\"a\\\"b\\\\c\\\nd\\0e\\0001\\127\xff\\0132\"");
        out.clear();
        push_quoted_int(i64::MIN, &mut out);
        push_quoted_float(0.5, &mut out);
        push_quoted_float(f64::NEG_INFINITY, &mut out);
        push_quoted_float(f64::NAN, &mut out);
        push_quoted_float(1.0, &mut out);
        assert_eq!(out, b"0x80000000000000000x1p-1-1e9999(0/0)0x1p+0");
    }

    /// Format, argument and what 5.5.1 makes of them.
    #[rustfmt::skip]
    const INTS: &[(&str, i64, &str)] = &[
        ("%d", 0, "0"),
        ("%d", 42, "42"),
        ("%d", -42, "-42"),
        ("%d", 255, "255"),
        ("%d", i64::MIN, "-9223372036854775808"),
        ("%5d", 0, "    0"),
        ("%5d", 42, "   42"),
        ("%5d", -42, "  -42"),
        ("%-5d", 0, "0    "),
        ("%-5d", 42, "42   "),
        ("%-5d", -42, "-42  "),
        ("%05d", 0, "00000"),
        ("%05d", 42, "00042"),
        ("%05d", -42, "-0042"),
        ("%05d", 255, "00255"),
        ("%05d", i64::MIN, "-9223372036854775808"),
        ("%+d", 0, "+0"),
        ("%+d", 42, "+42"),
        ("%+d", -42, "-42"),
        ("% d", 0, " 0"),
        ("% d", 42, " 42"),
        ("% d", -42, "-42"),
        ("%+5d", 0, "   +0"),
        ("%+5d", 42, "  +42"),
        ("%+5d", -42, "  -42"),
        ("%+5d", 255, " +255"),
        ("%+5d", i64::MIN, "-9223372036854775808"),
        ("%.3d", 0, "000"),
        ("%.3d", 42, "042"),
        ("%.3d", -42, "-042"),
        ("%8.3d", 0, "     000"),
        ("%8.3d", 42, "     042"),
        ("%8.3d", -42, "    -042"),
        ("%-8.3d", 0, "000     "),
        ("%-8.3d", 42, "042     "),
        ("%-8.3d", -42, "-042    "),
        ("%-8.3d", 255, "255     "),
        ("%-8.3d", i64::MIN, "-9223372036854775808"),
        ("%08.3d", 0, "     000"),
        ("%08.3d", 42, "     042"),
        ("%08.3d", -42, "    -042"),
        ("%+.3d", 0, "+000"),
        ("%+.3d", 42, "+042"),
        ("%+.3d", -42, "-042"),
        ("%.0d", 0, ""),
        ("%.0d", 42, "42"),
        ("%.0d", -42, "-42"),
        ("%.0d", 255, "255"),
        ("%.0d", i64::MIN, "-9223372036854775808"),
        ("%x", 0, "0"),
        ("%x", 42, "2a"),
        ("%x", -42, "ffffffffffffffd6"),
        ("%X", 0, "0"),
        ("%X", 42, "2A"),
        ("%X", -42, "FFFFFFFFFFFFFFD6"),
        ("%#x", 0, "0"),
        ("%#x", 42, "0x2a"),
        ("%#x", -42, "0xffffffffffffffd6"),
        ("%#x", 255, "0xff"),
        ("%#x", i64::MIN, "0x8000000000000000"),
        ("%#X", 0, "0"),
        ("%#X", 42, "0X2A"),
        ("%#X", -42, "0XFFFFFFFFFFFFFFD6"),
        ("%#o", 0, "0"),
        ("%#o", 42, "052"),
        ("%#o", -42, "01777777777777777777726"),
        ("%o", 0, "0"),
        ("%o", 42, "52"),
        ("%o", -42, "1777777777777777777726"),
        ("%o", 255, "377"),
        ("%o", i64::MIN, "1000000000000000000000"),
        ("%8x", 0, "       0"),
        ("%8x", 42, "      2a"),
        ("%8x", -42, "ffffffffffffffd6"),
        ("%08x", 0, "00000000"),
        ("%08x", 42, "0000002a"),
        ("%08x", -42, "ffffffffffffffd6"),
        ("%#8x", 0, "       0"),
        ("%#8x", 42, "    0x2a"),
        ("%#8x", -42, "0xffffffffffffffd6"),
        ("%#8x", 255, "    0xff"),
        ("%#8x", i64::MIN, "0x8000000000000000"),
        ("%#08x", 0, "00000000"),
        ("%#08x", 42, "0x00002a"),
        ("%#08x", -42, "0xffffffffffffffd6"),
        ("%-#8x", 0, "0       "),
        ("%-#8x", 42, "0x2a    "),
        ("%-#8x", -42, "0xffffffffffffffd6"),
        ("%.4x", 0, "0000"),
        ("%.4x", 42, "002a"),
        ("%.4x", -42, "ffffffffffffffd6"),
        ("%.4x", 255, "00ff"),
        ("%.4x", i64::MIN, "8000000000000000"),
        ("%#.4x", 0, "0000"),
        ("%#.4x", 42, "0x002a"),
        ("%#.4x", -42, "0xffffffffffffffd6"),
        ("%#.0x", 0, ""),
        ("%#.0x", 42, "0x2a"),
        ("%#.0x", -42, "0xffffffffffffffd6"),
        ("%#.0o", 0, "0"),
        ("%#.0o", 42, "052"),
        ("%#.0o", -42, "01777777777777777777726"),
        ("%#.0o", 255, "0377"),
        ("%#.0o", i64::MIN, "01000000000000000000000"),
        ("%u", 0, "0"),
        ("%u", 42, "42"),
        ("%u", -42, "18446744073709551574"),
        ("%5u", 0, "    0"),
        ("%5u", 42, "   42"),
        ("%5u", -42, "18446744073709551574"),
        ("%05u", 0, "00000"),
        ("%05u", 42, "00042"),
        ("%05u", -42, "18446744073709551574"),
        ("%05u", 255, "00255"),
        ("%05u", i64::MIN, "9223372036854775808"),
        ("%i", 0, "0"),
        ("%i", 42, "42"),
        ("%i", -42, "-42"),
        ("%-05d", 0, "0    "),
        ("%-05d", 42, "42   "),
        ("%-05d", -42, "-42  "),
        ("%+05d", 0, "+0000"),
        ("%+05d", 42, "+0042"),
        ("%+05d", -42, "-0042"),
        ("%+05d", 255, "+0255"),
        ("%+05d", i64::MIN, "-9223372036854775808"),
        ("% 05d", 0, " 0000"),
        ("% 05d", 42, " 0042"),
        ("% 05d", -42, "-0042"),
        ("%#10.4o", 42, "      0052"),
        ("%.20d", 0, "00000000000000000000"),
        ("%.20d", 42, "00000000000000000042"),
        ("%.20d", -42, "-00000000000000000042"),
        ("%.20d", 255, "00000000000000000255"),
        ("%.20d", i64::MIN, "-09223372036854775808"),
        ("%99d", 0, "                                                                                                  0"),
        ("%99d", 42, "                                                                                                 42"),
        ("%99d", -42, "                                                                                                -42"),
        ("%.99d", 0, "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"),
        ("%.99d", 42, "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000042"),
        ("%.99d", -42, "-000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000042"),
        ("%100d", 0, "invalid conversion specification: '%100d'"),
        ("%100d", 42, "invalid conversion specification: '%100d'"),
        ("%100d", -42, "invalid conversion specification: '%100d'"),
        ("%100d", 255, "invalid conversion specification: '%100d'"),
        ("%100d", i64::MIN, "invalid conversion specification: '%100d'"),
        ("%.100d", 0, "invalid conversion specification: '%.100d'"),
        ("%.100d", 42, "invalid conversion specification: '%.100d'"),
        ("%.100d", -42, "invalid conversion specification: '%.100d'"),
        ("%#d", 0, "invalid conversion specification: '%#d'"),
        ("%#d", 42, "invalid conversion specification: '%#d'"),
        ("%#d", -42, "invalid conversion specification: '%#d'"),
        ("%+x", 0, "invalid conversion specification: '%+x'"),
        ("%+x", 42, "invalid conversion specification: '%+x'"),
        ("%+x", -42, "invalid conversion specification: '%+x'"),
        ("%+x", 255, "invalid conversion specification: '%+x'"),
        ("%+x", i64::MIN, "invalid conversion specification: '%+x'"),
        ("%0-5d", 0, "0    "),
        ("%0-5d", 42, "42   "),
        ("%0-5d", -42, "-42  "),
        ("%--5d", 0, "0    "),
        ("%--5d", 42, "42   "),
        ("%--5d", -42, "-42  "),
        ("%5.d", 0, "     "),
        ("%5.d", 42, "   42"),
        ("%5.d", -42, "  -42"),
        ("%5.d", 255, "  255"),
        ("%5.d", i64::MIN, "-9223372036854775808"),
        ("%.d", 0, ""),
        ("%.d", 42, "42"),
        ("%.d", -42, "-42"),
        ("%5", 0, "invalid conversion '%5' to 'format'"),
        ("%5", 42, "invalid conversion '%5' to 'format'"),
        ("%5", -42, "invalid conversion '%5' to 'format'"),
        ("%y", 0, "invalid conversion '%y' to 'format'"),
        ("%y", 42, "invalid conversion '%y' to 'format'"),
        ("%y", -42, "invalid conversion '%y' to 'format'"),
        ("%y", 255, "invalid conversion '%y' to 'format'"),
        ("%y", i64::MIN, "invalid conversion '%y' to 'format'"),
        ("%", 0, "invalid conversion '%' to 'format'"),
        ("%", 42, "invalid conversion '%' to 'format'"),
        ("%", -42, "invalid conversion '%' to 'format'"),
        ("%-", 0, "invalid conversion '%-' to 'format'"),
        ("%-", 42, "invalid conversion '%-' to 'format'"),
        ("%-", -42, "invalid conversion '%-' to 'format'"),
        ("%...d", 0, "invalid conversion specification: '%...d'"),
        ("%...d", 42, "invalid conversion specification: '%...d'"),
        ("%...d", -42, "invalid conversion specification: '%...d'"),
        ("%...d", 255, "invalid conversion specification: '%...d'"),
        ("%...d", i64::MIN, "invalid conversion specification: '%...d'"),
        ("%5.5.5d", 42, "invalid conversion specification: '%5.5.5d'"),
        ("%0000000000000000000000000d", 42, "invalid format (too long)"),
        ("%--------------------d", 42, "42"),
        ("%---------------------d", 42, "invalid format (too long)"),
        ("%00005d", 42, "00042"),
        ("%1 d", 0, "invalid conversion specification: '%1 d'"),
        ("%1 d", 42, "invalid conversion specification: '%1 d'"),
        ("%1 d", -42, "invalid conversion specification: '%1 d'"),
        ("%1 d", 255, "invalid conversion specification: '%1 d'"),
        ("%1 d", i64::MIN, "invalid conversion specification: '%1 d'"),
        ("%+u", 0, "invalid conversion specification: '%+u'"),
        ("%+u", 42, "invalid conversion specification: '%+u'"),
        ("%+u", -42, "invalid conversion specification: '%+u'"),
        ("% x", 0, "invalid conversion specification: '% x'"),
        ("% x", 42, "invalid conversion specification: '% x'"),
        ("% x", -42, "invalid conversion specification: '% x'"),
        ("%ld", 0, "invalid conversion '%l' to 'format'"),
        ("%ld", 42, "invalid conversion '%l' to 'format'"),
        ("%ld", -42, "invalid conversion '%l' to 'format'"),
        ("%1234d", 0, "invalid conversion specification: '%1234d'"),
        ("%1234d", 42, "invalid conversion specification: '%1234d'"),
        ("%1234d", -42, "invalid conversion specification: '%1234d'"),
        ("%D", 0, "invalid conversion '%D' to 'format'"),
        ("%D", 42, "invalid conversion '%D' to 'format'"),
        ("%D", -42, "invalid conversion '%D' to 'format'"),
        ("%D", 255, "invalid conversion '%D' to 'format'"),
        ("%D", i64::MIN, "invalid conversion '%D' to 'format'"),
        ("%U", 0, "invalid conversion '%U' to 'format'"),
        ("%U", 42, "invalid conversion '%U' to 'format'"),
        ("%U", -42, "invalid conversion '%U' to 'format'"),
        ("%-+ 0d", 0, "+0"),
        ("%-+ 0d", 42, "+42"),
        ("%-+ 0d", -42, "-42"),
    ];
}
