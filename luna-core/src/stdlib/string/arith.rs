//! Arithmetic on strings that spell numbers: the metamethods of the string metatable.

use crate::host::native::view::Val;
use crate::host::native::{Cx, Raise, Ret, StdFn};
use crate::value::number::{
    Number, float_floor_div, float_mod, float_pow, int_floor_div, int_floor_mod,
};

/// The metamethods, `__index` apart.
pub(crate) const METAMETHODS: &[(&str, StdFn)] = &[
    ("__add", |cx| arith(cx, "add", add)),
    ("__sub", |cx| arith(cx, "sub", sub)),
    ("__mul", |cx| arith(cx, "mul", mul)),
    ("__mod", |cx| arith(cx, "mod", modulo)),
    ("__pow", |cx| arith(cx, "pow", pow)),
    ("__div", |cx| arith(cx, "div", div)),
    ("__idiv", |cx| arith(cx, "idiv", idiv)),
    ("__unm", |cx| arith(cx, "unm", unm)),
];

/// An operation; an error is its message.
type Operation = fn(Number, Number) -> Result<Number, &'static [u8]>;

/// Applies an operation to two numbers or numeric strings, or else the second operand's metamethod.
fn arith(cx: &mut Cx<'_>, name: &str, operation: Operation) -> Result<Ret, Raise> {
    if let (Some(a), Some(b)) = (cx.to_number(cx.arg(0)), cx.to_number(cx.arg(1))) {
        return match operation(a, b) {
            Ok(n) => Ok(cx.ret(Val::number(n))),
            Err(message) => Err(cx.raise(cx.str(message))),
        };
    }
    let handler = if cx.arg(1).as_str().is_some() || cx.nargs() < 2 {
        Val::NIL
    } else {
        cx.metafield(1, &format!("__{name}"))
    };
    if handler.is_nil() {
        let (a, b) = (cx.arg(0).type_name(), cx.arg(1).type_name());
        let text = format!("attempt to {name} a '{a}' with a '{b}'");
        return Err(cx.error_bytes(text.as_bytes()));
    }
    cx.push(handler)?;
    cx.push(cx.arg(0))?;
    cx.push(cx.arg(1))?;
    cx.call_n(2, 1)?;
    Ok(cx.ret_top(1))
}

/// Applies one of two functions: the first if both are integers.
fn by_kind(a: Number, b: Number, ints: fn(i64, i64) -> i64, floats: fn(f64, f64) -> f64) -> Number {
    match (a, b) {
        (Number::Int(a), Number::Int(b)) => Number::Int(ints(a, b)),
        _ => Number::Float(floats(a.to_f64(), b.to_f64())),
    }
}

/// `a + b`
fn add(a: Number, b: Number) -> Result<Number, &'static [u8]> {
    Ok(by_kind(a, b, i64::wrapping_add, |a, b| a + b))
}

/// `a - b`
fn sub(a: Number, b: Number) -> Result<Number, &'static [u8]> {
    Ok(by_kind(a, b, i64::wrapping_sub, |a, b| a - b))
}

/// `a * b`
fn mul(a: Number, b: Number) -> Result<Number, &'static [u8]> {
    Ok(by_kind(a, b, i64::wrapping_mul, |a, b| a * b))
}

/// `a % b`
fn modulo(a: Number, b: Number) -> Result<Number, &'static [u8]> {
    if let (Number::Int(_), Number::Int(0)) = (a, b) {
        return Err(b"attempt to perform 'n%0'");
    }
    Ok(by_kind(a, b, int_floor_mod, float_mod))
}

/// `a // b`
fn idiv(a: Number, b: Number) -> Result<Number, &'static [u8]> {
    if let (Number::Int(_), Number::Int(0)) = (a, b) {
        return Err(b"attempt to divide by zero");
    }
    Ok(by_kind(a, b, int_floor_div, float_floor_div))
}

/// `a / b`
fn div(a: Number, b: Number) -> Result<Number, &'static [u8]> {
    Ok(Number::Float(a.to_f64() / b.to_f64()))
}

/// `a ^ b`
fn pow(a: Number, b: Number) -> Result<Number, &'static [u8]> {
    Ok(Number::Float(float_pow(a.to_f64(), b.to_f64())))
}

/// `-b`: an operator gives its operand twice, and of two the last counts.
fn unm(_: Number, b: Number) -> Result<Number, &'static [u8]> {
    Ok(match b {
        Number::Int(i) => Number::Int(i.wrapping_neg()),
        Number::Float(f) => Number::Float(-f),
    })
}
