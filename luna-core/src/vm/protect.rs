//! Catching errors: `pcall`, `xpcall`, unwinding, the end of a coroutine.

use super::call::{self, RAISED, SWITCHED};
use super::dispatch::exit;
use super::error::{LuaErrorKind, Raised};
use super::frame::{CallInfo, frame_flag};
use super::{Report, State, budget, close, coroutine, hook, safepoint, stack, traceback};
use crate::host::native::{Cx, Raise};
use crate::value::repr::{RawValue, tag};
use crate::value::thread::Coro;

/// Enters a protected call: counts it, and keeps in its frame how many there were before.
unsafe fn enter_catch(l: *mut State, flags: u32) -> Result<(), Raised> {
    if super::limits::levels(l) >= super::limits::MAX_NATIVE_DEPTH {
        return Err(super::error::throw_message(l, b"C stack overflow"));
    }
    let (ci, thread) = ((*l).w.ci, (*l).current);
    (*ci).flags |= flags;
    (*ci).saved = (*thread).catch_levels;
    (*thread).catch_levels += 1;
    (*l).catch_depth += 1;
    Ok(())
}

/// Goes back to `levels` protected calls in the running thread.
unsafe fn leave_catch(l: *mut State, levels: usize) {
    let thread = (*l).current;
    let left = (*thread).catch_levels.saturating_sub(levels);
    (*thread).catch_levels -= left;
    (*l).catch_depth -= left;
}

/// Entry of `pcall`.
pub(crate) unsafe fn pcall_entry(l: *mut State, f: *mut RawValue, nargs: usize) -> isize {
    if nargs == 0 {
        let Raise = Cx::of_running(l, 0).arg_error(0, "value expected");
        return RAISED;
    }
    call::set_continuation(l, pcall_done);
    if enter_catch(l, frame_flag::CATCH).is_err() {
        return RAISED;
    }
    match call::precall(l, f.add(1), nargs - 1) {
        Ok(_) => SWITCHED,
        Err(Raised) => RAISED,
    }
}

/// The protected call returned: `true` before its results.
unsafe fn pcall_done(l: *mut State) -> isize {
    leave_catch(l, (*(*l).w.ci).saved);
    let f = (*(*l).w.ci).base.sub(1);
    *f = RawValue::bool(true);
    (*l).w.top.offset_from(f)
}

/// Entry of `xpcall`: the handler changes places with the function, so that it lies below the call.
pub(crate) unsafe fn xpcall_entry(l: *mut State, f: *mut RawValue, nargs: usize) -> isize {
    if nargs < 2 || !(*f.add(2)).is_function() {
        let Raise = Cx::of_running(l, nargs).type_error(1, "function");
        return RAISED;
    }
    std::ptr::swap(f.add(1), f.add(2));
    call::set_continuation(l, xpcall_done);
    if enter_catch(l, frame_flag::CATCH | frame_flag::HANDLER).is_err() {
        return RAISED;
    }
    match call::precall(l, f.add(2), nargs - 2) {
        Ok(_) => SWITCHED,
        Err(Raised) => RAISED,
    }
}

unsafe fn xpcall_done(l: *mut State) -> isize {
    leave_catch(l, (*(*l).w.ci).saved);
    let f = (*(*l).w.ci).base.sub(1);
    *f = RawValue::bool(true);
    let n = (*l).w.top.offset_from(f.add(2));
    std::ptr::copy(f.add(2), f.add(1), n as usize);
    n + 1
}

