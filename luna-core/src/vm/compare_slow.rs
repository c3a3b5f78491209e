//! Comparisons off the fast path.

use super::dispatch::exit;
use super::error::Raised;
use super::index::call_for_op;
use super::meta::{self, Event};
use super::op::{arg_a, arg_b, arg_c, arg_sb, arg_sj, op_of};
use super::{State, arith_slow, budget, call, inspect};
use crate::bytecode::op::Op;
use crate::value::number::{float_le_int, float_lt_int, int_le_float, int_lt_float};
use crate::value::repr::{RawValue, tag};
use crate::value::string::Str;
use crate::value::table::Table;
use crate::value::userdata::UserdataObj;

/// Equality without metamethods.
pub(crate) unsafe fn raw_equal(x: RawValue, y: RawValue) -> bool {
    if x.tag != y.tag {
        return match (x.tag, y.tag) {
            (tag::INT, tag::FLOAT) => {
                crate::value::number::float_to_int_exact(y.as_float()) == Some(x.as_int())
            }
            (tag::FLOAT, tag::INT) => {
                crate::value::number::float_to_int_exact(x.as_float()) == Some(y.as_int())
            }
            _ => false,
        };
    }
    match x.tag {
        tag::NIL | tag::FALSE | tag::TRUE => true,
        tag::FLOAT => x.as_float() == y.as_float(),
        tag::STR => Str::equal(x.as_ptr(), y.as_ptr()),
        _ => x.bits == y.bits,
    }
}

/// The `__eq` handler to ask for two values that are not primitively equal; nil if none.
unsafe fn equality_handler(l: *mut State, x: RawValue, y: RawValue) -> RawValue {
    if x.tag != y.tag {
        return RawValue::NIL;
    }
    let (a, b) = match x.tag {
        tag::TABLE => ((*x.as_ptr::<Table>()).meta, (*y.as_ptr::<Table>()).meta),
        tag::USERDATA => ((*x.as_ptr::<UserdataObj>()).meta, (*y.as_ptr::<UserdataObj>()).meta),
        _ => return RawValue::NIL,
    };
    let handler = meta::handler_in(l, a, Event::Eq);
    if handler.is_nil() { meta::handler_in(l, b, Event::Eq) } else { handler }
}

/// Whether the `1` variant of a conditional.
pub(crate) fn expects_true(op: Op) -> bool {
    matches!(
        op,
        Op::Eq1
            | Op::Lt1
            | Op::Le1
            | Op::EqK1
            | Op::EqI1
            | Op::LtI1
            | Op::LeI1
            | Op::GtI1
            | Op::GeI1
            | Op::Test1
            | Op::TestSet1
    )
}

/// Takes or skips the jump behind the current conditional.
pub(crate) unsafe fn branch(l: *mut State, i: u32, holds: bool) -> u32 {
    let ci = (*l).w.ci;
    let pc = (*ci).pc;
    (*ci).pc = if holds == expects_true(op_of(i)) { pc.offset(arg_sj(*pc) + 1) } else { pc.add(1) };
    exit::CONTINUE
}

/// Charges the comparison of two strings.
unsafe fn charge(l: *mut State, x: RawValue, y: RawValue) -> Result<(), Raised> {
    if x.tag != tag::STR || y.tag != tag::STR {
        return Ok(());
    }
    let (a, b) = (Str::bytes(x.as_ptr()).len(), Str::bytes(y.as_ptr()).len());
    budget::charge(l, a.min(b) as u64 / 16)
}

/// Slow path of `Eq0`, `Eq1`.
pub(crate) unsafe fn equal(l: *mut State, i: u32) -> u32 {
    let base = (*(*l).w.ci).base;
    let (x, y) = (*base.add(arg_a(i)), *base.add(arg_b(i)));
    if charge(l, x, y).is_err() {
        return exit::ERROR;
    }
    if raw_equal(x, y) {
        return branch(l, i, true);
    }
    let handler = equality_handler(l, x, y);
    if handler.is_nil() { branch(l, i, false) } else { call_for_op(l, handler, &[x, y]) }
}

