//! Floats as C's `printf` writes them.

use super::decimal::{Decimal, push_exponent};

/// Which conversion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FloatStyle {
    /// `%a`
    Hex,
    /// `%e`
    Exp,
    /// `%f`
    Fixed,
    /// `%g`
    General,
}

/// A conversion with its flags.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FloatSpec {
    /// Which one.
    pub(crate) style: FloatStyle,
    /// Upper-case letters.
    pub(crate) upper: bool,
    /// `-`: pads on the right.
    pub(crate) left: bool,
    /// `+`: a sign on positive numbers.
    pub(crate) plus: bool,
    /// ` `: a space on positive numbers.
    pub(crate) space: bool,
    /// `#`: always a dot; `%g` keeps its trailing zeros.
    pub(crate) alternate: bool,
    /// `0`: pads with zeros after the sign.
    pub(crate) zero: bool,
    /// Least number of characters.
    pub(crate) width: usize,
    /// Digits after the dot, or in all for `%g`; at most 99.
    pub(crate) precision: Option<usize>,
}

/// Writes `f` as `spec` says.
pub(crate) fn format_float(f: f64, spec: &FloatSpec, out: &mut Vec<u8>) {
    let start = out.len();
    if f.is_sign_negative() {
        out.push(b'-');
    } else if spec.plus {
        out.push(b'+');
    } else if spec.space {
        out.push(b' ');
    }
    let mut digits_at = out.len();
    let f = f.abs();
    if f.is_nan() {
        out.extend_from_slice(b"nan");
    } else if f.is_infinite() {
        out.extend_from_slice(b"inf");
    } else {
        match spec.style {
            FloatStyle::Hex => {
                out.extend_from_slice(b"0x");
                digits_at += 2;
                push_hex(f, spec, out);
            }
            FloatStyle::Exp => push_exp(f, spec.precision.unwrap_or(6), spec.alternate, out),
            FloatStyle::Fixed => push_fixed(f, spec.precision.unwrap_or(6), spec.alternate, out),
            FloatStyle::General => push_general(f, spec, out),
        }
    }
    if spec.upper {
        out[start..].make_ascii_uppercase();
    }
    let missing = spec.width.saturating_sub(out.len() - start);
    if missing == 0 {
        return;
    }
    out.resize(out.len() + missing, b' ');
    if spec.left {
        return;
    }
    let zeros = spec.zero && f.is_finite();
    let from = if zeros { digits_at } else { start };
    out[from..].rotate_right(missing);
    if zeros {
        out[from..from + missing].fill(b'0');
    }
}

/// `%e` of a number that is not negative.
fn push_exp(f: f64, precision: usize, alternate: bool, out: &mut Vec<u8>) {
    let decimal = Decimal::rounded(f, precision + 1);
    if alternate && precision == 0 {
        out.extend_from_slice(decimal.digits());
        out.push(b'.');
        push_exponent(b'e', decimal.exponent, 2, out);
    } else {
        decimal.push_scientific(decimal.digits(), out);
    }
}

/// `%f` of a number that is not negative.
fn push_fixed(f: f64, precision: usize, alternate: bool, out: &mut Vec<u8>) {
    use std::io::Write;
    write!(out, "{f:.precision$}").expect("a vector takes everything");
    if alternate && precision == 0 {
        out.push(b'.');
    }
}

/// `%g` of a number that is not negative.
fn push_general(f: f64, spec: &FloatSpec, out: &mut Vec<u8>) {
    let precision = spec.precision.unwrap_or(6).max(1);
    let decimal = Decimal::rounded(f, precision);
    let digits = if spec.alternate { decimal.digits() } else { decimal.significant() };
    let plain =
        decimal.exponent >= -4 && i32::try_from(precision).is_ok_and(|p| decimal.exponent < p);
    if plain {
        decimal.push_plain(digits, out);
        let whole = i32::try_from(digits.len()).is_ok_and(|n| n <= decimal.exponent + 1);
        if spec.alternate && whole {
            out.push(b'.');
        }
    } else if spec.alternate && digits.len() == 1 {
        out.push(digits[0]);
        out.push(b'.');
        push_exponent(b'e', decimal.exponent, 2, out);
    } else {
        decimal.push_scientific(digits, out);
    }
}

/// `%a` of a number that is not negative, after its `0x`.
fn push_hex(f: f64, spec: &FloatSpec, out: &mut Vec<u8>) {
    const DIGITS: usize = 13; // hexadecimal digits of the mantissa after the dot
    let bits = f.to_bits();
    let biased = i32::try_from(bits >> 52).expect("11 bits");
    let mut mantissa = bits & ((1 << 52) - 1);
    let exponent = match (biased, mantissa) {
        (0, 0) => 0,
        (0, _) => -1022,
        _ => {
            mantissa |= 1 << 52;
            biased - 1023
        }
    };
    let mut shown = DIGITS;
    if let Some(precision) = spec.precision.filter(|&p| p < DIGITS) {
        let drop = 4 * (DIGITS - precision);
        let rest = mantissa & ((1 << drop) - 1);
        let half = 1_u64 << (drop - 1);
        mantissa >>= drop;
        mantissa += u64::from(rest > half || rest == half && mantissa & 1 == 1);
        shown = precision;
    }
    let nibble = |i: usize| (mantissa >> (4 * i)).to_le_bytes()[0] & 0xF;
    let first = (mantissa >> (4 * shown)).to_le_bytes()[0];
    out.push(b'0' + first);
    let mut low = 0; // trailing zeros are not shown unless asked for
    if spec.precision.is_none() {
        while low < shown && nibble(low) == 0 {
            low += 1;
        }
    }
    let padding = spec.precision.map_or(0, |p| p - shown);
    if shown > low || padding > 0 || spec.alternate {
        out.push(b'.');
    }
    out.extend((low..shown).rev().map(|i| b"0123456789abcdef"[usize::from(nibble(i))]));
    out.resize(out.len() + padding, b'0');
    push_exponent(b'p', exponent, 1, out);
}
