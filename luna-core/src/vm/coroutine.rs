//! Coroutines: resume and yield switch the state's words; nothing recurses on the Rust stack.

use super::budget::{self, attention};
use super::call::{self, Called, RAISED, SWITCHED};
use super::dispatch::{cont_stub, coro_done_stub};
use super::error::{Raised, throw_str};
use super::frame::{CallInfo, frame_flag};
use super::limits::{MAX_NATIVE_DEPTH, levels};
use super::{State, close, error, protect, stack};
use crate::host::native::{Cx, Raise};
use crate::value::function::NativeClosure;
use crate::value::repr::{RawValue, tag};
use crate::value::string::Str;
use crate::value::thread::{Coro, CoroState, ThreadWords};

/// Makes `to` the running thread instead of `from`.
#[inline(always)]
pub(super) unsafe fn switch(l: *mut State, from: *mut Coro, to: *mut Coro) {
    budget::leaving(l, from);
    ThreadWords::save(&raw mut (*from).words, &raw const (*l).w);
    ThreadWords::load(&raw mut (*l).w, &raw const (*to).words);
    (*l).current = to;
    budget::entered(l, to);
    if (*to).header.is_black() {
        (*l).heap.barrier_back(to.cast());
    }
}

/// A suspended coroutine that will call `body`.
pub(crate) unsafe fn create(l: *mut State, body: RawValue) -> *mut Coro {
    let co = Coro::new(&mut (*l).heap);
    let stack = (*co).words.stack;
    *stack.add(1) = body;
    (*co).words.top = stack.add(2);
    let ci = (*co).words.ci;
    (*ci).pc = coro_done_stub();
    co
}

/// A suspended coroutine that scripts see as the main one: it will call the first of the `n` values at `from` with the others.
pub(crate) unsafe fn create_run(
    l: *mut State,
    from: *mut RawValue,
    n: usize,
) -> Result<*mut Coro, Raised> {
    let back = (*l).current;
    let co = create(l, *from);
    (*co).acts_as_main = true;
    switch(l, back, co);
    let room = stack::ensure(l, n);
    if room.is_ok() {
        copy_values((*l).w.top, from.add(1), n - 1);
        (*l).w.top = (*l).w.top.add(n - 1);
    }
    switch(l, co, back);
    room.map(|()| co)
}

/// Why a coroutine cannot be resumed.
unsafe fn refusal(co: *mut Coro) -> Option<&'static str> {
    match (*co).state {
        CoroState::Suspended => None,
        CoroState::Dead => Some("cannot resume dead coroutine"),
        CoroState::Running | CoroState::Normal | CoroState::Parked => {
            Some("cannot resume non-suspended coroutine")
        }
    }
}

/// Hands the `nargs` values at `from` to a suspended coroutine and switches to it, unless natives are nested too deep.
unsafe fn start(
    l: *mut State,
    co: *mut Coro,
    from: *mut RawValue,
    nargs: usize,
) -> Result<(), Raised> {
    if levels(l) >= MAX_NATIVE_DEPTH {
        return Err(throw_str(l, b"C stack overflow"));
    }
    go_on(l, co, from, nargs)
}

/// As [`start`], where natives are not nested too deep.
unsafe fn go_on(
    l: *mut State,
    co: *mut Coro,
    from: *mut RawValue,
    nargs: usize,
) -> Result<(), Raised> {
    let resumer = (*l).current;
    (*resumer).state = CoroState::Normal;
    (*co).resumer = resumer;
    (*co).state = CoroState::Running;
    (*co).entry_depth = (*l).native_depth;
    (*l).resume_depth += 1;
    (*l).catch_depth += (*co).catch_levels;
    switch(l, resumer, co);
    // The resumer's stack stays where it is: only a running thread's moves.
    stack::ensure(l, nargs)?;
    if (*co).started {
        // In the frame of `yield` the values are its results.
        let ci = (*l).w.ci;
        let target = (*ci).base.sub(1);
        copy_values(target, from, nargs);
        (*l).w.top = target.add(nargs);
        return deliver(l, ci, nargs);
    }
    let target = (*l).w.top;
    copy_values(target, from, nargs);
    (*l).w.top = target.add(nargs);
    (*co).started = true;
    let f = (*l).w.stack.add(1);
    // It may have been made with arguments.
    let nargs = (*l).w.top.offset_from_unsigned(f) - 1;
    call::precall(l, f, nargs).map(|_| ())
}

