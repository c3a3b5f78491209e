//! Ends of scopes: open upvalues and to-be-closed variables.

use super::dispatch::{exit, finish_stub};
use super::error::{Raised, throw_message};
use super::meta::{self, Event};
use super::op::arg_a;
use super::{State, call, inspect, stack};
use crate::value::repr::RawValue;
use crate::value::upvalue::Upvalue;

/// Closes the open upvalues at `level` and above.
pub(crate) unsafe fn upvalues(l: *mut State, level: *mut RawValue) {
    loop {
        let upvalue = (*l).w.open;
        if upvalue.is_null() || (*upvalue).slot < level {
            return;
        }
        (*l).w.open = (*upvalue).next;
        Upvalue::close(upvalue);
        let value = (*upvalue).closed;
        (*l).heap.barrier(upvalue.cast(), value);
    }
}

/// The innermost to-be-closed variable at `level` or above, as a stack index.
unsafe fn pending(l: *mut State, level: *mut RawValue) -> Option<usize> {
    let list = (*l).w.tbc;
    if list.is_null() {
        return None;
    }
    let last = (*list).last().copied()?;
    ((*l).w.stack.add(last) >= level).then_some(last)
}

/// Whether a to-be-closed variable at `level` or above waits.
pub(crate) unsafe fn has_pending(l: *mut State, level: *mut RawValue) -> bool {
    pending(l, level).is_some()
}

/// Takes the innermost to-be-closed variable at `level` or above: its slot. Upvalues above it are closed.
pub(crate) unsafe fn take_pending(l: *mut State, level: *mut RawValue) -> Option<*mut RawValue> {
    let index = pending(l, level)?;
    (*(*l).w.tbc).pop();
    let slot = (*l).w.stack.add(index);
    upvalues(l, slot);
    Some(slot)
}

/// Forgets the to-be-closed variables of the running thread, which are not closed.
pub(crate) unsafe fn forget(l: *mut State) {
    if let Some(list) = (*l).w.tbc.as_mut() {
        list.clear();
    }
}

/// Registers a to-be-closed variable.
pub(crate) unsafe fn register(l: *mut State, slot: *mut RawValue) {
    let index = slot.offset_from((*l).w.stack) as usize;
    if (*l).w.tbc.is_null() {
        (*l).w.tbc = Box::into_raw(Box::default());
        (*l).heap.used += size_of::<Vec<usize>>();
    }
    let list = (*l).w.tbc;
    let before = (*list).capacity();
    (*list).push(index);
    (*l).heap.used += ((*list).capacity() - before) * size_of::<usize>();
}

/// `Tbc`: checks and registers a variable.
pub(crate) unsafe fn mark(l: *mut State, i: u32) -> u32 {
    let slot = (*(*l).w.ci).base.add(arg_a(i));
    match check_and_register(l, slot) {
        Ok(()) => exit::CONTINUE,
        Err(Raised) => exit::ERROR,
    }
}

/// Registers the variable in a slot unless its value is false; raises if it cannot be closed.
pub(crate) unsafe fn check_and_register(l: *mut State, slot: *mut RawValue) -> Result<(), Raised> {
    let value = *slot;
    if value.is_falsy() {
        return Ok(());
    }
    if meta::handler(l, value, Event::Close).is_nil() {
        let ci = (*l).w.ci;
        let register = slot.offset_from((*ci).base) as usize;
        let name = inspect::local_name(ci, register).unwrap_or_else(|| b"(temporary)".to_vec());
        let mut text = b"variable '".to_vec();
        text.extend_from_slice(&name);
        text.extend_from_slice(b"' got a non-closable value");
        return Err(throw_message(l, &text));
    }
    register(l, slot);
    Ok(())
}

/// `Close`: closes one variable a visit; the instruction runs again until none is left.
pub(crate) unsafe fn op(l: *mut State, i: u32) -> u32 {
    let level = (*(*l).w.ci).base.add(arg_a(i));
    if has_pending(l, level) {
        let end = stack::frame_end(l);
        return call_next_at(l, level, end, RawValue::NIL);
    }
    upvalues(l, level);
    exit::CONTINUE
}

/// As [`call_next_at`] for all variables of the current frame.
pub(crate) unsafe fn call_next(l: *mut State, at: *mut RawValue, error: RawValue) -> u32 {
    let base = (*(*l).w.ci).base;
    call_next_at(l, base, at, error)
}

/// Calls the close method of the innermost variable at `level` or above, its frame at `at`; the interrupted instruction is then run
/// again.
unsafe fn call_next_at(
    l: *mut State,
    level: *mut RawValue,
    at: *mut RawValue,
    error: RawValue,
) -> u32 {
    let Some(slot) = take_pending(l, level) else { return exit::CONTINUE };
    let value = *slot;
    let ci = (*l).w.ci;
    (*ci).cont = (*ci).pc;
    (*ci).pc = finish_stub();
    match call_method(l, at, value, error) {
        Ok(_) => exit::CONTINUE,
        Err(Raised) => exit::ERROR,
    }
}

/// Starts the close method of `value` at `at`.
pub(crate) unsafe fn call_method(
    l: *mut State,
    at: *mut RawValue,
    value: RawValue,
    error: RawValue,
) -> Result<call::Called, Raised> {
    let index = at.offset_from((*l).w.stack);
    (*l).w.top = at;
    stack::ensure(l, 4)?;
    let at = (*l).w.stack.offset(index);
    let handler = meta::handler(l, value, Event::Close);
    *at = handler;
    *at.add(1) = value;
    *at.add(2) = error;
    let nargs = if error.is_nil() && (*l).rules.close_omits_error { 1 } else { 2 };
    (*l).w.top = at.add(1 + nargs);
    if handler.is_nil() {
        // Its metamethod was removed: the error is about the value.
        *at = value;
        return Err(inspect::metamethod_call_error(l, "close"));
    }
    call::precall(l, at, nargs)
}
