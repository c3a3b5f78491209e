//! Arithmetic off the fast path: strings, exact conversions, metamethods, errors.

use super::dispatch::exit;
use super::error::{Raised, throw_message};
use super::index::call_for_op;
use super::inspect::{self, Operand};
use super::meta::{self, Event};
use super::op::{arg_a, arg_b, arg_c, arg_sc, op_of};
use super::{State, coerce};
use crate::bytecode::op::Op;
use crate::value::number::{
    Number, float_floor_div, float_mod, float_pow, int_floor_div, int_floor_mod, shift_left,
    shift_right,
};
use crate::value::repr::{RawValue, tag};

/// Event and operands of an arithmetic instruction, as written in the source, with the registers they are in.
pub(crate) unsafe fn decode(
    l: *mut State,
    i: u32,
) -> (Event, RawValue, RawValue, Option<Operand>, Option<Operand>) {
    let ci = (*l).w.ci;
    let (rb, rc) = (*(*ci).base.add(arg_b(i)), (*ci).base.add(arg_c(i)));
    let b = Some(Operand::Register(arg_b(i)));
    let k = |flipped: bool, event: Event| {
        let constant = *(*ci).k.add(arg_c(i));
        let of = Some(Operand::Constant(arg_c(i)));
        if flipped { (event, constant, rb, of, b) } else { (event, rb, constant, b, of) }
    };
    let imm = RawValue::int(i64::from(arg_sc(i)));
    match op_of(i) {
        Op::AddI => (Event::Add, rb, imm, b, None),
        Op::IAdd => (Event::Add, imm, rb, None, b),
        Op::SubI => (Event::Sub, rb, imm, b, None),
        Op::ShlI => (Event::Shl, rb, imm, b, None),
        Op::IShl => (Event::Shl, imm, rb, None, b),
        Op::ShrI => (Event::Shr, rb, imm, b, None),
        Op::AddK => k(false, Event::Add),
        Op::KAdd => k(true, Event::Add),
        Op::SubK => k(false, Event::Sub),
        Op::KSub => k(true, Event::Sub),
        Op::MulK => k(false, Event::Mul),
        Op::KMul => k(true, Event::Mul),
        Op::ModK => k(false, Event::Mod),
        Op::PowK => k(false, Event::Pow),
        Op::DivK => k(false, Event::Div),
        Op::KDiv => k(true, Event::Div),
        Op::IDivK => k(false, Event::IDiv),
        Op::BAndK => k(false, Event::BAnd),
        Op::BOrK => k(false, Event::BOr),
        Op::BXorK => k(false, Event::BXor),
        op => (register_event(op), rb, *rc, b, Some(Operand::Register(arg_c(i)))),
    }
}

/// Event of an instruction with two registers.
fn register_event(op: Op) -> Event {
    match op {
        Op::Add => Event::Add,
        Op::Sub => Event::Sub,
        Op::Mul => Event::Mul,
        Op::Mod => Event::Mod,
        Op::Pow => Event::Pow,
        Op::Div => Event::Div,
        Op::IDiv => Event::IDiv,
        Op::BAnd => Event::BAnd,
        Op::BOr => Event::BOr,
        Op::BXor => Event::BXor,
        Op::Shl => Event::Shl,
        _ => Event::Shr,
    }
}

/// Whether an event is a bitwise operation.
fn is_bitwise(event: Event) -> bool {
    matches!(event, Event::BAnd | Event::BOr | Event::BXor | Event::Shl | Event::Shr | Event::BNot)
}

