//! The call and return protocol.

use super::budget::{self, attention};
use super::dispatch::{cont_stub, exit, exit_stub, run};
use super::error::{Raised, throw_message, throw_str};
use super::frame::{CallInfo, frame_flag};
use super::limits::{MAX_NATIVE_DEPTH, levels};
use super::meta::{self, Event};
use super::op::{arg_a, arg_b, arg_c};
use super::{State, close, hook, inspect, observe, park, protect, safepoint, stack};
use crate::value::function::{LuaClosure, NativeClosure, Proto};
use crate::value::repr::{RawValue, tag};
use crate::value::thread::Coro;

/// A native's answer: an error is pending.
pub(crate) const RAISED: isize = -1;
/// A native's answer: the frames have changed, the interpreter goes on with the current one.
pub(crate) const SWITCHED: isize = isize::MIN;

/// A continuation's answer: it waits for something and is asked again when that may be there.
pub(crate) const WAITING: isize = isize::MIN + 1;

/// What a call came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Called {
    /// A frame waits to be executed.
    Pushed,
    /// The results are where the caller wants them.
    Done,
}

/// A continuation of a native: runs when the call it made has returned, with all results from `base` on; answers like a native.
pub(crate) type Continuation = unsafe fn(l: *mut State) -> isize;

/// Calls the value at `f` with `nargs` arguments behind it. Results go as the current frame's call word says.
pub(crate) unsafe fn precall(
    l: *mut State,
    mut f: *mut RawValue,
    mut nargs: usize,
) -> Result<Called, Raised> {
    let mut hops = 0;
    loop {
        match (*f).tag {
            tag::LCLOSURE => {
                let called = enter_lua(l, f, nargs);
                (*(*l).w.ci).flags |= chain_flag(hops);
                return called;
            }
            tag::NATIVE => return call_native(l, f, nargs),
            _ => f = insert_handler(l, f, nargs, &mut hops)?,
        }
        nargs += 1;
    }
}

/// How a frame keeps the number of `__call` handlers that led to it.
fn chain_flag(hops: usize) -> u32 {
    (hops.min(0xffff) as u32) << frame_flag::CALL_CHAIN_SHIFT
}

/// Puts the `__call` handler of the value at `f` before it, as what is called with it as its first argument; where that is then.
unsafe fn insert_handler(
    l: *mut State,
    f: *mut RawValue,
    nargs: usize,
    hops: &mut usize,
) -> Result<*mut RawValue, Raised> {
    let handler = meta::handler(l, *f, Event::Call);
    if handler.is_nil() {
        return Err(inspect::call_error(l, f));
    }
    if *hops >= (*l).rules.max_call_chain {
        return Err(throw_message(l, b"'__call' chain too long"));
    }
    *hops += 1;
    budget::charge(l, 1 + nargs as u64)?;
    observe::handler(l, "__call");
    (*l).w.top = f.add(1 + nargs);
    let at = f.offset_from((*l).w.stack);
    stack::ensure(l, 1)?;
    let f = (*l).w.stack.offset(at);
    std::ptr::copy(f, f.add(1), nargs + 1);
    *f = handler;
    (*l).w.top = f.add(2 + nargs);
    Ok(f)
}

/// Pushes the frame of a Lua function above the current one, `ci`, where that is simple: there are enough arguments, and room for what it
/// needs. Null if it is not. Where the function starts is left to the caller.
#[inline(always)]
pub(crate) unsafe fn push_lua(
    l: *mut State,
    ci: *mut CallInfo,
    f: *mut RawValue,
    nargs: usize,
) -> *mut CallInfo {
    let proto: *mut Proto = (*(*f).as_ptr::<LuaClosure>()).proto.as_ptr();
    let callee = f.add(1);
    let room = ((*l).w.stack_last as usize).wrapping_sub(callee as usize);
    let fits = nargs >= (*proto).num_params as usize
        && (*proto).need <= room
        && room as isize >= 0
        && ci < (*l).w.ci_end;
    if !fits {
        return std::ptr::null_mut();
    }
    let frame = ci.add(1);
    (*frame).base = callee;
    (*frame).k = (*proto).consts;
    (*frame).extra = 0;
    (*frame).flags = 0;
    (*l).w.ci = frame;
    frame
}

