//! Debug hooks: the functions that scripts and hosts have called at calls, returns, lines and every so many instructions.

use super::budget::{self, attention};
use super::dispatch::{Mode, exit};
use super::error::Raised;
use super::frame::{CallInfo, frame_flag};
use super::op::{arg_a, arg_b, op_of};
use super::{State, call, host_hook, interrupt, observe, park, safepoint, stack};
use crate::bytecode::op::Op;
use crate::value::function::{NativeClosure, NativeEntry, Proto};
use crate::value::repr::RawValue;
use crate::value::string::Str;
use crate::value::thread::{Coro, ThreadWords};

/// Bits of a hook's mask.
pub(crate) mod mask {
    /// At each call.
    pub(crate) const CALL: u8 = 1;
    /// At each return.
    pub(crate) const RETURN: u8 = 2;
    /// At each new line.
    pub(crate) const LINE: u8 = 4;
    /// Every so many instructions.
    pub(crate) const COUNT: u8 = 8;
}

/// A coroutine's hook.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hook {
    /// The function; nil: none.
    pub(crate) function: RawValue,
    /// When it is called, see [`mask`].
    pub(crate) mask: u8,
    /// Whether it runs now, and is not to be called meanwhile.
    pub(crate) running: bool,
    /// Every how many instructions.
    pub(crate) count: i64,
    /// Instructions left until then.
    pub(crate) left: i64,
    /// Index of the last instruction seen: a line is new if it differs from that one's.
    pub(crate) last_pc: usize,
}

impl Hook {
    /// No hook.
    pub(crate) const NONE: Hook =
        Hook { function: RawValue::NIL, mask: 0, running: false, count: 0, left: 0, last_pc: 0 };

    /// Whether there is one.
    #[inline(always)]
    pub(crate) fn is_set(&self) -> bool {
        self.mask != 0
    }

    /// The mask as far as the hook may be called now.
    fn active(&self) -> u8 {
        if self.running || self.function.is_nil() { 0 } else { self.mask }
    }
}

/// The values that a call or return hook can look at: locals `first..first + count` of the hooked frame.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Transfer {
    /// Number of the first, from 1.
    pub(crate) first: u32,
    /// How many.
    pub(crate) count: u32,
}

/// What a hook is called for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Event {
    /// A call.
    Call,
    /// A call in place of the frame that makes it.
    TailCall,
    /// A return.
    Return,
    /// Another line, if the lines are known.
    Line(Option<u32>),
    /// So many instructions.
    Count,
}

impl Event {
    /// The bit of a mask that stands for it.
    fn bit(self) -> u8 {
        match self {
            Event::Call | Event::TailCall => mask::CALL,
            Event::Return => mask::RETURN,
            Event::Line(_) => mask::LINE,
            Event::Count => mask::COUNT,
        }
    }
}

/// When hooks are called while a thread runs: the script's or the host's.
unsafe fn active(l: *mut State, thread: *mut Coro) -> u8 {
    (*thread).hook.active() | (*l).host_hook.active()
}

/// The handlers that hooks need while a thread runs.
pub(crate) unsafe fn wanted(l: *mut State, thread: *mut Coro) -> Mode {
    let active = active(l, thread);
    if active & (mask::CALL | mask::RETURN | mask::LINE) != 0 {
        Mode::Hooked
    } else if active & mask::COUNT != 0 {
        Mode::Counting
    } else {
        Mode::Plain
    }
}

/// What natives' calls and returns have to look at.
pub(crate) unsafe fn attention(l: *mut State, thread: *mut Coro) -> u32 {
    let active = active(l, thread);
    let mut bits = 0;
    if active & mask::CALL != 0 {
        bits |= attention::CALL;
    }
    if active & (mask::RETURN | mask::LINE) != 0 {
        bits |= attention::RETURN;
    }
    bits
}

/// Instructions until a count hook is due while a thread runs.
pub(crate) unsafe fn count_left(l: *mut State, thread: *mut Coro) -> Option<i64> {
    let hook = &raw const (*thread).hook;
    let own = ((*hook).active() & mask::COUNT != 0).then(|| (*hook).left);
    [own, (*l).host_hook.count_left()].into_iter().flatten().min()
}

/// Takes instructions of a thread off the counts.
pub(crate) unsafe fn charge_count(l: *mut State, thread: *mut Coro, done: i64) {
    (*l).host_hook.charge(done);
    let hook = &raw mut (*thread).hook;
    if (*hook).active() & mask::COUNT != 0 {
        (*hook).left = (*hook).left.saturating_sub(done);
    }
}

