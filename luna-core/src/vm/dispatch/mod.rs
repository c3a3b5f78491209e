//! Reaching the next handler: two back ends behind one set of macros.
//!
//! With `cfg(tail_dispatch)` (optimised builds where tail calls are known to come out) handlers call each other through the
//! table in the state; otherwise each returns to one `loop { match }`. Handler bodies are written once against [`next!`],
//! [`reload!`], [`slow!`] and [`leave!`].

#[cfg(not(tail_dispatch))]
mod match_loop;
#[cfg(tail_dispatch)]
mod tail;

#[cfg(not(tail_dispatch))]
pub(crate) use match_loop::{Flow, Table, install, leave, next, run};
#[cfg(tail_dispatch)]
pub(crate) use tail::{Flow, Table, install, leave, next, run};

/// What happens besides executing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Nothing.
    Plain,
    /// Instructions are counted.
    Counting,
    /// Every instruction is looked at before it is executed.
    Hooked,
}

/// Why [`run`] came back.
pub(crate) mod exit {
    /// Not at all: go on from the current frame.
    pub(crate) const CONTINUE: u32 = 0;
    /// The entry frame's call returned.
    pub(crate) const DONE: u32 = 1;
    /// An error is in the state.
    pub(crate) const ERROR: u32 = 2;
    /// The running thread can be put aside where it is: its slice is over, or it waits for something.
    pub(crate) const PARK: u32 = 3;
}

/// Codes of the instructions that occur only in stubs.
pub(crate) mod stub_op {
    /// Leaves [`super::run`].
    pub(crate) const EXIT: u32 = 250;
    /// Finishes the instruction a metamethod was called for.
    pub(crate) const FINISH: u32 = 251;
    /// Runs a native's continuation.
    pub(crate) const CONT: u32 = 252;
    /// The body of a coroutine returned.
    pub(crate) const CORO_DONE: u32 = 253;
    /// Returns the results of a native that was called last.
    pub(crate) const TAIL: u32 = 254;
}

/// A two-word program: a return reads the wanted number of results from the first word's C, then runs the second.
#[repr(C)]
pub(crate) struct Stubs {
    exit: [u32; 2],
    finish: [u32; 2],
    cont: [u32; 2],
    coro_done: [u32; 2],
    tail: [u32; 2],
}

/// All results wanted (C = 0).
const ALL: u32 = 0;
/// One result wanted.
const ONE: u32 = 2 << 24;

static STUBS: Stubs = Stubs {
    exit: [ALL, stub_op::EXIT],
    finish: [ONE, stub_op::FINISH],
    cont: [ALL, stub_op::CONT],
    coro_done: [ALL, stub_op::CORO_DONE],
    tail: [ALL, stub_op::TAIL],
};

/// Where an entry frame goes on.
pub(crate) fn exit_stub() -> *const u32 {
    &raw const STUBS.exit[1]
}
/// Where a frame with an interrupted instruction goes on.
pub(crate) fn finish_stub() -> *const u32 {
    &raw const STUBS.finish[1]
}
/// Where a native with a continuation goes on.
pub(crate) fn cont_stub() -> *const u32 {
    &raw const STUBS.cont[1]
}
/// Where a coroutine's base frame goes on.
pub(crate) fn coro_done_stub() -> *const u32 {
    &raw const STUBS.coro_done[1]
}

/// Where a frame goes on that called a native as its last act.
pub(crate) fn tail_stub() -> *const u32 {
    &raw const STUBS.tail[1]
}

/// Whether `pc` lies in a stub.
#[inline(always)]
pub(crate) fn is_stub(pc: *const u32) -> bool {
    (pc.addr()).wrapping_sub((&raw const STUBS).addr()) < size_of::<Stubs>()
}