/// Pushes the frame of a Lua function.
unsafe fn enter_lua(l: *mut State, mut f: *mut RawValue, nargs: usize) -> Result<Called, Raised> {
    let proto: *mut Proto = (*(*f).as_ptr::<LuaClosure>()).proto.as_ptr();
    let (params, size) = ((*proto).num_params as usize, (*proto).max_stack as usize);
    let is_vararg = Proto::def(proto).is_vararg;
    let variadic = is_vararg && nargs > params;
    let shift = if variadic { nargs + 1 } else { 0 };
    (*l).w.top = f.add(1 + nargs);
    let at = f.offset_from((*l).w.stack) as usize;
    let needed = at + 1 + shift + size;
    if cfg!(stack_zeal) || (*l).w.stack.add(needed) > (*l).w.stack_last {
        stack::grow_for_call(l, needed)?;
        f = (*l).w.stack.add(at);
    }
    for i in nargs..params {
        *f.add(1 + i) = RawValue::NIL;
    }
    let ci = stack::push_frame(l)?;
    let base = f.add(1 + shift);
    if variadic {
        *base.sub(1) = *f;
        for i in 0..params {
            *base.add(i) = *f.add(1 + i);
            (*f.add(1 + i)).tag = tag::NIL;
        }
        (*ci).extra = (nargs - params) as u32;
    }
    if is_vararg && size > params {
        // Where a vararg table would be: not what an earlier call left there, for `debug.getlocal` shows it.
        (*base.add(params)).tag = tag::NIL;
    }
    (*ci).base = base;
    (*ci).k = (*proto).consts;
    (*ci).pc = (*proto).code;
    Ok(Called::Pushed)
}

/// Runs a native function.
pub(crate) unsafe fn call_native(
    l: *mut State,
    mut f: *mut RawValue,
    nargs: usize,
) -> Result<Called, Raised> {
    let native: *mut NativeClosure = (*f).as_ptr();
    (*l).w.top = f.add(1 + nargs);
    if cfg!(stack_zeal) || (*l).w.top > (*l).w.stack_last {
        f = ensure_behind(l, f)?;
    }
    if (*l).w.ci == (*l).w.ci_end {
        stack::grow_frames(l)?;
    }
    push_native(l, (*l).w.ci, f);
    if (*l).attention != 0 {
        f = attend_call(l, nargs)?;
    }
    let n = ((*native).entry)(l, f, nargs);
    native_returned(l, n)
}

/// Pushes the frame of a native above the current one, `ci`, where there is room.
#[inline(always)]
pub(crate) unsafe fn push_native(
    l: *mut State,
    ci: *mut CallInfo,
    f: *mut RawValue,
) -> *mut CallInfo {
    let frame = ci.add(1);
    (*l).w.ci = frame;
    (*frame).pc = std::ptr::null();
    (*frame).base = f.add(1);
    (*frame).extra = 0;
    (*frame).flags = 0;
    frame
}

/// What the answer `n` of a native came to.
#[inline(never)]
pub(crate) unsafe fn native_returned(l: *mut State, n: isize) -> Result<Called, Raised> {
    if n >= 0 {
        finish_native(l, n as usize)?;
        return Ok(Called::Done);
    }
    if n == SWITCHED {
        return Ok(Called::Pushed);
    }
    // What natives that fail have allocated counts as well. Where they called something that failed, its frames are still there, and some
    // below them may have variables to be closed.
    if (*(*l).w.ci).pc.is_null() {
        safepoint::poll_pending(l);
    }
    Err(Raised)
}

