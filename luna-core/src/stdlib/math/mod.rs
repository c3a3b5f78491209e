//! The math library.

pub(crate) mod random;

use std::f64::consts::PI;

use crate::host::native::view::{Kind, TableRef, Val};
use crate::host::native::{Cx, Raise, Ret, StdFn};
use crate::value::number::{
    Number, float_ceil_to_int, float_floor_to_int, float_lt_int, float_to_int_exact, int_lt_float,
};
use random::Random;

/// The functions of the library.
pub(crate) const FUNCTIONS: &[(&str, StdFn)] = &[
    ("abs", abs),
    ("acos", |cx| real(cx, f64::acos)),
    ("asin", |cx| real(cx, f64::asin)),
    ("atan", atan),
    ("ceil", ceil),
    ("cos", |cx| real(cx, f64::cos)),
    ("deg", |cx| real(cx, |x| x * (180.0 / PI))),
    ("exp", |cx| real(cx, f64::exp)),
    ("floor", floor),
    ("fmod", fmod),
    ("frexp", frexp),
    ("ldexp", ldexp),
    ("log", log),
    ("max", max),
    ("min", min),
    ("modf", modf),
    ("rad", |cx| real(cx, |x| x * (PI / 180.0))),
    ("random", random),
    ("randomseed", randomseed),
    ("sin", |cx| real(cx, f64::sin)),
    ("sqrt", |cx| real(cx, f64::sqrt)),
    ("tan", |cx| real(cx, f64::tan)),
    ("tointeger", tointeger),
    ("type", number_type),
    ("ult", ult),
];

/// Sets the constants.
pub(crate) fn open(cx: &Cx<'_>, lib: TableRef<'_>) -> Result<(), Raise> {
    lib.set_name(cx, "pi", Val::float(PI))?;
    lib.set_name(cx, "huge", Val::float(f64::INFINITY))?;
    lib.set_name(cx, "maxinteger", Val::int(i64::MAX))?;
    lib.set_name(cx, "mininteger", Val::int(i64::MIN))
}

/// A function of one float.
#[inline]
fn real(cx: &Cx<'_>, function: fn(f64) -> f64) -> Result<Ret, Raise> {
    Ok(cx.ret(Val::float(function(cx.check_float(0)?))))
}

/// `math.abs(x)`
fn abs(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    Ok(cx.ret(match cx.arg(0).kind() {
        Kind::Int(i) => Val::int(i.wrapping_abs()),
        _ => Val::float(cx.check_float(0)?.abs()),
    }))
}

/// `math.atan(y [, x])`
fn atan(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let y = cx.check_float(0)?;
    let x = if cx.arg(1).is_nil() { 1.0 } else { cx.check_float(1)? };
    Ok(cx.ret(Val::float(y.atan2(x))))
}

/// `math.floor(x)`
fn floor(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    Ok(cx.ret(match cx.check_number(0)? {
        Number::Int(i) => Val::int(i),
        Number::Float(f) => float_floor_to_int(f).map_or_else(|| Val::float(f.floor()), Val::int),
    }))
}

/// `math.ceil(x)`
fn ceil(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    Ok(cx.ret(match cx.check_number(0)? {
        Number::Int(i) => Val::int(i),
        Number::Float(f) => float_ceil_to_int(f).map_or_else(|| Val::float(f.ceil()), Val::int),
    }))
}

/// `math.fmod(x, y)`
fn fmod(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    match (cx.arg(0).kind(), cx.arg(1).kind()) {
        (Kind::Int(_), Kind::Int(0)) => Err(cx.arg_error(1, "zero")),
        (Kind::Int(a), Kind::Int(b)) => Ok(cx.ret(Val::int(a.wrapping_rem(b)))),
        _ => {
            // The reference looks at the second argument first.
            let divisor = cx.check_float(1)?;
            Ok(cx.ret(Val::float(cx.check_float(0)? % divisor)))
        }
    }
}

/// `math.modf(x)`
fn modf(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    if let Kind::Int(i) = cx.arg(0).kind() {
        return Ok(cx.ret2(Val::int(i), Val::float(0.0)));
    }
    let f = cx.check_float(0)?;
    let whole = f.trunc();
    let fraction = if whole == f { 0.0 } else { f - whole };
    let whole = float_to_int_exact(whole).map_or_else(|| Val::float(whole), Val::int);
    Ok(cx.ret2(whole, Val::float(fraction)))
}

/// `math.log(x [, base])`
fn log(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let x = cx.check_float(0)?;
    let result = if cx.arg(1).is_nil() {
        x.ln()
    } else {
        let base = cx.check_float(1)?;
        if base == 2.0 {
            x.log2()
        } else if base == 10.0 {
            x.log10()
        } else {
            x.ln() / base.ln()
        }
    };
    Ok(cx.ret(Val::float(result)))
}