/// Sets the hook of a thread.
pub(crate) unsafe fn set(
    l: *mut State,
    thread: *mut Coro,
    function: RawValue,
    bits: u8,
    count: i64,
) {
    budget::sync(l);
    let hook = &raw mut (*thread).hook;
    let off = function.is_nil() || bits == 0;
    (*hook).function = if off { RawValue::NIL } else { function };
    (*hook).mask = if off { 0 } else { bits };
    (*hook).count = count;
    (*hook).left = count - 1;
    if (*thread).header.is_black() {
        (*l).heap.barrier_back(thread.cast());
    }
    let words = if thread == (*l).current { &raw const (*l).w } else { &raw const (*thread).words };
    begin_with_frames(l, words);
    budget::select(l);
}

/// Hooks begin while a thread has frames, which have been called already.
pub(super) unsafe fn begin_with_frames(l: *mut State, words: *const ThreadWords) {
    if (*l).anonymous_native.is_null() {
        (*l).anonymous_native = make_anonymous(l);
    }
    let mut ci = (*words).ci_base;
    while ci <= (*words).ci {
        (*ci).flags = (*ci).flags & !frame_flag::AGAIN | frame_flag::SEEN;
        ci = ci.add(1);
    }
}

/// What stands for a native that was called before hooks were on, when it returns.
unsafe fn make_anonymous(l: *mut State) -> *mut NativeClosure {
    unsafe fn nothing(_: *mut State, _: *mut RawValue, _: usize) -> isize {
        0
    }
    let entry: NativeEntry = nothing;
    NativeClosure::new(&mut (*l).heap, entry, std::ptr::null(), "?", 0)
}

/// Before an instruction, while some are counted or hooked: raises a trip, calls the hooks that are due.
pub(crate) unsafe fn watch(l: *mut State, word: u32) -> u32 {
    match watch_instruction(l, word) {
        Ok(code) => code,
        Err(Raised) => exit::ERROR,
    }
}

unsafe fn watch_instruction(l: *mut State, word: u32) -> Result<u32, Raised> {
    if interrupt::is_asked(l) && !budget::is_tripped(l) {
        interrupt::notice(l)?;
    }
    if (*l).limits.mode == Mode::Plain {
        // Another thread wanted this, and has what it wanted, or has thought better of it.
        super::dispatch::install(l, Mode::Plain);
        return Ok(exit::CONTINUE);
    }
    if (*l).countdown <= 0 {
        budget::sync(l);
        if std::mem::take(&mut (*l).limits.over_cap) {
            // Between two instructions everything live lies in frames or below the top.
            safepoint::poll(l);
        }
        if budget::is_tripped(l) {
            return Err(budget::raise_trip(l));
        }
        budget::check_memory(l)?;
        if (*l).limits.budget.is_some_and(|left| left <= 0) {
            return Err(budget::trip(l, budget::Trip::Budget));
        }
        if (*l).limits.slice.is_some_and(|left| left <= 0) && park::can_park(l) {
            let ci = (*l).w.ci;
            (*ci).pc = (*ci).pc.sub(1);
            return Ok(exit::PARK);
        }
        if (*l).host_hook.take_due() {
            budget::select(l);
            host_hook::fire(l, Event::Count)?;
        }
        let hook = &raw mut (*(*l).current).hook;
        if (*hook).active() & mask::COUNT != 0 && (*hook).left <= 0 {
            (*hook).left = (*hook).count;
            budget::select(l);
            fire_script(l, Event::Count, Transfer::default())?;
            // The hook's return makes the line new again.
            (*hook).last_pc = CallInfo::current_pc((*l).w.ci);
        }
        budget::select(l);
    }
    (*l).countdown -= 1;
    if (*l).limits.mode == Mode::Hooked {
        observe::instruction(l, word);
        hooks_of_instruction(l, word)?;
    }
    Ok(exit::CONTINUE)
}

/// The call, line and return hooks of the instruction the current frame is about to execute.
unsafe fn hooks_of_instruction(l: *mut State, word: u32) -> Result<(), Raised> {
    let ci = (*l).w.ci;
    let proto = (*CallInfo::closure(ci)).proto.as_ptr();
    let pc = CallInfo::current_pc(ci);
    let hook = &raw mut (*(*l).current).hook;
    if (*ci).flags & frame_flag::AGAIN != 0 {
        (*ci).flags &= !frame_flag::AGAIN;
        (*hook).last_pc = pc;
        return Ok(());
    }
    if op_of(word) == Op::VarArgTab {
        // The function starts behind what makes its vararg table.
        return Ok(());
    }
    if pc <= 1 && (*ci).flags & frame_flag::SEEN == 0 {
        (*ci).flags |= frame_flag::SEEN;
        (*hook).last_pc = pc;
        if active(l, (*l).current) & mask::CALL != 0 {
            let tail = (*ci).flags & frame_flag::TAIL != 0;
            let event = if tail { Event::TailCall } else { Event::Call };
            let count = u32::from(Proto::def(proto).num_params);
            fire(l, event, Transfer { first: 1, count })?;
        }
    }
    if active(l, (*l).current) & mask::LINE != 0 && !starts_loop(proto, (*hook).last_pc, word) {
        let lines = &Proto::def(proto).lines;
        let last = if (*hook).last_pc < lines.len() { (*hook).last_pc } else { 0 };
        let line = lines.get(pc).copied();
        if pc <= last || lines.get(last).copied() != line {
            fire(l, Event::Line(line), Transfer::default())?;
        }
        (*hook).last_pc = pc;
    }
    if matches!(op_of(word), Op::Return | Op::Return0 | Op::Return1) {
        let ci = (*l).w.ci;
        let a = arg_a(word);
        let n = match op_of(word) {
            Op::Return0 => 0,
            Op::Return1 => 1,
            _ if arg_b(word) != 0 => arg_b(word) - 1,
            _ => (*l).w.top.offset_from((*ci).base.add(a)) as usize,
        };
        returning(l, (*ci).base.add(a), n)?;
    }
    Ok(())
}