/// The primitive result on two numbers (strings not converted); `Ok(None)` if the operands are not fit.
pub(crate) unsafe fn primitive(
    l: *mut State,
    event: Event,
    x: RawValue,
    y: RawValue,
) -> Result<Option<RawValue>, Raised> {
    if !matches!(x.tag, tag::INT | tag::FLOAT) || !matches!(y.tag, tag::INT | tag::FLOAT) {
        return Ok(None);
    }
    if is_bitwise(event) {
        let (Some(a), Some(b)) = (coerce::to_integer(x), coerce::to_integer(y)) else {
            return Ok(None);
        };
        return Ok(Some(RawValue::int(match event {
            Event::BAnd => a & b,
            Event::BOr => a | b,
            Event::BXor => a ^ b,
            Event::Shl => shift_left(a, b),
            _ => shift_right(a, b),
        })));
    }
    if x.tag == tag::INT && y.tag == tag::INT && !matches!(event, Event::Div | Event::Pow) {
        let (a, b) = (x.as_int(), y.as_int());
        return Ok(Some(RawValue::int(match event {
            Event::Add => a.wrapping_add(b),
            Event::Sub => a.wrapping_sub(b),
            Event::Mul => a.wrapping_mul(b),
            Event::Mod if b == 0 => return Err(throw_message(l, b"attempt to perform 'n%0'")),
            Event::Mod => int_floor_mod(a, b),
            _ if b == 0 => return Err(throw_message(l, b"attempt to divide by zero")),
            _ => int_floor_div(a, b),
        })));
    }
    let float = |v: RawValue| {
        if v.tag == tag::INT { Number::Int(v.as_int()).to_f64() } else { v.as_float() }
    };
    let (a, b) = (float(x), float(y));
    Ok(Some(RawValue::float(match event {
        Event::Add => a + b,
        Event::Sub => a - b,
        Event::Mul => a * b,
        Event::Div => a / b,
        Event::Mod => float_mod(a, b),
        Event::Pow => float_pow(a, b),
        _ => float_floor_div(a, b),
    })))
}

/// Slow path of every binary arithmetic instruction.
pub(crate) unsafe fn binary(l: *mut State, i: u32) -> u32 {
    let (event, x, y, at_x, at_y) = decode(l, i);
    match primitive(l, event, x, y) {
        Ok(Some(value)) => {
            *(*(*l).w.ci).base.add(arg_a(i)) = value;
            return exit::CONTINUE;
        }
        Ok(None) => {}
        Err(Raised) => return exit::ERROR,
    }
    let handler = binary_handler(l, event, x, y);
    if !handler.is_nil() {
        return call_for_op(l, handler, &[x, y]);
    }
    operand_error(l, event, x, y, at_x, at_y);
    exit::ERROR
}

/// The handler of either operand, the first one's before the second's.
pub(crate) unsafe fn binary_handler(
    l: *mut State,
    event: Event,
    x: RawValue,
    y: RawValue,
) -> RawValue {
    let handler = meta::handler(l, x, event);
    if handler.is_nil() { meta::handler(l, y, event) } else { handler }
}

/// Raises for operands that have neither numbers nor a handler.
unsafe fn operand_error(
    l: *mut State,
    event: Event,
    x: RawValue,
    y: RawValue,
    at_x: Option<Operand>,
    at_y: Option<Operand>,
) -> Raised {
    let numeric = |v: RawValue| matches!(v.tag, tag::INT | tag::FLOAT);
    if is_bitwise(event) {
        if numeric(x) && numeric(y) {
            let (value, at) = if coerce::to_integer(x).is_none() { (x, at_x) } else { (y, at_y) };
            return inspect::no_integer_error(l, value, at);
        }
        let (value, at) = if numeric(x) { (y, at_y) } else { (x, at_x) };
        return inspect::type_error(l, value, "perform bitwise operation on", at);
    }
    let (value, at) = if numeric(x) { (y, at_y) } else { (x, at_x) };
    inspect::type_error(l, value, "perform arithmetic on", at)
}

/// Slow path of `Unm` and `BNot`.
pub(crate) unsafe fn unary(l: *mut State, i: u32) -> u32 {
    let value = *(*(*l).w.ci).base.add(arg_b(i));
    let event = if op_of(i) == Op::Unm { Event::Unm } else { Event::BNot };
    let handler = meta::handler(l, value, event);
    if !handler.is_nil() {
        return call_for_op(l, handler, &[value, value]);
    }
    let at = Some(Operand::Register(arg_b(i)));
    if event == Event::BNot && matches!(value.tag, tag::INT | tag::FLOAT) {
        inspect::no_integer_error(l, value, at);
    } else if event == Event::BNot {
        inspect::type_error(l, value, "perform bitwise operation on", at);
    } else {
        inspect::type_error(l, value, "perform arithmetic on", at);
    }
    exit::ERROR
}