/// Slow path of `EqK0`, `EqK1`.
pub(crate) unsafe fn equal_const(l: *mut State, i: u32) -> u32 {
    let ci = (*l).w.ci;
    let (x, y) = (*(*ci).base.add(arg_a(i)), *(*ci).k.add(arg_b(i)));
    if charge(l, x, y).is_err() {
        return exit::ERROR;
    }
    let holds = raw_equal(x, y);
    branch(l, i, holds)
}

/// Event and operands, in the order of the event.
unsafe fn operands(l: *mut State, i: u32) -> (Event, RawValue, RawValue) {
    let base = (*(*l).w.ci).base;
    let x = *base.add(arg_a(i));
    let imm = if arg_c(i) != 0 {
        RawValue::float(f64::from(arg_sb(i)))
    } else {
        RawValue::int(i64::from(arg_sb(i)))
    };
    match op_of(i) {
        Op::Lt0 | Op::Lt1 => (Event::Lt, x, *base.add(arg_b(i))),
        Op::Le0 | Op::Le1 => (Event::Le, x, *base.add(arg_b(i))),
        Op::LtI0 | Op::LtI1 => (Event::Lt, x, imm),
        Op::LeI0 | Op::LeI1 => (Event::Le, x, imm),
        Op::GtI0 | Op::GtI1 => (Event::Lt, imm, x),
        _ => (Event::Le, imm, x),
    }
}

/// Order of two numbers or two strings; `None` for anything else.
unsafe fn primitive_order(event: Event, x: RawValue, y: RawValue) -> Option<bool> {
    let less = event == Event::Lt;
    Some(match (x.tag, y.tag) {
        (tag::INT, tag::INT) if less => x.as_int() < y.as_int(),
        (tag::INT, tag::INT) => x.as_int() <= y.as_int(),
        (tag::FLOAT, tag::FLOAT) if less => x.as_float() < y.as_float(),
        (tag::FLOAT, tag::FLOAT) => x.as_float() <= y.as_float(),
        (tag::INT, tag::FLOAT) if less => int_lt_float(x.as_int(), y.as_float()),
        (tag::INT, tag::FLOAT) => int_le_float(x.as_int(), y.as_float()),
        (tag::FLOAT, tag::INT) if less => float_lt_int(x.as_float(), y.as_int()),
        (tag::FLOAT, tag::INT) => float_le_int(x.as_float(), y.as_int()),
        (tag::STR, tag::STR) => {
            let (a, b) = (Str::bytes(x.as_ptr()), Str::bytes(y.as_ptr()));
            if less { a < b } else { a <= b }
        }
        _ => return None,
    })
}

/// Slow path of the order comparisons.
pub(crate) unsafe fn order(l: *mut State, i: u32) -> u32 {
    let (event, x, y) = operands(l, i);
    if charge(l, x, y).is_err() {
        return exit::ERROR;
    }
    if let Some(holds) = primitive_order(event, x, y) {
        return branch(l, i, holds);
    }
    let handler = arith_slow::binary_handler(l, event, x, y);
    if !handler.is_nil() {
        return call_for_op(l, handler, &[x, y]);
    }
    inspect::compare_error(l, x, y);
    exit::ERROR
}

/// `a < b` for a native.
pub(crate) unsafe fn less_from_native(
    l: *mut State,
    x: RawValue,
    y: RawValue,
) -> Result<bool, Raised> {
    order_from_native(l, Event::Lt, x, y)
}

/// `a < b` or `a <= b` for a native.
pub(crate) unsafe fn order_from_native(
    l: *mut State,
    event: Event,
    x: RawValue,
    y: RawValue,
) -> Result<bool, Raised> {
    if let Some(holds) = primitive_order(event, x, y) {
        return Ok(holds);
    }
    let handler = arith_slow::binary_handler(l, event, x, y);
    if handler.is_nil() {
        return Err(inspect::compare_error(l, x, y));
    }
    call::with_args(l, handler, &[x, y]).map(|v| !v.is_falsy())
}

/// `a == b` for a native.
pub(crate) unsafe fn equal_from_native(
    l: *mut State,
    x: RawValue,
    y: RawValue,
) -> Result<bool, Raised> {
    if raw_equal(x, y) {
        return Ok(true);
    }
    let handler = equality_handler(l, x, y);
    if handler.is_nil() {
        Ok(false)
    } else {
        call::with_args(l, handler, &[x, y]).map(|v| !v.is_falsy())
    }
}
