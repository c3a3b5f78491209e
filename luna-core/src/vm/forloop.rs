//! Starts of loops.

use super::call;
use super::dispatch::exit;
use super::error::{Raised, throw_message, throw_type_message};
use super::op::{arg_a, arg_bx, set_float, set_int};
use super::{State, close, coerce, inspect};
use crate::value::number::{Number, float_ceil_to_int, float_floor_to_int};
use crate::value::repr::{RawValue, tag};

/// `ForPrep`
pub(crate) unsafe fn prepare(l: *mut State, i: u32) -> u32 {
    let ci = (*l).w.ci;
    let slots = (*ci).base.add(arg_a(i));
    let runs = if (*slots).tag == tag::INT && (*slots.add(2)).tag == tag::INT {
        integer_loop(l, slots)
    } else {
        float_loop(l, slots)
    };
    match runs {
        Ok(true) => exit::CONTINUE,
        Ok(false) => {
            (*ci).pc = (*ci).pc.add(arg_bx(i) + 1);
            exit::CONTINUE
        }
        Err(Raised) => exit::ERROR,
    }
}

/// Raises for a bound that is not a number.
unsafe fn bound_error(l: *mut State, what: &str, value: RawValue) -> Raised {
    let mut text = format!("bad 'for' {what} (number expected, got ").into_bytes();
    text.extend_from_slice(&inspect::type_name(l, value));
    text.push(b')');
    throw_type_message(l, &text)
}

/// An integer loop: the limit slot becomes the number of iterations still to come.
unsafe fn integer_loop(l: *mut State, slots: *mut RawValue) -> Result<bool, Raised> {
    let (start, step) = ((*slots).as_int(), (*slots.add(2)).as_int());
    if step == 0 {
        return Err(throw_message(l, b"'for' step is zero"));
    }
    let Some(limit) = integer_limit(l, *slots.add(1), step)? else { return Ok(false) };
    if if step > 0 { start > limit } else { start < limit } {
        return Ok(false);
    }
    let distance = if step > 0 {
        limit.wrapping_sub(start).cast_unsigned() / step.cast_unsigned()
    } else {
        start.wrapping_sub(limit).cast_unsigned() / step.unsigned_abs()
    };
    (*slots.add(1)).bits = distance;
    (*slots.add(1)).tag = tag::INT;
    set_int(slots.add(3), start);
    Ok(true)
}

/// The limit of an integer loop, clipped to an integer; `None` if no integer reaches it.
unsafe fn integer_limit(l: *mut State, limit: RawValue, step: i64) -> Result<Option<i64>, Raised> {
    if limit.tag == tag::INT {
        return Ok(Some(limit.as_int()));
    }
    let f = match coerce::to_number(limit) {
        Some(Number::Int(i)) => return Ok(Some(i)),
        Some(Number::Float(f)) => f,
        None => return Err(bound_error(l, "limit", limit)),
    };
    let clipped = if step > 0 { float_floor_to_int(f) } else { float_ceil_to_int(f) };
    Ok(match clipped {
        Some(n) => Some(n),
        None if f > 0.0 => (step > 0).then_some(i64::MAX),
        // Not-a-number counts as low.
        None => (step < 0).then_some(i64::MIN),
    })
}

/// A float loop: all three values become floats.
unsafe fn float_loop(l: *mut State, slots: *mut RawValue) -> Result<bool, Raised> {
    let mut values = [0.0; 3];
    for (n, what) in [(1, "limit"), (2, "step"), (0, "initial value")] {
        let value = *slots.add(n);
        values[n] = match coerce::to_number(value) {
            Some(number) => number.to_f64(),
            None => return Err(bound_error(l, what, value)),
        };
    }
    let [start, limit, step] = values;
    if step == 0.0 {
        return Err(throw_message(l, b"'for' step is zero"));
    }
    if if step > 0.0 { limit < start } else { start < limit } {
        return Ok(false);
    }
    set_float(slots, start);
    set_float(slots.add(1), limit);
    set_float(slots.add(2), step);
    set_float(slots.add(3), start);
    Ok(true)
}

/// `TForPrep` with a value to be closed.
pub(crate) unsafe fn prepare_generic(l: *mut State, i: u32) -> u32 {
    let ci = (*l).w.ci;
    if close::check_and_register(l, (*ci).base.add(arg_a(i) + 3)).is_err() {
        return exit::ERROR;
    }
    (*ci).pc = (*ci).pc.add(arg_bx(i));
    exit::CONTINUE
}

/// `TForCall`
pub(crate) unsafe fn call_iterator(l: *mut State, i: u32) -> u32 {
    let from = (*(*l).w.ci).base.add(arg_a(i));
    let f = from.add(4);
    for n in 0..3 {
        *f.add(n) = *from.add(n);
    }
    match call::precall(l, f, 2) {
        Ok(_) => exit::CONTINUE,
        Err(Raised) => exit::ERROR,
    }
}
