//! Varargs.

use super::dispatch::exit;
use super::error::{Raised, throw_message};
use super::op::{arg_a, arg_b, arg_c};
use super::{State, budget, safepoint, stack};
use crate::value::number::Number;
use crate::value::repr::{RawValue, tag};
use crate::value::string::Str;
use crate::value::table::Table;

/// Copies values to registers: `c - 1` of the `have`, or all if `c` is 0; `at` gives the value of an index.
unsafe fn copy_out(
    l: *mut State,
    a: usize,
    c: usize,
    have: usize,
    at: impl Fn(*mut State, usize) -> RawValue,
) -> u32 {
    let ci = (*l).w.ci;
    if c == 0 {
        (*l).w.top = (*ci).base.add(a);
        if stack::ensure_for_call(l, have).is_err() {
            return exit::ERROR;
        }
    }
    let to = (*(*l).w.ci).base.add(a);
    let want = if c == 0 { have } else { c - 1 };
    for n in 0..want {
        *to.add(n) = if n < have { at(l, n) } else { RawValue::NIL };
    }
    if c == 0 {
        (*l).w.top = to.add(have);
    }
    exit::CONTINUE
}

/// Vararg `n` of the current frame.
unsafe fn extra(l: *mut State, n: usize) -> RawValue {
    let ci = (*l).w.ci;
    *(*ci).base.sub(1 + (*ci).extra as usize).add(n)
}

/// `VarArg`
pub(crate) unsafe fn expand(l: *mut State, i: u32) -> u32 {
    let have = (*(*l).w.ci).extra as usize;
    if budget::charge(l, have as u64).is_err() {
        return exit::ERROR;
    }
    // SAFETY: the index is below the number of extra arguments.
    copy_out(l, arg_a(i), arg_c(i), have, |l, n| unsafe { extra(l, n) })
}

/// `GetVarg`: what the table of the varargs would have at a key.
pub(crate) unsafe fn get(l: *mut State, key: RawValue) -> RawValue {
    let have = (*(*l).w.ci).extra as usize;
    let index = match key.tag {
        tag::INT => Some(key.as_int()),
        tag::FLOAT => Number::Float(key.as_float()).to_int_exact(),
        tag::STR if Str::bytes(key.as_ptr()) == b"n" => return RawValue::int(have as i64),
        _ => None,
    };
    match index.and_then(|i| usize::try_from(i).ok()) {
        Some(n) if (1..=have).contains(&n) => extra(l, n - 1),
        _ => RawValue::NIL,
    }
}

/// `VarArgTab`
pub(crate) unsafe fn to_table(l: *mut State, i: u32) -> u32 {
    let ci = (*l).w.ci;
    let have = (*ci).extra as usize;
    if budget::charge(l, have as u64).is_err() {
        return exit::ERROR;
    }
    let table = Table::with_capacity(&mut (*l).heap, have as u32, 1);
    *(*ci).base.add(arg_a(i)) = RawValue::table(table);
    for n in 0..have {
        let stored = Table::set_int(table, &mut (*l).heap, n as i64 + 1, extra(l, n));
        debug_assert!(stored.is_ok(), "the array part was sized for them");
    }
    let key = RawValue::str(Str::new(&mut (*l).heap, b"n"));
    let stored = Table::set(table, &mut (*l).heap, key, RawValue::int(have as i64));
    debug_assert!(stored.is_ok(), "a string key");
    if safepoint::is_due(l) {
        (*l).w.top = stack::frame_end(l);
        safepoint::poll(l);
    }
    exit::CONTINUE
}

/// `VarArgFrom`
pub(crate) unsafe fn from_table(l: *mut State, i: u32) -> u32 {
    let value = *(*(*l).w.ci).base.add(arg_b(i));
    let key = RawValue::str(Str::new(&mut (*l).heap, b"n"));
    let table: *mut Table = value.as_ptr();
    let n =
        if value.tag == tag::TABLE { Table::get(table, &(*l).heap, key) } else { RawValue::NIL };
    if n.tag != tag::INT || n.as_int() < 0 || n.as_int() > i64::from(i32::MAX) / 2 {
        let Raised = throw_message(l, b"vararg table has no proper 'n'");
        return exit::ERROR;
    }
    // SAFETY: the table stays in its register.
    copy_out(l, arg_a(i), arg_c(i), n.as_int() as usize, |_, n| unsafe {
        Table::get_int(table, n as i64 + 1)
    })
}