/// Makes room for what a native pushes; where its function at `f` is then.
#[cold]
#[inline(never)]
unsafe fn ensure_behind(l: *mut State, f: *mut RawValue) -> Result<*mut RawValue, Raised> {
    let at = f.offset_from((*l).w.stack);
    stack::ensure(l, stack::NATIVE_RESERVE)?;
    Ok((*l).w.stack.offset(at))
}

/// Before the native in the current frame runs, while there are hooks or a pending trip: where its function is then.
#[inline(never)]
unsafe fn attend_call(l: *mut State, nargs: usize) -> Result<*mut RawValue, Raised> {
    if (*l).attention & attention::TRIPPED != 0 {
        return Err(budget::raise_trip(l));
    }
    if (*l).attention & attention::ENDING != 0 {
        return Err(Raised);
    }
    if (*l).attention & attention::OBSERVED != 0 {
        observe::native(l);
    }
    if (*l).attention & attention::CALL != 0 {
        hook::native_called(l, nargs)?;
    }
    if (*l).attention & attention::RETURN == 0 {
        return Ok((*(*l).w.ci).base.sub(1));
    }
    // The native works on a copy behind its arguments, so that the return hook sees these and the results.
    stack::ensure(l, nargs + 1 + stack::NATIVE_RESERVE)?;
    let ci = (*l).w.ci;
    let f = (*ci).base.add(nargs);
    std::ptr::copy((*ci).base.sub(1), f, nargs + 1);
    (*ci).base = f.add(1);
    (*ci).extra = nargs as u32;
    (*ci).flags |= frame_flag::SHIFTED;
    (*l).w.top = (*l).w.top.add(nargs + 1);
    Ok(f)
}

/// Pops a native's frame; its `n` results lie from its function's slot on.
#[inline(always)]
unsafe fn finish_native(l: *mut State, n: usize) -> Result<(), Raised> {
    if (*l).attention != 0 || (*(*l).w.ci).flags & frame_flag::SHIFTED != 0 {
        attend_return(l, n)?;
    }
    let f = pop_native(l, (*l).w.ci, n);
    if safepoint::is_due(l) {
        poll_behind(l, f.add(n));
    }
    Ok(())
}

/// Takes the current frame, `ci`, away, that of a native that returns the `n` values at its function's slot; where they are.
#[inline(always)]
pub(crate) unsafe fn pop_native(l: *mut State, ci: *mut CallInfo, n: usize) -> *mut RawValue {
    let f = (*ci).base.sub(1);
    let ci = ci.sub(1);
    (*l).w.ci = ci;
    adjust(l, ci, f, n);
    f
}

/// The safe point of a native that has returned values, which end at `end`.
#[inline(never)]
unsafe fn poll_behind(l: *mut State, end: *mut RawValue) {
    let top = (*l).w.top;
    (*l).w.top = top.max(end);
    let back = top.offset_from((*l).w.stack);
    safepoint::poll(l);
    (*l).w.top = (*l).w.stack.offset(back);
}

/// Before the native in the current frame returns the `n` values at its function's slot, while there are hooks or a pending trip:
/// afterwards they lie at the slot it was called at, and its base follows that.
#[inline(never)]
pub(crate) unsafe fn attend_return(l: *mut State, n: usize) -> Result<(), Raised> {
    if (*l).attention & attention::TRIPPED != 0 {
        return Err(budget::raise_trip(l));
    }
    if (*l).attention & attention::ENDING != 0 {
        return Err(Raised);
    }
    (*(*l).w.ci).flags &= !frame_flag::CATCH;
    let shifted = (*(*l).w.ci).flags & frame_flag::SHIFTED != 0;
    // Slots between the frame's base and the results.
    let mut before = 0;
    if shifted {
        let ci = (*l).w.ci;
        before = (*ci).extra as usize;
        (*ci).flags &= !frame_flag::SHIFTED;
        (*ci).extra = 0;
        (*ci).base = (*ci).base.sub(1 + before);
    }
    if (*l).attention & attention::RETURN != 0 {
        if !shifted {
            (*l).w.top = (*(*l).w.ci).base.sub(1).add(n);
            stack::ensure(l, 1)?;
            let f = (*(*l).w.ci).base.sub(1);
            std::ptr::copy(f, f.add(1), n);
            *f = RawValue::native((*l).anonymous_native);
        }
        let from = (*(*l).w.ci).base.add(before);
        (*l).w.top = from.add(n);
        hook::returning(l, from, n)?;
    } else if !shifted {
        return Ok(());
    }
    let base = (*(*l).w.ci).base;
    std::ptr::copy(base.add(before), base.sub(1), n);
    Ok(())
}