/// Entry of `coroutine.resume`.
pub(crate) unsafe fn resume_entry(l: *mut State, f: *mut RawValue, nargs: usize) -> isize {
    if nargs == 0 || (*f.add(1)).tag != tag::CORO {
        let Raise = Cx::of_running(l, nargs).type_error(0, "thread");
        return RAISED;
    }
    let co: *mut Coro = (*f.add(1)).as_ptr();
    if let Some(text) = refusal_here(l, co) {
        *f = RawValue::bool(false);
        *f.add(1) = RawValue::str(Str::new(&mut (*l).heap, text.as_bytes()));
        return 2;
    }
    await_coroutine((*l).w.ci, frame_flag::RESUME);
    match start(l, co, f.add(2), nargs - 1) {
        Ok(()) => SWITCHED,
        Err(Raised) => RAISED,
    }
}

/// Entry of the native that resumes for the host, whose first argument is a coroutine: results without a word on whether it failed, which
/// is kept in the state.
pub(crate) unsafe fn host_resume_entry(l: *mut State, f: *mut RawValue, nargs: usize) -> isize {
    let co: *mut Coro = (*f.add(1)).as_ptr();
    if let Some(text) = refusal_here(l, co) {
        *f = RawValue::str(Str::new(&mut (*l).heap, text.as_bytes()));
        (*l).host.resume_failed = true;
        return 1;
    }
    await_coroutine((*l).w.ci, frame_flag::HOST_RESUME);
    match start(l, co, f.add(2), nargs - 1) {
        Ok(()) => SWITCHED,
        Err(Raised) => RAISED,
    }
}

/// Why a coroutine cannot be resumed from here.
unsafe fn refusal_here(l: *mut State, co: *mut Coro) -> Option<&'static str> {
    if (*co).state == CoroState::Suspended && levels(l) >= MAX_NATIVE_DEPTH {
        return Some("C stack overflow");
    }
    refusal(co)
}

/// Lets the native in a frame wait for a coroutine; `flag` is that of the native that resumes, if it has one.
#[inline(always)]
pub(super) unsafe fn await_coroutine(ci: *mut CallInfo, flag: u32) {
    let continuation: call::Continuation = awaiting;
    (*ci).pc = cont_stub();
    (*ci).cont = continuation as *const u32;
    (*ci).flags |= flag;
}

/// Calls the native of [`host_resume_entry`] at `f`, whose first argument is `co`, from the frame `ci` of the host.
#[inline(always)]
pub(crate) unsafe fn call_resume(
    l: *mut State,
    co: *mut Coro,
    ci: *mut CallInfo,
    f: *mut RawValue,
    nargs: usize,
) -> Result<Called, Raised> {
    let plain = (*co).state == CoroState::Suspended
        && (*l).attention == 0
        && ci != (*l).w.ci_end
        && levels(l) < MAX_NATIVE_DEPTH;
    if !plain {
        return call::precall(l, f, nargs);
    }
    await_coroutine(call::push_native(l, ci, f), frame_flag::HOST_RESUME);
    go_on(l, co, f.add(2), nargs - 1).map(|()| Called::Pushed)
}

/// Entry of the function `coroutine.wrap` returns.
pub(crate) unsafe fn wrap_entry(l: *mut State, f: *mut RawValue, nargs: usize) -> isize {
    let native: *mut NativeClosure = (*f).as_ptr();
    let co: *mut Coro = (*NativeClosure::upvalue(native, 0)).as_ptr();
    if let Some(text) = refusal(co) {
        error::throw_with_position(l, 1, text.as_bytes());
        return RAISED;
    }
    await_coroutine((*l).w.ci, 0);
    match start(l, co, f.add(1), nargs) {
        Ok(()) => SWITCHED,
        Err(Raised) => RAISED,
    }
}

/// Stands in the frame of a native that waits for a coroutine; never runs, for the coroutine delivers the results.
unsafe fn awaiting(l: *mut State) -> isize {
    (*l).w.top.offset_from((*(*l).w.ci).base.sub(1))
}

/// Leaves the running coroutine for its resumer, whose waiting call gets the `n` values at `from`.
#[inline(always)]
unsafe fn hand_over(l: *mut State, from: *mut RawValue, n: usize) -> Result<(), Raised> {
    leave_for_resumer(l);
    // The values stay where they are: only a running thread's stack moves.
    let ci = (*l).w.ci;
    (*l).w.top = (*ci).base;
    stack::ensure(l, n + 2)?;
    let f = (*ci).base.sub(1);
    // `resume` says first whether the coroutine failed.
    let lead = usize::from((*ci).flags & frame_flag::RESUME != 0);
    if lead == 1 {
        *f = RawValue::bool(true);
    }
    copy_values(f.add(lead), from, n);
    deliver(l, ci, n + lead)
}