/// Whether an instruction is the first call of a loop's iterator: that is one step with what prepares the loop.
unsafe fn starts_loop(proto: *mut Proto, last_pc: usize, word: u32) -> bool {
    let code = &Proto::def(proto).code;
    op_of(word) == Op::TForCall
        && code.get(last_pc).is_some_and(|&last| op_of(last) == Op::TForPrep)
}

/// The return hook of the current frame, whose `n` results lie at `from`. The stack may move.
pub(crate) unsafe fn returning(l: *mut State, from: *mut RawValue, n: usize) -> Result<(), Raised> {
    let hook = &raw mut (*(*l).current).hook;
    if active(l, (*l).current) & mask::RETURN != 0 {
        let first = from.offset_from((*(*l).w.ci).base) as u32 + 1;
        fire(l, Event::Return, Transfer { first, count: n as u32 })?;
    }
    let caller = (*l).w.ci.sub(1);
    if caller > (*l).w.ci_base && CallInfo::is_lua(caller) {
        (*hook).last_pc = CallInfo::current_pc(caller);
    }
    Ok(())
}

/// The call hook of the native in the current frame.
pub(crate) unsafe fn native_called(l: *mut State, nargs: usize) -> Result<(), Raised> {
    fire(l, Event::Call, Transfer { first: 1, count: nargs as u32 })
}

/// Which hooks could be called before they were kept from it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Paused {
    script: bool,
    host: bool,
}

/// Keeps the hooks from being called.
pub(crate) unsafe fn pause(l: *mut State) -> Paused {
    budget::sync(l);
    let script = !std::mem::replace(&mut (*(*l).current).hook.running, true);
    let host = !std::mem::replace(&mut (*l).host_hook.running, true);
    budget::select(l);
    Paused { script, host }
}

/// Lets those hooks be called again that [`pause`] has kept from it.
pub(crate) unsafe fn unpause(l: *mut State, paused: Paused) {
    budget::sync(l);
    (*(*l).current).hook.running &= !paused.script;
    (*l).host_hook.running &= !paused.host;
    budget::select(l);
}

/// Whether [`pause`] has something to do.
pub(crate) unsafe fn is_on(l: *mut State) -> bool {
    active(l, (*l).current) != 0
}

/// Calls the hooks that want to know of an event: the host's, then the running thread's.
unsafe fn fire(l: *mut State, event: Event, transfer: Transfer) -> Result<(), Raised> {
    if (*l).host_hook.active() & event.bit() != 0 {
        host_hook::fire(l, event)?;
    }
    if (*(*l).current).hook.active() & event.bit() != 0 {
        fire_script(l, event, transfer)?;
    }
    Ok(())
}

/// Calls the running thread's hook.
unsafe fn fire_script(l: *mut State, event: Event, transfer: Transfer) -> Result<(), Raised> {
    let thread = (*l).current;
    let function = (*thread).hook.function;
    let (name, line) = match event {
        Event::Call => ("call", None),
        Event::TailCall => ("tail call", None),
        Event::Return => ("return", None),
        Event::Line(line) => ("line", line),
        Event::Count => ("count", None),
    };
    let paused = pause(l);
    let ci = (*l).w.ci;
    let (top, at) = ((*l).w.top.offset_from((*l).w.stack), ci.offset_from((*l).w.ci_base));
    (*l).w.top = stack::frame_end(l).max((*l).w.top);
    (*ci).flags |= frame_flag::HOOKED;
    let outer = std::mem::replace(&mut (*l).transfer, transfer);
    let name = RawValue::str(Str::new(&mut (*l).heap, name.as_bytes()));
    let line = line.map_or(RawValue::NIL, |line| RawValue::int(i64::from(line)));
    let result = call::with_args(l, function, &[name, line]);
    (*l).transfer = outer;
    unpause(l, paused);
    result?;
    (*(*l).w.ci_base.offset(at)).flags &= !frame_flag::HOOKED;
    (*l).w.top = (*l).w.stack.offset(top);
    Ok(())
}
