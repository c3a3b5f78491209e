//! Arithmetic and comparison rules of integers and floats.
//!
//! Source: reference manual sections 3.4.1 to 3.4.4. Everything here is pure; metamethods and string coercion live in the
//! interpreter's slow paths.

/// A number with its subtype.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Number {
    /// An integer.
    Int(i64),
    /// A float.
    Float(f64),
}

impl Number {
    /// The number as a float.
    pub(crate) fn to_f64(self) -> f64 {
        match self {
            #[expect(clippy::cast_precision_loss, reason = "the language rounds here")]
            Number::Int(i) => i as f64,
            Number::Float(f) => f,
        }
    }

    /// The number as an integer, if it has an exact one.
    pub(crate) fn to_int_exact(self) -> Option<i64> {
        match self {
            Number::Int(i) => Some(i),
            Number::Float(f) => float_to_int_exact(f),
        }
    }
}

/// 2^63, the first float above every integer.
const TWO_63: f64 = 9_223_372_036_854_775_808.0;

/// The integer equal to `f`, if there is one.
#[inline]
pub(crate) fn float_to_int_exact(f: f64) -> Option<i64> {
    if (-TWO_63..TWO_63).contains(&f) {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "in range; a fraction fails the test below"
        )]
        let i = f as i64;
        #[expect(
            clippy::cast_precision_loss,
            reason = "exact where it matters: `i` came from a float"
        )]
        let back = i as f64;
        (back == f).then_some(i)
    } else {
        None
    }
}

/// `floor(f)` as an integer, if it fits.
pub(crate) fn float_floor_to_int(f: f64) -> Option<i64> {
    float_to_int_exact(f.floor())
}

/// `ceil(f)` as an integer, if it fits.
pub(crate) fn float_ceil_to_int(f: f64) -> Option<i64> {
    float_to_int_exact(f.ceil())
}

/// `a // b` for integers; `b` is not 0.
#[inline]
pub(crate) fn int_floor_div(a: i64, b: i64) -> i64 {
    let q = a.wrapping_div(b);
    if (a ^ b) < 0 && q.wrapping_mul(b) != a { q - 1 } else { q }
}

/// `a % b` for integers; `b` is not 0.
#[inline]
pub(crate) fn int_floor_mod(a: i64, b: i64) -> i64 {
    let r = a.wrapping_rem(b);
    if r != 0 && (r ^ b) < 0 { r + b } else { r }
}

/// `a // b` for floats.
#[inline]
pub(crate) fn float_floor_div(a: f64, b: f64) -> f64 {
    (a / b).floor()
}

/// `a % b` for floats: the remainder with the sign of `b`.
#[inline]
pub(crate) fn float_mod(a: f64, b: f64) -> f64 {
    let r = a % b;
    if if r > 0.0 { b < 0.0 } else { r < 0.0 && b > 0.0 } { r + b } else { r }
}

/// `a ^ b` for floats.
#[inline]
pub(crate) fn float_pow(a: f64, b: f64) -> f64 {
    if b == 2.0 { a * a } else { a.powf(b) }
}

/// `a << n`; a negative `n` shifts right, a distance of 64 or more gives 0.
#[inline]
pub(crate) fn shift_left(a: i64, n: i64) -> i64 {
    let a = a.cast_unsigned();
    let shifted = if n <= -64 || n >= 64 {
        0
    } else if n >= 0 {
        a << n
    } else {
        a >> -n
    };
    shifted.cast_signed()
}

/// `a >> n`, a logical shift; the mirror of [`shift_left`].
#[inline]
pub(crate) fn shift_right(a: i64, n: i64) -> i64 {
    shift_left(a, n.wrapping_neg())
}

/// `i < f`, exactly.
pub(crate) fn int_lt_float(i: i64, f: f64) -> bool {
    if f >= TWO_63 {
        true
    } else if f > -TWO_63 {
        float_ceil_to_int(f).is_some_and(|c| i < c)
    } else {
        false // also NaN
    }
}

/// `i <= f`, exactly.
pub(crate) fn int_le_float(i: i64, f: f64) -> bool {
    if f >= TWO_63 {
        true
    } else if f >= -TWO_63 {
        float_floor_to_int(f).is_some_and(|c| i <= c)
    } else {
        false
    }
}

/// `f < i`, exactly.
pub(crate) fn float_lt_int(f: f64, i: i64) -> bool {
    if f >= TWO_63 {
        false
    } else if f >= -TWO_63 {
        float_floor_to_int(f).is_some_and(|c| c < i)
    } else {
        !f.is_nan()
    }
}

/// `f <= i`, exactly.
pub(crate) fn float_le_int(f: f64, i: i64) -> bool {
    if f >= TWO_63 {
        false
    } else if f > -TWO_63 {
        float_ceil_to_int(f).is_some_and(|c| c <= i)
    } else {
        !f.is_nan()
    }
}
