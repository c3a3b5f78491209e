//! Text to number.

use crate::value::number::Number;

/// Whether a byte is white space to the language.
pub(crate) fn is_space(c: u8) -> bool {
    matches!(c, b' ' | b'\t'..=b'\r')
}

/// The bytes without surrounding white space.
fn trim(mut s: &[u8]) -> &[u8] {
    while let [c, rest @ ..] = s
        && is_space(*c)
    {
        s = rest;
    }
    while let [rest @ .., c] = s
        && is_space(*c)
    {
        s = rest;
    }
    s
}

/// The number that `s` spells as a whole, white space around it allowed: a decimal integer (a float if it
/// overflows), a hexadecimal integer (which wraps), or a decimal or hexadecimal float.
pub(crate) fn parse_number(s: &[u8]) -> Option<Number> {
    let s = trim(s);
    let (negative, digits) = match s {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, s),
    };
    if let [b'0', b'x' | b'X', hex @ ..] = digits {
        return parse_hex(hex, negative);
    }
    if let Some(i) = parse_decimal_int(digits, negative) {
        return Some(Number::Int(i));
    }
    if !is_decimal_float(digits) {
        return None;
    }
    let text = std::str::from_utf8(digits).ok()?;
    let f: f64 = text.parse().ok()?;
    Some(Number::Float(if negative { -f } else { f }))
}

/// A decimal integer that does not overflow.
fn parse_decimal_int(digits: &[u8], negative: bool) -> Option<i64> {
    if digits.is_empty() {
        return None;
    }
    let mut value = 0_i64;
    for &c in digits {
        if !c.is_ascii_digit() {
            return None;
        }
        let d = i64::from(c - b'0');
        value = value.checked_mul(10)?;
        value = if negative { value.checked_sub(d)? } else { value.checked_add(d)? };
    }
    Some(value)
}

/// Whether `s` is an unsigned decimal float: digits with at most one dot, then perhaps an exponent.
fn is_decimal_float(s: &[u8]) -> bool {
    let digits = |s: &[u8]| s.iter().take_while(|c| c.is_ascii_digit()).count();
    let whole = digits(s);
    let mut rest = &s[whole..];
    let mut count = whole;
    if let [b'.', after @ ..] = rest {
        let n = digits(after);
        count += n;
        rest = &after[n..];
    }
    if count == 0 {
        return false;
    }
    match rest {
        [] => true,
        [b'e' | b'E', b'+' | b'-', exp @ ..] | [b'e' | b'E', exp @ ..] => {
            !exp.is_empty() && exp.iter().all(u8::is_ascii_digit)
        }
        _ => false,
    }
}

/// What follows `0x`: an integer, which wraps, or a float.
fn parse_hex(s: &[u8], negative: bool) -> Option<Number> {
    let mut int = 0_u64;
    let mut all_digits = !s.is_empty();
    for &c in s {
        let Some(d) = char::from(c).to_digit(16) else {
            all_digits = false;
            break;
        };
        int = int << 4 | u64::from(d);
    }
    if all_digits {
        let int = int.cast_signed();
        return Some(Number::Int(if negative { int.wrapping_neg() } else { int }));
    }
    let f = parse_hex_float(s)?;
    Some(Number::Float(if negative { -f } else { f }))
}

/// An unsigned hexadecimal float after its `0x`.
fn parse_hex_float(s: &[u8]) -> Option<f64> {
    let mut mantissa = 0_u64;
    let mut sticky = false; // whether a digit that is not 0 was cut off
    let mut exponent = 0_i64;
    let mut seen_dot = false;
    let mut seen_digit = false;
    let mut at = 0;
    while let Some(&c) = s.get(at) {
        if c == b'.' && !seen_dot {
            seen_dot = true;
        } else if let Some(d) = char::from(c).to_digit(16) {
            seen_digit = true;
            if mantissa >> 60 == 0 {
                mantissa = mantissa << 4 | u64::from(d);
                exponent -= if seen_dot { 4 } else { 0 };
            } else {
                sticky |= d != 0;
                exponent += if seen_dot { 0 } else { 4 };
            }
        } else {
            break;
        }
        at += 1;
    }
    if !seen_digit {
        return None;
    }
    match &s[at..] {
        [] => {}
        [b'p' | b'P', b'-', exp @ ..] => exponent = exponent.saturating_sub(parse_exponent(exp)?),
        [b'p' | b'P', b'+', exp @ ..] | [b'p' | b'P', exp @ ..] => {
            exponent = exponent.saturating_add(parse_exponent(exp)?);
        }
        _ => return None,
    }
    Some(scale(mantissa, sticky, exponent))
}

/// A run of digits, saturating.
fn parse_exponent(s: &[u8]) -> Option<i64> {
    if s.is_empty() {
        return None;
    }
    s.iter().try_fold(0_i64, |acc, &c| {
        c.is_ascii_digit().then(|| acc.saturating_mul(10).saturating_add(i64::from(c - b'0')))
    })
}

