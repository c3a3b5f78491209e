//! Concatenation.

use super::dispatch::exit;
use super::error::{Raised, throw_message};
use super::index::call_for_op;
use super::meta::Event;
use super::op::{arg_a, arg_b};
use super::{State, arith_slow, budget, coerce, inspect, safepoint, stack};
use crate::value::repr::{RawValue, tag};
use crate::value::string::Str;

/// Whether a value concatenates without a metamethod.
fn is_text(value: RawValue) -> bool {
    matches!(value.tag, tag::STR | tag::INT | tag::FLOAT)
}

/// `Concat`
pub(crate) unsafe fn op(l: *mut State, i: u32) -> u32 {
    let ci = (*l).w.ci;
    run(l, (*ci).base.add(arg_a(i)), arg_b(i), i)
}

/// Goes on after the metamethod for the last two of the values left returned.
pub(crate) unsafe fn resume(l: *mut State, i: u32, result: RawValue) -> u32 {
    let ci = (*l).w.ci;
    let left = (*ci).saved;
    let first = (*ci).base.add(arg_a(i));
    *first.add(left - 1) = result;
    run(l, first, left, i)
}

/// Reduces the `n` values at `first` to one, from the right.
unsafe fn run(l: *mut State, first: *mut RawValue, mut n: usize, i: u32) -> u32 {
    while n > 1 {
        let (x, y) = (*first.add(n - 2), *first.add(n - 1));
        if !is_text(x) || !is_text(y) {
            let handler = arith_slow::binary_handler(l, Event::Concat, x, y);
            if handler.is_nil() {
                let at = first.add(if is_text(x) { n - 1 } else { n - 2 });
                inspect::concat_error(l, at);
                return exit::ERROR;
            }
            (*(*l).w.ci).saved = n - 1;
            return call_for_op(l, handler, &[x, y]);
        }
        let mut from = n - 2;
        while from > 0 && is_text(*first.add(from - 1)) {
            from -= 1;
        }
        match join(l, first.add(from), n - from) {
            Ok(string) => *first.add(from) = RawValue::str(string),
            Err(Raised) => return exit::ERROR,
        }
        n = from + 1;
    }
    *(*(*l).w.ci).base.add(arg_a(i)) = *first;
    safepoint::poll_at(l, (*(*l).w.ci).base.add(arg_a(i)));
    exit::CONTINUE
}

/// The concatenation of `n` strings and numbers.
unsafe fn join(l: *mut State, from: *mut RawValue, n: usize) -> Result<*mut Str, Raised> {
    let mut len = 0usize;
    for i in 0..n {
        let value = *from.add(i);
        if value.tag != tag::STR {
            *from.add(i) = RawValue::str(coerce::number_to_string(l, value));
        }
        len += Str::bytes((*from.add(i)).as_ptr()).len();
    }
    if len > (*l).rules.max_string {
        return Err(throw_message(l, b"string length overflow"));
    }
    budget::charge(l, len as u64 / 16)?;
    if len > 4096 {
        (*l).w.top = stack::frame_end(l);
        let at = from.offset_from((*l).w.stack);
        safepoint::reserve(l, len)?;
        let from = (*l).w.stack.offset(at);
        return Ok(concat(l, from, n, len));
    }
    Ok(concat(l, from, n, len))
}

unsafe fn concat(l: *mut State, from: *mut RawValue, n: usize, len: usize) -> *mut Str {
    if n == 2 {
        // An empty operand gives the other one.
        let (a, b) = ((*from).as_ptr::<Str>(), (*from.add(1)).as_ptr::<Str>());
        if (*a).len == 0 {
            return b;
        }
        if (*b).len == 0 {
            return a;
        }
    }
    // SAFETY: each index is below `n`; the strings are rooted by their slots.
    let parts = (0..n).map(|i| unsafe { Str::bytes((*from.add(i)).as_ptr()) });
    Str::concat(&mut (*l).heap, len, parts)
}
