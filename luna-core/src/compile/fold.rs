//! Constant folding.
//!
//! An operation on two numerals is done here unless it could raise an error, or its result is NaN or a float zero (the
//! sign of which would be lost in the table of constants).

use super::desc::{ExprDesc, Value};
use crate::syntax::ast::{BinaryOp, UnaryOp};
use crate::value::number::{
    Number, float_floor_div, float_mod, float_pow, int_floor_div, int_floor_mod, shift_left,
    shift_right,
};

/// The number that an expression is, if it is a numeral.
pub(super) fn numeral(e: &ExprDesc) -> Option<Number> {
    match e.value {
        _ if e.has_jumps() => None,
        Value::Int(i) => Some(Number::Int(i)),
        Value::Float(f) => Some(Number::Float(f)),
        _ => None,
    }
}

/// The value of a folded number, if it can stand in code.
fn foldable(n: Number) -> Option<Value> {
    match n {
        Number::Int(i) => Some(Value::Int(i)),
        Number::Float(f) if f.is_nan() || f == 0.0 => None,
        Number::Float(f) => Some(Value::Float(f)),
    }
}

/// An operation on two integers or two floats, the latter where the operands differ.
fn arith(a: Number, b: Number, int: fn(i64, i64) -> i64, float: fn(f64, f64) -> f64) -> Number {
    match (a, b) {
        (Number::Int(a), Number::Int(b)) => Number::Int(int(a, b)),
        _ => Number::Float(float(a.to_f64(), b.to_f64())),
    }
}

/// An operation on two floats.
fn float_arith(a: Number, b: Number, op: fn(f64, f64) -> f64) -> Number {
    Number::Float(op(a.to_f64(), b.to_f64()))
}

/// An operation on two numbers that must be integers by value.
fn bitwise(a: Number, b: Number, op: fn(i64, i64) -> i64) -> Option<Number> {
    Some(Number::Int(op(a.to_int_exact()?, b.to_int_exact()?)))
}

/// The result of a binary operation on two numerals, if it may be folded.
pub(super) fn fold_binary(op: BinaryOp, a: &ExprDesc, b: &ExprDesc) -> Option<Value> {
    let (a, b) = (numeral(a)?, numeral(b)?);
    let divisor_ok = b.to_f64() != 0.0;
    let result = match op {
        BinaryOp::Add => arith(a, b, i64::wrapping_add, |a, b| a + b),
        BinaryOp::Sub => arith(a, b, i64::wrapping_sub, |a, b| a - b),
        BinaryOp::Mul => arith(a, b, i64::wrapping_mul, |a, b| a * b),
        BinaryOp::Mod if divisor_ok => arith(a, b, int_floor_mod, float_mod),
        BinaryOp::IDiv if divisor_ok => arith(a, b, int_floor_div, float_floor_div),
        BinaryOp::Div if divisor_ok => float_arith(a, b, |a, b| a / b),
        BinaryOp::Pow => float_arith(a, b, float_pow),
        BinaryOp::BAnd => bitwise(a, b, |a, b| a & b)?,
        BinaryOp::BOr => bitwise(a, b, |a, b| a | b)?,
        BinaryOp::BXor => bitwise(a, b, |a, b| a ^ b)?,
        BinaryOp::Shl => bitwise(a, b, shift_left)?,
        BinaryOp::Shr => bitwise(a, b, shift_right)?,
        _ => return None,
    };
    foldable(result)
}

/// The result of a unary operation on a numeral, if it may be folded.
pub(super) fn fold_unary(op: UnaryOp, a: &ExprDesc) -> Option<Value> {
    let result = match (op, numeral(a)?) {
        (UnaryOp::Neg, Number::Int(i)) => Number::Int(i.wrapping_neg()),
        (UnaryOp::Neg, Number::Float(f)) => Number::Float(-f),
        (UnaryOp::BNot, n) => Number::Int(!n.to_int_exact()?),
        (UnaryOp::Not | UnaryOp::Len, _) => return None,
    };
    foldable(result)
}

/// A numeral that is an integer in the range of a signed byte, and whether it was written as a float.
pub(super) fn small_number(e: &ExprDesc) -> Option<(i8, bool)> {
    let n = numeral(e)?;
    let small = i8::try_from(n.to_int_exact()?).ok()?;
    Some((small, matches!(n, Number::Float(_))))
}

/// An integer numeral in the range of a signed byte.
pub(super) fn small_int(e: &ExprDesc) -> Option<i8> {
    match small_number(e) {
        Some((small, false)) => Some(small),
        _ => None,
    }
}