/// Switches from the running coroutine to the one that has resumed it.
#[inline(always)]
unsafe fn leave_for_resumer(l: *mut State) {
    let co = (*l).current;
    let resumer = std::mem::replace(&mut (*co).resumer, std::ptr::null_mut());
    (*l).resume_depth -= 1;
    (*l).catch_depth -= (*co).catch_levels;
    switch(l, co, resumer);
    (*resumer).state = CoroState::Running;
}

/// Copies values one by one: they are few, and what was written just now would not reach a load of two at once.
#[inline(always)]
unsafe fn copy_values(to: *mut RawValue, from: *const RawValue, n: usize) {
    if n > 0 {
        copy_value(to, from);
    }
    if n > 1 {
        copy_more(to.add(1), from.add(1), n - 1);
    }
}

#[inline(always)]
unsafe fn copy_value(to: *mut RawValue, from: *const RawValue) {
    (*to).bits = (&raw const (*from).bits).read_volatile();
    (*to).tag = (*from).tag;
}

/// Out of line, for it is unrolled.
#[inline(never)]
unsafe fn copy_more(to: *mut RawValue, from: *const RawValue, n: usize) {
    for i in 0..n {
        copy_value(to.add(i), from.add(i));
    }
}

/// Gives a native that waited for another coroutine in the current frame, `ci`, its `n` results, which lie at its function's slot.
#[inline(always)]
unsafe fn deliver(l: *mut State, mut ci: *mut CallInfo, n: usize) -> Result<(), Raised> {
    if (*l).attention & attention::RETURN != 0 || (*ci).flags & frame_flag::SHIFTED != 0 {
        call::attend_return(l, n)?;
        ci = (*l).w.ci;
    }
    call::pop_native(l, ci, n);
    Ok(())
}

/// Whether the running coroutine may yield.
pub(crate) unsafe fn can_yield(l: *mut State) -> bool {
    !is_main(l) && (*(*l).current).entry_depth == (*l).native_depth
}

/// Whether the running coroutine is the main one, or stands for it.
pub(crate) unsafe fn is_main(l: *mut State) -> bool {
    (*l).current == (*l).main || (*(*l).current).acts_as_main
}

/// Entry of `coroutine.yield`.
pub(crate) unsafe fn yield_entry(l: *mut State, f: *mut RawValue, nargs: usize) -> isize {
    if !can_yield(l) {
        if is_main(l) {
            throw_str(l, b"attempt to yield from outside a coroutine");
        } else {
            throw_str(l, b"attempt to yield across a C-call boundary");
        }
        return RAISED;
    }
    (*(*l).current).state = CoroState::Suspended;
    let ci = (*l).w.ci;
    (*ci).pc = cont_stub();
    (*l).w.top = f.add(1 + nargs);
    // The values are out of the stack once handed over; the frame waits for the next resume's.
    match hand_over(l, f.add(1), nargs) {
        Ok(()) => SWITCHED,
        Err(Raised) => RAISED,
    }
}

/// The body returned: its results lie from slot 1 to the top.
pub(crate) unsafe fn finish_body(l: *mut State) {
    let co = (*l).current;
    (*co).state = CoroState::Dead;
    let from = (*l).w.stack.add(1);
    let n = (*l).w.top.offset_from(from) as usize;
    if hand_over(l, from, n).is_err() {
        (*co).failed = true;
    }
}

/// The running coroutine dies of a trip, which goes on to whoever resumed it.
pub(crate) unsafe fn die_tripped(l: *mut State) {
    let co = (*l).current;
    (*co).state = CoroState::Dead;
    (*co).failed = true;
    (*co).error = (*l).error;
    leave_for_resumer(l);
}