/// Fits `n` results at `f` to what the call word of the current frame, `ci`, wants.
#[inline(always)]
unsafe fn adjust(l: *mut State, ci: *mut CallInfo, f: *mut RawValue, n: usize) {
    let want = (*(*ci).pc.sub(1) >> 24) as usize;
    if want == 0 {
        (*l).w.top = f.add(n);
        return;
    }
    if n + 1 < want {
        fill(f, n, want - 1);
    }
}

/// Makes the results from number `n` to `want` nil.
#[inline(never)]
unsafe fn fill(f: *mut RawValue, n: usize, want: usize) {
    for i in n..want {
        (*f.add(i)).tag = tag::NIL;
    }
}

/// Returns `n` values at `from` from the current frame to the one below.
#[inline(always)]
pub(crate) unsafe fn deliver(l: *mut State, from: *mut RawValue, n: usize) {
    let ci = (*l).w.ci;
    let f = CallInfo::function_slot(ci);
    (*l).w.ci = ci.sub(1);
    let want = (*(*(*l).w.ci).pc.sub(1) >> 24) as usize;
    let count = if want == 0 { n } else { n.min(want - 1) };
    for i in 0..count {
        *f.add(i) = *from.add(i);
    }
    if want == 0 {
        (*l).w.top = f.add(n);
    } else {
        for i in n..want - 1 {
            (*f.add(i)).tag = tag::NIL;
        }
    }
}

/// Number of values an instruction with operand B at `slot` means.
#[inline(always)]
pub(crate) unsafe fn open_count(l: *mut State, b: usize, slot: *mut RawValue) -> usize {
    if b != 0 { b - 1 } else { (*l).w.top.offset_from(slot) as usize }
}

/// Slow path of `Call`.
pub(crate) unsafe fn call_op(l: *mut State, i: u32) -> u32 {
    let f = (*(*l).w.ci).base.add(arg_a(i));
    let nargs = open_count(l, arg_b(i), f.add(1));
    match precall(l, f, nargs) {
        Ok(_) => exit::CONTINUE,
        Err(Raised) => exit::ERROR,
    }
}

/// `TailCall`: the frame makes room for the called function.
pub(crate) unsafe fn tail_call_op(l: *mut State, i: u32) -> u32 {
    let mut f = (*(*l).w.ci).base.add(arg_a(i));
    let mut nargs = open_count(l, arg_b(i), f.add(1));
    if arg_c(i) != 0 {
        close::upvalues(l, (*(*l).w.ci).base);
    }
    let mut hops = 0;
    while !(*f).is_function() {
        f = match insert_handler(l, f, nargs, &mut hops) {
            Ok(f) => f,
            Err(Raised) => return exit::ERROR,
        };
        nargs += 1;
    }
    let ci = (*l).w.ci;
    if (*f).tag != tag::LCLOSURE {
        // A native raises with this frame's position, so it is called from here and its results are returned at once.
        return tail_call_value(l, f, nargs);
    }
    let target = CallInfo::function_slot(ci);
    std::ptr::copy(f, target, nargs + 1);
    (*l).w.ci = ci.sub(1);
    match enter_lua(l, target, nargs) {
        Ok(_) => {
            (*(*l).w.ci).flags |= frame_flag::TAIL;
            exit::CONTINUE
        }
        Err(Raised) => exit::ERROR,
    }
}

