//! Polls: runs of a coroutine that are put aside in the middle of something, and go on there.
//!
//! A poll resumes a coroutine as the host does. Where its slice is over, or where a native waits for something, the running coroutine is
//! *parked*: it and all that wait for it, down to the polled one, keep their frames as they are, and control goes back to who polls.
//!
//! - **P1** `State::poll` is null or points to a [`Poll`] on the Rust stack of whoever polls, which takes it away before it returns.
//! - **P2** A coroutine is parked only where no native is in the way: every frame from the polled coroutine up goes on by itself.
//! - **P3** `parked` of a parked coroutine that is polled is the innermost one; from there `resumer` leads back to it.

use std::ptr::{null_mut, replace};

use super::call::{self, Called};
use super::coroutine::{await_coroutine, switch};
use super::error::{Raised, throw_str};
use super::frame::{CallInfo, frame_flag};
use super::limits::{MAX_NATIVE_DEPTH, levels};
use super::{State, budget, close, stack};
use crate::value::repr::RawValue;
use crate::value::thread::{Coro, CoroState};

/// Why a coroutine was parked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Parked {
    /// Its slice is over: it can go on at once.
    SliceOver,
    /// It waits, and will wake whoever polls.
    Waiting,
}

/// A poll in progress.
#[derive(Debug)]
pub(crate) struct Poll {
    /// The coroutine that is polled.
    coroutine: *mut Coro,
    /// Native levels that it runs at; what runs deeper is not parked.
    depth: usize,
    /// What wakes whoever polls: a `Context`.
    context: *mut (),
    /// Why it was parked, if it was.
    parked: Option<Parked>,
    /// The poll that this one is made in.
    outer: *mut Poll,
    /// What is left of that one's slice, and what this one's was at first.
    outer_slice: (Option<i64>, i64),
}

impl Poll {
    /// A poll that has not begun.
    pub(crate) fn new(coroutine: *mut Coro, context: *mut ()) -> Poll {
        let (outer, outer_slice) = (null_mut(), (None, 0));
        Poll { coroutine, depth: 0, context, parked: None, outer, outer_slice }
    }

    /// Begins it: a slice is armed.
    ///
    /// # Safety
    /// P1: the poll stays where it is until [`Poll::end`].
    pub(crate) unsafe fn begin(this: *mut Poll, l: *mut State) {
        budget::sync(l);
        let limits = &raw mut (*l).limits;
        let units = (*limits).async_slice;
        (*this).outer_slice = (replace(&raw mut (*limits).slice, Some(units)), units);
        (*this).outer = replace(&raw mut (*l).poll, this);
        // Nothing is parked before it runs.
        (*this).depth = usize::MAX;
        budget::select(l);
    }

    /// Ends it; what it has used counts for the poll around it.
    ///
    /// # Safety
    /// As [`Poll::begin`].
    pub(crate) unsafe fn end(this: *mut Poll, l: *mut State) {
        budget::sync(l);
        let (outer, units) = (*this).outer_slice;
        let limits = &raw mut (*l).limits;
        let used = units.saturating_sub((*limits).slice.unwrap_or(units));
        (*limits).slice = outer.map(|left| left.saturating_sub(used));
        (*l).poll = (*this).outer;
        budget::select(l);
    }

    /// Why the coroutine was parked, if it was.
    pub(crate) fn parked(&self) -> Option<Parked> {
        self.parked
    }
}

/// What wakes whoever polls the running coroutine, if it can wait here.
pub(crate) unsafe fn context(l: *mut State) -> Result<*mut (), Raised> {
    let poll = (*l).poll;
    if poll.is_null() {
        return Err(throw_str(l, b"async native called in sync context"));
    }
    if !can_park(l) {
        return Err(throw_str(l, b"attempt to await across a native call boundary"));
    }
    Ok((*poll).context)
}

/// Whether no native is in the way of parking what runs: P2.
pub(crate) unsafe fn can_park(l: *mut State) -> bool {
    let poll = (*l).poll;
    !poll.is_null() && (*poll).depth == (*l).native_depth
}