/// Brings a pending error to the frame that catches it. Frames at and below the one at `place` of `thread` belong to an outer run: `false` if
/// none above them catches.
pub(crate) unsafe fn unwind(l: *mut State, thread: *mut Coro, place: isize) -> bool {
    loop {
        let here = (*l).current == thread;
        let limit = if here { (*l).w.ci_base.byte_offset(place) } else { (*l).w.ci_base };
        if budget::is_tripped(l) {
            // No frame of a script catches this; whatever they held is dropped with them.
            if here {
                return false;
            }
            coroutine::die_tripped(l);
            continue;
        }
        let mut ci = (*l).w.ci;
        while ci > limit && (*ci).flags & frame_flag::CATCH == 0 {
            ci = ci.sub(1);
        }
        if ci > limit && !(*(*l).current).ending {
            let position = ci.offset_from((*l).w.ci_base);
            if (*ci).flags & frame_flag::HANDLER != 0 && sees_error(l) {
                call_handler(l, ci);
                ci = (*l).w.ci_base.offset(position);
            }
            (*l).w.ci = ci;
            leave_catch(l, (*ci).saved);
            let error = super::error::caught(l);
            *error_slot(ci) = error;
            let kept = (*ci).flags & (frame_flag::SHIFTED | frame_flag::HANDLER);
            (*ci).flags = frame_flag::CATCH | frame_flag::CLOSING | kept;
            call::set_continuation(l, closing_done);
            if close_one_more(l).is_ok() {
                return true;
            }
            continue;
        }
        if here {
            return false;
        }
        if coroutine::die(l) {
            return true;
        }
    }
}

/// As [`unwind`], then executes on; for an error before anything ran.
pub(crate) unsafe fn unwind_or_fail(
    l: *mut State,
    thread: *mut Coro,
    place: isize,
) -> Result<(), Raised> {
    if unwind(l, thread, place) { call::execute(l, thread, place) } else { Err(Raised) }
}

/// Notes where the pending error was raised, for the host.
pub(super) unsafe fn report(l: *mut State) {
    let traceback = Some(traceback::text(l, 0));
    (*l).report = Some(Box::new(Report { traceback, source: super::error::source(l) }));
}

/// Lets the message handler in force in a frame see the pending error, where a native or the host is about to catch it itself.
pub(crate) unsafe fn tell_handler(l: *mut State, mut ci: *mut CallInfo) {
    while ci > (*l).w.ci_base && (*ci).flags & frame_flag::CATCH == 0 {
        ci = ci.sub(1);
    }
    if ci > (*l).w.ci_base && (*ci).flags & frame_flag::HANDLER != 0 && sees_error(l) {
        call_handler(l, ci);
    }
}

/// Whether message handlers are called for the pending error: where there is no memory they are not.
unsafe fn sees_error(l: *mut State) -> bool {
    (*l).error_kind != LuaErrorKind::OutOfMemory
}

/// Runs the handler of a catching frame. One that sees an error of a hook runs without hooks, as the hook did.
unsafe fn call_handler(l: *mut State, catcher: *mut CallInfo) {
    let mut ci = (*l).w.ci;
    while ci > catcher && (*ci).flags & frame_flag::HOOKED == 0 {
        ci = ci.sub(1);
    }
    let paused = (ci > catcher).then(|| hook::pause(l));
    // A trip that is pending is raised at the handler's first instruction.
    let _ = budget::charge(l, HANDLER);
    run_handler(l, *(*catcher).base);
    if let Some(paused) = paused {
        hook::unpause(l, paused);
    }
}

/// Units that a call of a message handler takes: the frames it is called over are kept.
const HANDLER: u64 = 8;
/// Times that a message handler is called again once it has used up the levels.
const LAST_CALLS: usize = 20;

/// Replaces the pending error by what the message handler makes of it. An error in the handler goes to the handler again, a level
/// deeper, until the levels are used up.
unsafe fn run_handler(l: *mut State, handler: RawValue) {
    use super::limits::{MAX_NATIVE_DEPTH, levels};
    let depth = (*l).native_depth;
    let mut beyond = 0;
    loop {
        (*l).w.top = stack::frame_end(l).max((*l).w.top);
        let error = (*l).error;
        if let Ok(value) = call::with_args(l, handler, &[error]) {
            (*l).error = value;
            break;
        }
        if budget::is_tripped(l) || (*(*l).current).ending {
            break;
        }
        if levels(l) + 1 < MAX_NATIVE_DEPTH {
            (*l).native_depth += 1;
            continue;
        }
        beyond += 1;
        if beyond > LAST_CALLS {
            super::error::throw_str(l, b"error in error handling");
            break;
        }
        if beyond == 1 {
            super::error::throw_message(l, b"C stack overflow");
        }
    }
    (*l).native_depth = depth;
}