/// The running coroutine dies of the pending error; its resumer gets it. `true` if the resumer goes on, `false` if the error is now
/// pending there.
pub(crate) unsafe fn die(l: *mut State) -> bool {
    let co = (*l).current;
    if std::mem::take(&mut (*co).closes_late) {
        (*co).ending = false;
        budget::look_again(l);
        close_now(l, co);
    }
    if (*co).ending && !(*co).failed {
        (*co).state = CoroState::Dead;
        let from = (*l).w.stack.add(1);
        return hand_over(l, from, 0).is_ok();
    }
    let mut value = error::caught(l);
    let resumed_by_host = (*(*(*co).resumer).words.ci).flags & frame_flag::HOST_RESUME != 0;
    if resumed_by_host && (*l).native_depth == 1 {
        protect::report(l);
    }
    (*co).state = CoroState::Dead;
    (*co).failed = true;
    (*co).error = value;
    leave_for_resumer(l);
    if resumed_by_host {
        if (*co).acts_as_main {
            value = close_thread(l, co).err().unwrap_or(value);
        }
        let f = (*(*l).w.ci).base.sub(1);
        *f = value;
        (*l).w.top = f.add(1);
        (*l).host.resume_failed = true;
        return deliver(l, (*l).w.ci, 1).is_ok();
    }
    if (*(*l).w.ci).flags & frame_flag::RESUME != 0 {
        let f = (*(*l).w.ci).base.sub(1);
        *f = RawValue::bool(false);
        *f.add(1) = value;
        (*l).w.top = f.add(2);
        return deliver(l, (*l).w.ci, 2).is_ok();
    }
    let mut raised = value;
    if let Err(newer) = close_thread(l, co) {
        raised = newer;
    }
    if raised.tag == tag::STR {
        let mut text = error::position(l, 1);
        text.extend_from_slice(Str::bytes(raised.as_ptr()));
        raised = RawValue::str(Str::new(&mut (*l).heap, &text));
    }
    (*l).error = raised;
    false
}

/// Closes the pending variables of a suspended or dead coroutine, which is dead afterwards; the error it failed with.
pub(crate) unsafe fn close_thread(l: *mut State, co: *mut Coro) -> Result<(), RawValue> {
    let back = (*l).current;
    let mut failure = (*co).failed.then_some((*co).error);
    (*co).state = CoroState::Running;
    (*co).resumer = back;
    switch(l, back, co);
    failure = close_all(l, failure);
    switch(l, co, back);
    (*co).resumer = std::ptr::null_mut();
    (*co).state = CoroState::Dead;
    (*co).failed = false;
    (*co).error = RawValue::NIL;
    match failure {
        Some(value) => Err(value),
        None => Ok(()),
    }
}

/// Whether the running coroutine can close its variables now: not where a native is in between, whose arguments lie on its stack.
unsafe fn can_close_itself(l: *mut State) -> bool {
    let co = (*l).current;
    let own = if (*co).entry_depth == usize::MAX { (*co).closing_depth } else { (*co).entry_depth };
    own == (*l).native_depth
}

/// The running coroutine closes its variables and is over: what is raised here ends it, past whatever would catch an error.
pub(crate) unsafe fn close_running(l: *mut State) {
    let co = (*l).current;
    if can_close_itself(l) {
        close_now(l, co);
        return;
    }
    (*co).ending = true;
    (*co).closes_late = true;
    (*l).error = RawValue::NIL;
    budget::look_again(l);
}

/// Closes the variables of the running coroutine, which nothing runs in any more.
unsafe fn close_now(l: *mut State, co: *mut Coro) {
    let failure = close_all(l, None);
    (*co).ending = true;
    (*co).failed = failure.is_some();
    (*l).error = failure.unwrap_or(RawValue::NIL);
}

/// Drops the frames of the running coroutine and closes its pending variables; the error it failed with, or that a variable raised.
pub(crate) unsafe fn close_all(l: *mut State, mut failure: Option<RawValue>) -> Option<RawValue> {
    (*(*l).current).entry_depth = usize::MAX;
    (*l).w.ci = (*l).w.ci_base;
    // The stack may move in each call.
    while let Some(slot) = close::take_pending(l, (*l).w.stack.add(1)) {
        let value = *slot;
        let error = failure.unwrap_or(RawValue::NIL);
        let handler = super::meta::handler(l, value, super::meta::Event::Close);
        if budget::is_tripped(l) && handler.tag == tag::LCLOSURE {
            continue;
        }
        (*l).w.top = slot.add(1);
        call::push(l, error);
        // One level deeper, and after a method that has closed the coroutine once more.
        (*(*l).current).closing_depth = (*l).native_depth + 1;
        if call::isolated(l, handler, &[value, error]).is_err() {
            let co = (*l).current;
            // A method that closes the coroutine once more ends itself, which is no failure.
            if !std::mem::take(&mut (*co).ending) || (*co).failed {
                failure = Some((*l).error);
            }
        }
    }
    let level = (*l).w.stack.add(1);
    close::upvalues(l, level);
    (*l).w.top = (*l).w.stack.add(1);
    failure
}