/// `math.frexp(x)`
fn frexp(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let x = cx.check_float(0)?;
    if x == 0.0 || !x.is_finite() {
        return Ok(cx.ret2(Val::float(x), Val::int(0)));
    }
    const TWO_64: f64 = 18_446_744_073_709_551_616.0;
    let (scaled, shift) = if x.abs() < f64::MIN_POSITIVE { (x * TWO_64, 64) } else { (x, 0) };
    let bits = scaled.to_bits();
    let exponent = ((bits >> 52) & 0x7FF).cast_signed() - 1022 - shift;
    let mantissa = f64::from_bits(bits & !(0x7FF << 52) | 1022 << 52);
    Ok(cx.ret2(Val::float(mantissa), Val::int(exponent)))
}

/// `math.ldexp(m, e)`
fn ldexp(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let mut x = cx.check_float(0)?;
    #[expect(clippy::cast_possible_truncation, reason = "C's ldexp takes an int")]
    let mut exponent = i64::from(cx.check_int(1)? as i32).clamp(-5000, 5000);
    // Only the last step may round: the others stay in range of normal floats or reach their end.
    let power = |e: i64| f64::from_bits((e + 1023).cast_unsigned() << 52);
    while exponent > 1023 {
        x *= power(1023);
        exponent -= 1023;
    }
    while exponent < -1022 {
        x *= power(-1022 + 53);
        exponent += 1022 - 53;
    }
    Ok(cx.ret(Val::float(x * power(exponent))))
}

/// `math.tointeger(x)`
fn tointeger(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let value = match cx.check_any(0)?.kind() {
        Kind::Int(i) => Some(i),
        Kind::Float(f) => float_to_int_exact(f),
        Kind::Str(_) => cx.to_number(cx.arg(0)).and_then(Number::to_int_exact),
        _ => None,
    };
    Ok(cx.ret(value.map_or(Val::NIL, Val::int)))
}

/// `math.type(x)`
fn number_type(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    Ok(cx.ret(match cx.check_any(0)?.kind() {
        Kind::Int(_) => cx.str(b"integer"),
        Kind::Float(_) => cx.str(b"float"),
        _ => Val::NIL,
    }))
}

/// `math.ult(m, n)`
fn ult(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let less = cx.check_int(0)?.cast_unsigned() < cx.check_int(1)?.cast_unsigned();
    Ok(cx.ret(Val::bool(less)))
}

/// `a < b`
fn less(a: Number, b: Number) -> bool {
    match (a, b) {
        (Number::Int(a), Number::Int(b)) => a < b,
        (Number::Float(a), Number::Float(b)) => a < b,
        (Number::Int(a), Number::Float(b)) => int_lt_float(a, b),
        (Number::Float(a), Number::Int(b)) => float_lt_int(a, b),
    }
}

/// The least argument, or the greatest. Anything with an order will do.
fn best(cx: &mut Cx<'_>, greatest: bool) -> Result<Ret, Raise> {
    if cx.nargs() == 0 {
        return Err(cx.arg_error(0, "value expected"));
    }
    let number = |cx: &Cx<'_>, i: usize| match cx.arg(i).kind() {
        Kind::Int(i) => Some(Number::Int(i)),
        Kind::Float(f) => Some(Number::Float(f)),
        _ => None,
    };
    let mut best = 0;
    for i in 1..cx.nargs() {
        let (low, high) = if greatest { (best, i) } else { (i, best) };
        let better = match (number(cx, low), number(cx, high)) {
            (Some(a), Some(b)) => less(a, b),
            _ => cx.less_than(low, high)?,
        };
        if better {
            best = i;
        }
    }
    Ok(cx.ret(cx.arg(best)))
}

/// `math.max(x, ...)`
fn max(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    best(cx, true)
}

/// `math.min(x, ...)`
fn min(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    best(cx, false)
}

/// `math.random([m [, n]])`
fn random(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let mut generator = Random::from_state(cx.random_state());
    let bits = generator.next_u64();
    cx.set_random_state(generator.state());
    let (low, up) = match cx.nargs() {
        0 => return Ok(cx.ret(Val::float(Random::unit(bits)))),
        1 => {
            let up = cx.check_int(0)?;
            if up == 0 {
                return Ok(cx.ret(Val::int(bits.cast_signed())));
            }
            (1, up)
        }
        2 => (cx.check_int(0)?, cx.check_int(1)?),
        _ => return Err(cx.error_bytes(b"wrong number of arguments")),
    };
    if low > up {
        return Err(cx.arg_error(0, "interval is empty"));
    }
    let n = generator.project(bits, low, up);
    cx.set_random_state(generator.state());
    Ok(cx.ret(Val::int(n)))
}

/// `math.randomseed([x [, y]])`
fn randomseed(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let (first, second) =
        if cx.nargs() == 0 { random_seeds(cx)? } else { (cx.check_int(0)?, cx.opt_int(1, 0)?) };
    let generator = Random::new(first.cast_unsigned(), second.cast_unsigned());
    cx.set_random_state(generator.state());
    Ok(cx.ret2(Val::int(first), Val::int(second)))
}

/// Seeds that differ from run to run.
pub(crate) fn random_seeds(cx: &Cx<'_>) -> Result<(i64, i64), Raise> {
    let [first, second] = cx.ask(|io| io.random_seed())?;
    Ok((first.cast_signed(), second.cast_signed()))
}