/// Where a catching frame keeps the error while it closes variables: above its message handler, if it has one.
unsafe fn error_slot(ci: *mut CallInfo) -> *mut RawValue {
    (*ci).base.add(usize::from((*ci).flags & frame_flag::HANDLER != 0))
}

/// In a catching frame: calls the next close method, or lets the frame go on to its end.
unsafe fn close_one_more(l: *mut State) -> Result<(), Raised> {
    let held = error_slot((*l).w.ci);
    match close::take_pending(l, held) {
        Some(slot) => {
            // Methods that fail one after the other never get to a safe point of their own.
            let index = slot.offset_from((*l).w.stack);
            (*l).w.top = slot.add(1);
            safepoint::poll_pending(l);
            let (slot, held) = ((*l).w.stack.offset(index), error_slot((*l).w.ci));
            close::call_method(l, slot.add(1), *slot, *held).map(|_| ())
        }
        None => {
            close::upvalues(l, held);
            (*l).w.top = held.add(1);
            Ok(())
        }
    }
}

/// A close method returned, or there was none: goes on closing, then answers `false` and the error.
unsafe fn closing_done(l: *mut State) -> isize {
    let held = error_slot((*l).w.ci);
    if close::has_pending(l, held) {
        return match close_one_more(l) {
            Ok(()) => SWITCHED,
            Err(Raised) => RAISED,
        };
    }
    close::upvalues(l, held);
    (*l).w.top = held.add(1);
    stack::shrink(l);
    let base = (*(*l).w.ci).base;
    *base = *error_slot((*l).w.ci);
    let f = base.sub(1);
    *f = RawValue::bool(false);
    2
}

/// A coroutine's body returned.
pub(crate) unsafe fn coroutine_done(l: *mut State) -> u32 {
    coroutine::finish_body(l);
    exit::CONTINUE
}

/// Removes everything a failed call left above the frame at `place`: records the traceback, closes variables, drops frames.
pub(crate) unsafe fn abandon(l: *mut State, place: isize, top: isize) {
    if (*l).native_depth == 0 {
        report(l);
    }
    (*l).w.ci = (*l).w.ci_base.byte_offset(place);
    // Methods catch their errors, also those of a coroutine that has closed itself.
    let co = (*l).current;
    let ending = std::mem::replace(&mut (*co).ending, false);
    let late = std::mem::replace(&mut (*co).closes_late, false);
    if late {
        budget::look_again(l);
    }
    close_above(l, top);
    ((*co).ending, (*co).closes_late) = ((*co).ending || ending, late);
    if late {
        budget::look_again(l);
    }
    let level = (*l).w.stack.byte_offset(top);
    close::upvalues(l, level);
    (*l).w.top = level;
    stack::shrink(l);
}

/// Closes the variables above a place of the stack that has been abandoned.
unsafe fn close_above(l: *mut State, top: isize) {
    // The stack may move in each call.
    while let Some(slot) = close::take_pending(l, (*l).w.stack.byte_offset(top)) {
        let (value, error) = (*slot, (*l).error);
        let handler = super::meta::handler(l, value, super::meta::Event::Close);
        (*l).w.top = slot.add(1);
        call::push(l, error);
        // As in `close_one_more`.
        safepoint::poll_pending(l);
        if budget::is_tripped(l) && handler.tag == tag::LCLOSURE {
            continue;
        }
        if !handler.is_nil() && call::isolated(l, handler, &[value, error]).is_ok() {
            (*l).error = error;
        }
    }
}