/// A tail call of a native: its results are returned by the `ReturnX` or `Return` behind the call.
unsafe fn tail_call_value(l: *mut State, f: *mut RawValue, nargs: usize) -> u32 {
    let ci = (*l).w.ci;
    let at = f.offset_from((*ci).base);
    (*ci).flags |= frame_flag::RETURNING;
    (*ci).saved = at as usize;
    (*ci).cont = (*ci).pc;
    (*ci).pc = super::dispatch::tail_stub();
    match precall(l, f, nargs) {
        Ok(_) => exit::CONTINUE,
        Err(Raised) => exit::ERROR,
    }
}

/// Returns the results of the call that [`tail_call_value`] made.
pub(crate) unsafe fn after_tail_call(l: *mut State) -> u32 {
    let ci = (*l).w.ci;
    let from = (*ci).base.add((*ci).saved);
    let n = (*l).w.top.offset_from(from) as usize;
    // For a hook, the frame is at the call.
    (*ci).pc = (*ci).cont;
    deliver_hooked(l, from, n)
}

/// As [`deliver`], after the return hook.
unsafe fn deliver_hooked(l: *mut State, mut from: *mut RawValue, n: usize) -> u32 {
    if (*l).attention & attention::RETURN != 0 {
        let at = from.offset_from((*l).w.stack);
        if hook::returning(l, from, n).is_err() {
            return exit::ERROR;
        }
        from = (*l).w.stack.offset(at);
    }
    deliver(l, from, n);
    exit::CONTINUE
}

/// `Return`
pub(crate) unsafe fn return_op(l: *mut State, i: u32) -> u32 {
    let from = (*(*l).w.ci).base.add(arg_a(i));
    let n = open_count(l, arg_b(i), from);
    deliver(l, from, n);
    exit::CONTINUE
}

/// `ReturnX`: closes what there is to close, one to-be-closed variable a visit.
pub(crate) unsafe fn return_x_op(l: *mut State, i: u32) -> u32 {
    let ci = (*l).w.ci;
    let from = (*ci).base.add(arg_a(i));
    let n = if (*ci).flags & frame_flag::RETURNING != 0 {
        (*ci).saved
    } else {
        open_count(l, arg_b(i), from)
    };
    if arg_c(i) != 0 {
        if close::has_pending(l, (*ci).base) {
            (*ci).flags |= frame_flag::RETURNING;
            (*ci).saved = n;
            let end = stack::frame_end(l).max(from.add(n));
            return close::call_next(l, end, RawValue::NIL);
        }
        close::upvalues(l, (*ci).base);
    }
    deliver_hooked(l, from, n)
}

/// Runs the continuation of the native in the current frame.
pub(crate) unsafe fn run_continuation(l: *mut State) -> u32 {
    let ci = (*l).w.ci;
    // A frame at the continuation stub has a `Continuation` there, see `set_continuation`.
    let continuation = std::mem::transmute::<*const u32, Continuation>((*ci).cont);
    let n = continuation(l);
    if n >= 0 {
        return match finish_native(l, n as usize) {
            Ok(()) => exit::CONTINUE,
            Err(Raised) => exit::ERROR,
        };
    }
    match n {
        SWITCHED => exit::CONTINUE,
        WAITING => exit::PARK,
        _ => exit::ERROR,
    }
}

/// Lets the native in the current frame go on in `continuation` when the call it makes next has returned.
pub(crate) unsafe fn set_continuation(l: *mut State, continuation: Continuation) {
    let ci = (*l).w.ci;
    (*ci).pc = cont_stub();
    (*ci).cont = continuation as *const u32;
}

