//! Decimal digits of a float.

use std::fmt::{self, Write};

/// Digits enough for every exact or rounded form up to 100 digits.
const CAPACITY: usize = 112;

/// A positive float in decimal: `d.ddd * 10^exponent`.
#[derive(Debug)]
pub(super) struct Decimal {
    /// The digits as ASCII, without the dot.
    digits: [u8; CAPACITY],
    /// How many there are; at least 1.
    len: usize,
    /// Power of ten of the first digit.
    pub(super) exponent: i32,
}

/// Collects what the formatter writes.
struct Sink {
    /// The text.
    text: [u8; CAPACITY],
    /// Its length.
    len: usize,
}

impl Write for Sink {
    fn write_str(&mut self, s: &str) -> fmt::Result {
        let end = self.len + s.len();
        self.text.get_mut(self.len..end).ok_or(fmt::Error)?.copy_from_slice(s.as_bytes());
        self.len = end;
        Ok(())
    }
}

impl Decimal {
    /// The fewest digits that read back as `f`.
    pub(super) fn shortest(f: f64) -> Decimal {
        let mut sink = Sink { text: [0; CAPACITY], len: 0 };
        write!(sink, "{f:e}").expect("the shortest form has at most 24 characters");
        Decimal::from_scientific(&sink)
    }

    /// Exactly `count` digits (1 to 100), correctly rounded.
    pub(super) fn rounded(f: f64, count: usize) -> Decimal {
        let mut sink = Sink { text: [0; CAPACITY], len: 0 };
        write!(sink, "{f:.*e}", count.clamp(1, 100) - 1).expect("at most 107 characters");
        Decimal::from_scientific(&sink)
    }

    /// Takes `d.ddde-12` apart.
    fn from_scientific(sink: &Sink) -> Decimal {
        let mut decimal = Decimal { digits: [b'0'; CAPACITY], len: 0, exponent: 0 };
        let mut in_exponent = false;
        let mut negative = false;
        for &c in &sink.text[..sink.len] {
            match c {
                b'e' => in_exponent = true,
                b'-' if in_exponent => negative = true,
                b'0'..=b'9' if in_exponent => {
                    decimal.exponent = decimal.exponent * 10 + i32::from(c - b'0')
                }
                b'0'..=b'9' => {
                    decimal.digits[decimal.len] = c;
                    decimal.len += 1;
                }
                _ => {}
            }
        }
        if negative {
            decimal.exponent = -decimal.exponent;
        }
        decimal
    }

    /// The digits.
    pub(super) fn digits(&self) -> &[u8] {
        &self.digits[..self.len]
    }

    /// The digits without trailing zeros; at least one stays.
    pub(super) fn significant(&self) -> &[u8] {
        let digits = self.digits();
        let end = digits.iter().rposition(|&d| d != b'0').unwrap_or(0) + 1;
        &digits[..end]
    }

    /// Whether the digits denote the float `f`.
    pub(super) fn reads_back_as(&self, f: f64) -> bool {
        let mut text = Vec::with_capacity(self.len + 8);
        self.push_scientific(self.digits(), &mut text);
        std::str::from_utf8(&text).is_ok_and(|t| t.parse() == Ok(f))
    }

    /// Writes it plainly: digits, a dot where needed. `digits` is what to show of it.
    pub(super) fn push_plain(&self, digits: &[u8], out: &mut Vec<u8>) {
        let point = self.exponent + 1; // digits before the dot
        let Ok(before) = usize::try_from(point) else {
            out.extend_from_slice(b"0.");
            let zeros = usize::try_from(-point).unwrap_or_default();
            out.resize(out.len() + zeros, b'0');
            out.extend_from_slice(digits);
            return;
        };
        if before == 0 {
            out.extend_from_slice(b"0.");
            out.extend_from_slice(digits);
        } else if digits.len() <= before {
            out.extend_from_slice(digits);
            out.resize(out.len() + before - digits.len(), b'0');
        } else {
            out.extend_from_slice(&digits[..before]);
            out.push(b'.');
            out.extend_from_slice(&digits[before..]);
        }
    }

    /// Writes `digits` as `d.ddde+XX`.
    pub(super) fn push_scientific(&self, digits: &[u8], out: &mut Vec<u8>) {
        out.push(digits[0]);
        if digits.len() > 1 {
            out.push(b'.');
            out.extend_from_slice(&digits[1..]);
        }
        push_exponent(b'e', self.exponent, 2, out);
    }
}

/// Writes a mark, a sign and at least `width` digits.
pub(super) fn push_exponent(mark: u8, exponent: i32, width: usize, out: &mut Vec<u8>) {
    out.push(mark);
    out.push(if exponent < 0 { b'-' } else { b'+' });
    let value = exponent.unsigned_abs();
    if width >= 2 && value < 10 {
        out.push(b'0');
    }
    super::push_int(i64::from(value), out);
}