/// Calls the native of `coroutine::host_resume_entry` at `f`, or goes on where the coroutine of the current poll was parked.
pub(crate) unsafe fn go_on(
    l: *mut State,
    ci: *mut CallInfo,
    f: *mut RawValue,
    nargs: usize,
) -> Result<Called, Raised> {
    let poll = (*l).poll;
    (*poll).depth = (*l).native_depth;
    let co = (*poll).coroutine;
    if (*co).parked.is_null() {
        return call::precall(l, f, nargs);
    }
    if levels(l) >= MAX_NATIVE_DEPTH {
        return Err(throw_str(l, b"C stack overflow"));
    }
    (*l).w.top = f.add(1 + nargs);
    let mut frame = ci;
    if frame == (*l).w.ci_end {
        stack::grow_frames(l)?;
        frame = (*l).w.ci;
    }
    await_coroutine(call::push_native(l, frame, f), frame_flag::HOST_RESUME);
    unpark(l, co);
    Ok(Called::Pushed)
}

/// Makes a parked coroutine, and what it waits for, run on.
unsafe fn unpark(l: *mut State, co: *mut Coro) {
    let from = (*l).current;
    (*from).state = CoroState::Normal;
    let innermost = replace(&raw mut (*co).parked, null_mut());
    let mut thread = innermost;
    loop {
        (*thread).state = CoroState::Normal;
        (*thread).entry_depth = (*l).native_depth;
        (*l).resume_depth += 1;
        (*l).catch_depth += (*thread).catch_levels;
        if (*thread).header.is_black() {
            (*l).heap.barrier_back(thread.cast());
        }
        if thread == co {
            break;
        }
        thread = (*thread).resumer;
    }
    (*co).resumer = from;
    (*innermost).state = CoroState::Running;
    switch(l, from, innermost);
}

/// Parks the running coroutine and those that wait for it; the frame that polls goes on as if the poll had returned nothing.
pub(crate) unsafe fn park(l: *mut State) {
    let poll = (*l).poll;
    let (co, innermost) = ((*poll).coroutine, (*l).current);
    let mut thread = innermost;
    loop {
        (*thread).state = CoroState::Parked;
        (*l).resume_depth -= 1;
        (*l).catch_depth -= (*thread).catch_levels;
        if thread == co {
            break;
        }
        thread = (*thread).resumer;
    }
    let resumer = replace(&raw mut (*co).resumer, null_mut());
    (*co).parked = innermost;
    if (*co).header.is_black() {
        (*l).heap.barrier_back(co.cast());
    }
    let is_over = (*l).limits.slice.is_some_and(|left| left <= 0);
    (*poll).parked = Some(if is_over { Parked::SliceOver } else { Parked::Waiting });
    switch(l, innermost, resumer);
    (*resumer).state = CoroState::Running;
    let ci = (*l).w.ci;
    (*l).w.top = CallInfo::function_slot(ci);
    (*l).w.ci = ci.sub(1);
}

/// Gives a parked coroutine up: it and those it waits for are dead. Nothing of theirs runs any more; the innermost is given to `release` first.
pub(crate) unsafe fn discard(
    l: *mut State,
    co: *mut Coro,
    release: impl FnOnce(*mut State, *mut Coro),
) {
    let back = (*l).current;
    let innermost = replace(&raw mut (*co).parked, null_mut());
    if innermost.is_null() {
        return;
    }
    release(l, innermost);
    let mut thread = innermost;
    loop {
        let next = replace(&raw mut (*thread).resumer, null_mut());
        switch(l, back, thread);
        (*l).w.ci = (*l).w.ci_base;
        let bottom = (*l).w.stack.add(1);
        close::forget(l);
        close::upvalues(l, bottom);
        (*l).w.top = bottom;
        switch(l, thread, back);
        (*thread).state = CoroState::Dead;
        if thread == co {
            break;
        }
        thread = next;
    }
}