/// Whether the native in a frame goes on in `continuation`.
pub(crate) unsafe fn goes_on_in(ci: *mut CallInfo, continuation: Continuation) -> bool {
    (*ci).pc == cont_stub() && std::ptr::eq((*ci).cont, continuation as *const u32)
}

/// All results, in [`CallInfo::saved`] of a native that returns what it calls.
const ALL_RESULTS: usize = usize::MAX;

/// In a native: calls the function below the topmost `nargs` values; its results become the native's.
pub(crate) unsafe fn and_return(
    l: *mut State,
    nargs: usize,
    results: Option<usize>,
) -> Result<(), Raised> {
    if levels(l) >= MAX_NATIVE_DEPTH {
        return Err(throw_message(l, b"C stack overflow"));
    }
    let ci = (*l).w.ci;
    let f = (*l).w.top.sub(nargs + 1);
    std::ptr::copy(f, (*ci).base, nargs + 1);
    (*ci).saved = results.unwrap_or(ALL_RESULTS);
    set_continuation(l, returned);
    // A native runs on top of this one, and may do the same.
    (*l).catch_depth += 1;
    let called = precall(l, (*ci).base, nargs);
    (*l).catch_depth -= 1;
    called.map(|_| ())
}

/// The call of [`and_return`] has returned.
unsafe fn returned(l: *mut State) -> isize {
    let ci = (*l).w.ci;
    let from = (*ci).base;
    let have = (*l).w.top.offset_from(from) as usize;
    let want = if (*ci).saved == ALL_RESULTS { have } else { (*ci).saved };
    let f = from.sub(1);
    std::ptr::copy(from, f, have.min(want));
    for i in have..want {
        *f.add(i) = RawValue::NIL;
    }
    want as isize
}

/// Calls from inside a native: the function lies below the topmost `nargs` values, which its results replace. Answers their number. On an
/// error the frames stay as they are, for whoever catches it.
#[inline(never)]
pub(crate) unsafe fn from_native(l: *mut State, nargs: usize) -> Result<usize, Raised> {
    // SAFETY: the frame is the current one.
    nested(l, nargs, |l, ci, f, nargs| unsafe { begin(l, ci, f, nargs) })
}

/// As [`from_native`], in line; `begin` makes the call, from a frame that it is given.
#[inline(always)]
pub(crate) unsafe fn nested(
    l: *mut State,
    nargs: usize,
    begin: impl FnOnce(*mut State, *mut CallInfo, *mut RawValue, usize) -> Result<Called, Raised>,
) -> Result<usize, Raised> {
    if levels(l) >= MAX_NATIVE_DEPTH {
        return Err(too_deep(l));
    }
    let f = (*l).w.top.sub(nargs + 1);
    let at = f.byte_offset_from((*l).w.stack);
    let ci = (*l).w.ci;
    let place = ci.byte_offset_from((*l).w.ci_base);
    // A call of `resume` has switched to the coroutine when it is back.
    let thread = (*l).current;
    let saved = (*ci).pc;
    let saved_cont = (*ci).cont;
    (*ci).pc = exit_stub();
    (*ci).cont = saved;
    (*l).native_depth += 1;
    let result = match begin(l, ci, f, nargs) {
        Ok(Called::Done) => Ok(()),
        Ok(Called::Pushed) => execute(l, thread, place),
        Err(Raised) => protect::unwind_or_fail(l, thread, place),
    };
    (*l).native_depth -= 1;
    if (*l).attention & attention::SLICE != 0 {
        // It may have been in the way of the end of a slice.
        budget::look_again(l);
    }
    result?;
    let ci = (*l).w.ci;
    (*ci).pc = saved;
    (*ci).cont = saved_cont;
    Ok((*l).w.top.offset_from((*l).w.stack.byte_offset(at)) as usize)
}

