//! The hook of the host: one for the whole state, in every coroutine, called before the hooks that scripts set.

use super::error::Raised;
use super::frame::frame_flag;
use super::hook::{self, Event, mask};
use super::{State, budget, stack};

/// What the host has called. It leaves the frames as they were.
pub(crate) type Call = dyn FnMut(*mut State, Event) -> Result<(), Raised>;

/// The hook of the host.
#[derive(Default)]
pub(crate) struct HostHook {
    /// What is called; none while it runs, or if there is no hook.
    call: Option<Box<Call>>,
    /// When it is called, see [`mask`].
    mask: u8,
    /// Whether it, or a script's hook, runs now, and it is not to be called meanwhile.
    pub(super) running: bool,
    /// Every how many instructions.
    count: i64,
    /// Instructions left until then.
    left: i64,
    /// How often a hook was set: one that has replaced itself is not put back.
    generation: u64,
}

impl HostHook {
    /// Whether a hook runs.
    pub(crate) fn is_running(&self) -> bool {
        self.running
    }

    /// The mask as far as the hook may be called now.
    pub(super) fn active(&self) -> u8 {
        if self.running { 0 } else { self.mask }
    }

    /// Instructions until the count hook is due.
    pub(super) fn count_left(&self) -> Option<i64> {
        (self.active() & mask::COUNT != 0).then_some(self.left)
    }

    /// Takes instructions off the count.
    pub(super) fn charge(&mut self, done: i64) {
        if self.active() & mask::COUNT != 0 {
            self.left = self.left.saturating_sub(done);
        }
    }

    /// Whether the count hook is due; then it counts anew.
    pub(super) fn take_due(&mut self) -> bool {
        let due = self.count_left().is_some_and(|left| left <= 0);
        if due {
            self.left = self.count;
        }
        due
    }
}

/// Replaces the hook; the one that was there, to be dropped once nothing else is being done.
pub(crate) unsafe fn set(
    l: *mut State,
    call: Option<Box<Call>>,
    bits: u8,
    count: i64,
) -> Option<Box<Call>> {
    budget::sync(l);
    let bits = if count < 1 { bits & !mask::COUNT } else { bits };
    let hook = &raw mut (*l).host_hook;
    (*hook).mask = if call.is_some() { bits } else { 0 };
    (*hook).count = count;
    // The instruction that is about to be executed has been counted.
    (*hook).left = count - 1;
    (*hook).generation += 1;
    let before = std::mem::replace(&mut (*hook).call, call);
    hook::begin_with_frames(l, &raw const (*l).w);
    budget::select(l);
    before
}

/// Calls the hook, before an instruction or in the frame of a native.
pub(super) unsafe fn fire(l: *mut State, event: Event) -> Result<(), Raised> {
    let Some(mut call) = (*l).host_hook.call.take() else { return Ok(()) };
    let generation = (*l).host_hook.generation;
    let paused = hook::pause(l);
    let ci = (*l).w.ci;
    let (top, at) = ((*l).w.top.offset_from((*l).w.stack), ci.offset_from((*l).w.ci_base));
    (*l).w.top = stack::frame_end(l).max((*l).w.top);
    (*ci).flags |= frame_flag::HOOKED;
    let result = call(l, event);
    (*(*l).w.ci_base.offset(at)).flags &= !frame_flag::HOOKED;
    (*l).w.top = (*l).w.stack.offset(top);
    let replaced = (*l).host_hook.generation != generation;
    if !replaced {
        (*l).host_hook.call = Some(call);
    }
    hook::unpause(l, paused);
    result
}
