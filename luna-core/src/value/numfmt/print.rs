//! Number to text, as `tostring` and `..` write it.

use super::decimal::Decimal;
use crate::value::number::Number;

/// How a dialect writes floats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FloatText {
    /// 14 significant digits.
    Digits14,
    /// 15 significant digits, or 17 where those do not read back.
    RoundTrip,
}

/// Writes an integer.
pub(crate) fn push_int(value: i64, out: &mut Vec<u8>) {
    if let Ok(small @ 0..10) = u8::try_from(value) {
        out.push(b'0' + small);
        return;
    }
    let mut text = [0_u8; 20];
    let mut at = text.len();
    let mut rest = value.unsigned_abs();
    while rest >= 10 {
        let pair = usize::try_from(rest % 100).expect("below 100") * 2;
        rest /= 100;
        at -= 2;
        text[at..at + 2].copy_from_slice(&PAIRS[pair..pair + 2]);
    }
    if rest > 0 || at == text.len() {
        at -= 1;
        text[at] = b'0' + rest.to_le_bytes()[0];
    }
    if value < 0 {
        at -= 1;
        text[at] = b'-';
    }
    out.extend_from_slice(&text[at..]);
}

/// `00` to `99`.
static PAIRS: [u8; 200] = {
    let mut table = [0; 200];
    let mut i = 0;
    while i < 100 {
        table[i as usize * 2] = b'0' + i / 10;
        table[i as usize * 2 + 1] = b'0' + i % 10;
        i += 1;
    }
    table
};

/// Writes a float; one that would look like an integer gets `.0`.
pub(crate) fn push_float(f: f64, style: FloatText, out: &mut Vec<u8>) {
    const EXACT_INTS: f64 = 1e14; // below it an integral float has at most 14 digits
    if f.is_nan() {
        out.extend_from_slice(if f.is_sign_negative() { b"-nan" } else { b"nan" });
        return;
    }
    if f.is_sign_negative() {
        out.push(b'-');
    }
    let f = f.abs();
    if f.is_infinite() {
        out.extend_from_slice(b"inf");
        return;
    }
    if f < EXACT_INTS {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "in range; a fraction fails the test below"
        )]
        let int = f as i64;
        #[expect(clippy::cast_precision_loss, reason = "exact below 2^53")]
        let back = int as f64;
        if back.to_bits() == f.to_bits() {
            push_int(int, out);
            out.extend_from_slice(b".0");
            return;
        }
    }
    let (decimal, precision) = round(f, style);
    let digits = decimal.significant();
    let precision = i32::try_from(precision).expect("at most 17");
    if decimal.exponent < -4 || decimal.exponent >= precision {
        decimal.push_scientific(digits, out);
    } else {
        decimal.push_plain(digits, out);
        let fraction = i32::try_from(digits.len()).is_ok_and(|n| n > decimal.exponent + 1);
        if !fraction {
            out.extend_from_slice(b".0");
        }
    }
}

/// The digits of a positive float and their precision, trailing zeros included.
fn round(f: f64, style: FloatText) -> (Decimal, usize) {
    let limit = if style == FloatText::Digits14 { 14 } else { 15 };
    if f < f64::MIN_POSITIVE {
        // A subnormal has so few bits that its shortest form may not be the rounded one.
        let decimal = Decimal::rounded(f, limit);
        if style == FloatText::Digits14 || decimal.reads_back_as(f) {
            return (decimal, limit);
        }
    } else {
        let decimal = Decimal::shortest(f);
        if decimal.digits().len() <= limit {
            return (decimal, limit);
        }
    }
    let precision = if style == FloatText::Digits14 { 14 } else { 17 };
    (Decimal::rounded(f, precision), precision)
}

/// Writes a number.
pub(crate) fn push_number(n: Number, style: FloatText, out: &mut Vec<u8>) {
    match n {
        Number::Int(i) => push_int(i, out),
        Number::Float(f) => push_float(f, style, out),
    }
}