/// `mantissa * 2^exponent`, rounded to nearest, ties to even; `sticky` says that the true mantissa is a bit more.
fn scale(mantissa: u64, sticky: bool, exponent: i64) -> f64 {
    if mantissa == 0 {
        return 0.0;
    }
    let bits = 64 - i64::from(mantissa.leading_zeros());
    let top = exponent.saturating_add(bits - 1); // value is in [2^top, 2^(top+1))
    if top > 1023 {
        return f64::INFINITY;
    }
    if top < -1075 {
        return 0.0;
    }
    let normal = top >= -1022;
    // Distance to drop so that the last kept bit has the weight of the float's last bit.
    let shift = if normal { bits - 53 } else { -1074 - exponent };
    let wide = u128::from(mantissa);
    let kept = if shift <= 0 {
        wide << -shift
    } else {
        let floor = wide >> shift;
        let rest = wide & ((1 << shift) - 1);
        let half = 1_u128 << (shift - 1);
        let up = rest > half || rest == half && (sticky || floor & 1 == 1);
        floor + u128::from(up)
    };
    let kept = u64::try_from(kept).expect("at most 53 bits and a carry");
    if normal {
        // A carry out of the mantissa runs into the exponent, as it should.
        let biased = u64::try_from(top + 1023).expect("between 1 and 2046");
        f64::from_bits((biased << 52).wrapping_add(kept.wrapping_sub(1 << 52)))
    } else {
        f64::from_bits(kept)
    }
}

#[cfg(test)]
mod tests {
    use super::parse_number;
    use crate::value::number::Number::{self, Float, Int};

    /// Equality that tells `-0.0` from `0.0`.
    fn same(a: Number, b: Number) -> bool {
        match (a, b) {
            (Int(a), Int(b)) => a == b,
            (Float(a), Float(b)) => a.to_bits() == b.to_bits(),
            _ => false,
        }
    }

    #[test]
    fn numerals_read_as_the_reference_reads_them() {
        let cases: &[(&str, Number)] = &[
            ("0", Int(0)),
            ("  12 \n", Int(12)),
            ("-0", Int(0)),
            ("+7", Int(7)),
            ("9223372036854775807", Int(i64::MAX)),
            ("9223372036854775808", Float(9_223_372_036_854_775_808.0)),
            ("-9223372036854775808", Int(i64::MIN)),
            ("-9223372036854775809", Float(-9_223_372_036_854_775_808.0)),
            ("0x10", Int(16)),
            ("-0xff", Int(-255)),
            ("0xffffffffffffffff", Int(-1)),
            ("0x1ffffffffffffffff", Int(-1)),
            ("0x1p4", Float(16.0)),
            ("0x.8", Float(0.5)),
            ("0xA.8p-1", Float(5.25)),
            ("0x1.", Float(1.0)),
            ("-0x0p0", Float(-0.0)),
            ("1.", Float(1.0)),
            (".5", Float(0.5)),
            ("-.5e-1", Float(-0.05)),
            ("1e1", Float(10.0)),
            ("1e999999999999999999999", Float(f64::INFINITY)),
            ("1e-999999999999999999999", Float(0.0)),
            ("0x1p99999999999999999999", Float(f64::INFINITY)),
            ("0x1p-1074", Float(5e-324)),
            ("0x1p-1075", Float(0.0)),
            ("0x1.8p-1075", Float(5e-324)),
            ("0x1.0000000000000001p-1075", Float(5e-324)),
            ("0x1.00000000000008p0", Float(1.0)),
            ("0x1.000000000000081p0", Float(1.0 + f64::EPSILON)),
            ("0x1.00000000000018p0", Float(1.0 + 2.0 * f64::EPSILON)),
            ("0x1.fffffffffffff8p1023", Float(f64::INFINITY)),
            ("0x1.fffffffffffff7p1023", Float(f64::MAX)),
            ("0x0.fffffffffffff8p-1022", Float(f64::MIN_POSITIVE)),
            ("0x10000000000000000.0p0", Float(18_446_744_073_709_551_616.0)),
        ];
        for &(text, want) in cases {
            let got = parse_number(text.as_bytes());
            assert!(got.is_some_and(|n| same(n, want)), "{text}: {got:?}, want {want:?}");
        }
    }

    #[test]
    fn other_text_is_no_number() {
        for text in [
            "", " ", "-", "+", ".", "e1", "1e", "1e+", "0x", "0x.", "0xp1", "0x1p", "0x1pf", "inf",
            "nan", "-inf", "infinity", "1 2", "1..2", "1.2.3", "--1", "+-1", "1f", "0x1g", "1\0",
            "0b1", "- 1", "1_000", "0x1.8.1", "1e1.5", "0x-1", "1n", "\u{a0}1",
        ] {
            assert_eq!(parse_number(text.as_bytes()), None, "{text:?}");
        }
    }
}