/// As [`precall`] from the current frame, `ci`.
#[inline(always)]
pub(crate) unsafe fn begin(
    l: *mut State,
    ci: *mut CallInfo,
    f: *mut RawValue,
    nargs: usize,
) -> Result<Called, Raised> {
    if (*f).tag == tag::LCLOSURE {
        let frame = push_lua(l, ci, f, nargs);
        if !frame.is_null() {
            (*frame).pc = (*(*(*f).as_ptr::<LuaClosure>()).proto.as_ptr()).code;
            return Ok(Called::Pushed);
        }
    }
    precall(l, f, nargs)
}

/// Raises that natives are nested too deep.
#[cold]
unsafe fn too_deep(l: *mut State) -> Raised {
    if levels(l) >= MAX_NATIVE_DEPTH + 20 {
        return throw_str(l, b"error in error handling");
    }
    (*l).native_depth += 10;
    let raised = throw_message(l, b"C stack overflow");
    (*l).native_depth -= 10;
    raised
}

/// Executes until the frame at `place` of `thread` has its call's results.
#[inline(always)]
pub(crate) unsafe fn execute(l: *mut State, thread: *mut Coro, place: isize) -> Result<(), Raised> {
    let code = run(l);
    if code == exit::DONE {
        return Ok(());
    }
    execute_on(l, thread, place, code)
}

/// Goes on with [`execute`] after an error, or leaves what is to be parked.
#[inline(never)]
unsafe fn execute_on(
    l: *mut State,
    thread: *mut Coro,
    place: isize,
    mut code: u32,
) -> Result<(), Raised> {
    loop {
        if code == exit::PARK {
            park::park(l);
            return Ok(());
        }
        if !protect::unwind(l, thread, place) {
            return Err(Raised);
        }
        code = run(l);
        if code == exit::DONE {
            return Ok(());
        }
    }
}

/// Pushes a value; the caller has made room.
pub(crate) unsafe fn push(l: *mut State, value: RawValue) {
    *(*l).w.top = value;
    (*l).w.top = (*l).w.top.add(1);
}

/// Calls `f` from a native or an isolated place; the first result, the stack as before.
pub(crate) unsafe fn with_args(
    l: *mut State,
    f: RawValue,
    args: &[RawValue],
) -> Result<RawValue, Raised> {
    stack::ensure(l, args.len() + 2)?;
    push(l, f);
    for &arg in args {
        push(l, arg);
    }
    let n = from_native(l, args.len())?;
    (*l).w.top = (*l).w.top.sub(n);
    Ok(if n == 0 { RawValue::NIL } else { *(*l).w.top })
}

/// Calls `f`; the first result, the stack as before. On failure every trace of it is removed: frames, upvalues and pending variables above
/// the current frame are gone.
pub(crate) unsafe fn isolated(
    l: *mut State,
    f: RawValue,
    args: &[RawValue],
) -> Result<RawValue, Raised> {
    // SAFETY: the values are live; room is made before they are pushed.
    guarded(l, |l| unsafe { with_args(l, f, args) })
}

/// Runs a step of a native outside of any, with what [`isolated`] does about failure.
#[inline(always)]
pub(crate) unsafe fn guarded<R>(
    l: *mut State,
    step: impl FnOnce(*mut State) -> Result<R, Raised>,
) -> Result<R, Raised> {
    let at = (*l).w.top.byte_offset_from((*l).w.stack);
    let place = (*l).w.ci.byte_offset_from((*l).w.ci_base);
    let (pc, cont) = ((*(*l).w.ci).pc, (*(*l).w.ci).cont);
    let (caught, depth) = ((*(*l).current).catch_levels, (*l).catch_depth);
    let result = step(l);
    if result.is_err() {
        ((*(*l).current).catch_levels, (*l).catch_depth) = (caught, depth);
        protect::abandon(l, place, at);
        let ci = (*l).w.ci;
        ((*ci).pc, (*ci).cont) = (pc, cont);
    }
    result
}
