//! Limits that end a run: the instruction budget, the memory cap, and the trip that no script can catch.
//!
//! While instructions are counted the state's handler table is one that counts, see [`super::dispatch`]. It steps `countdown` from
//! `segment` down to zero, where [`super::hook::watch`] looks at what is due: the budget, a count hook, a trip.
//!
//! - **B1** What was executed and is not yet charged is `segment - countdown`; [`sync`] charges it, [`select`] starts a new segment.
//! - **B2** While a trip is pending the handlers count and `countdown` is zero, so that the next instruction raises it, wherever it
//!   is; and `attention` says so, so that a native that swallows the error raises it on its return.

use super::dispatch::Mode;
use super::error::{Raised, throw_str};
use super::{State, hook, interrupt, observe, park};
use crate::value::thread::Coro;

/// Bits of [`State::attention`]: what a native's call and return look at.
pub(crate) mod attention {
    /// A call hook is set.
    pub(crate) const CALL: u32 = 1;
    /// A return hook is set.
    pub(crate) const RETURN: u32 = 2;
    /// A limit has tripped.
    pub(crate) const TRIPPED: u32 = 4;
    /// Natives are recorded.
    pub(crate) const OBSERVED: u32 = 8;
    /// The slice of a poll is over, which a native is in the way of.
    pub(crate) const SLICE: u32 = 16;
    /// The running coroutine has closed itself below a native, which is to end.
    pub(crate) const ENDING: u32 = 32;
}

/// Which limit ended a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trip {
    /// The instruction budget is used up.
    Budget,
    /// The heap would outgrow its cap.
    Memory,
    /// The host has moved the Vm out of the place it was entered through.
    Moved,
    /// The script asked to leave a process that its host does not let it leave.
    Exit,
    /// Another thread wants the run to end.
    Interrupt,
    /// The deadline of the entry has passed.
    Deadline,
}

impl Trip {
    /// The error's text, exactly.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Trip::Budget => "instruction budget exceeded",
            Trip::Memory => "memory cap exceeded",
            Trip::Moved => "the Vm was moved while it ran",
            Trip::Exit => "os.exit not available",
            Trip::Interrupt => "interrupted",
            Trip::Deadline => "deadline exceeded",
        }
    }
}

/// Units that a slice of a poll has unless the host says otherwise.
const ASYNC_SLICE: i64 = 10_000;

/// The counters of a state.
#[derive(Debug)]
pub(crate) struct Limits {
    /// Units left, as of the last [`sync`]; `None`: no budget is armed.
    pub(crate) budget: Option<i64>,
    /// Units left of the slice of a poll; `None`: none is in progress.
    pub(crate) slice: Option<i64>,
    /// Units that a slice has.
    pub(crate) async_slice: i64,
    /// The length of the current segment.
    pub(crate) segment: i64,
    /// Which limit ends the run.
    pub(crate) tripped: Option<Trip>,
    /// Whether the heap was over its cap when the host entered: the first instruction looks again.
    pub(crate) over_cap: bool,
    /// Whether the allocator refused and a collection did not help: the next instruction raises an error, which a script may catch.
    pub(crate) out_of_memory: bool,
    /// Units that one finalizer may use.
    pub(crate) finalizer_budget: Option<i64>,
    /// Whether the entry has a deadline.
    pub(crate) timed: bool,
    /// Which handlers are in use.
    pub(crate) mode: Mode,
}

impl Limits {
    /// No limits.
    pub(crate) const NONE: Limits = Limits {
        budget: None,
        slice: None,
        async_slice: ASYNC_SLICE,
        segment: i64::MAX,
        tripped: None,
        over_cap: false,
        out_of_memory: false,
        finalizer_budget: None,
        timed: false,
        mode: Mode::Plain,
    };
}

/// Charges what was executed since the last time to the budget and the running thread's count hook.
pub(crate) unsafe fn sync(l: *mut State) {
    let limits = &raw mut (*l).limits;
    let done = (*limits).segment - (*l).countdown;
    (*limits).segment = (*l).countdown;
    if let Some(budget) = (*limits).budget {
        (*limits).budget = Some(budget.saturating_sub(done));
    }
    if let Some(slice) = (*limits).slice {
        (*limits).slice = Some(slice.saturating_sub(done));
    }
    hook::charge_count(l, (*l).current, done);
}

/// Chooses the handlers for the running thread and starts a new segment. What ran before is charged already.
pub(crate) unsafe fn select(l: *mut State) {
    let limits = &raw mut (*l).limits;
    let hooks = hook::wanted(l, (*l).current);
    let due = (*limits).tripped.is_some() || (*limits).over_cap || (*limits).out_of_memory;
    let counting = (*limits).budget.is_some() || (*limits).slice.is_some() || due;
    let mode = match hooks {
        _ if (*l).observed.is_some() => Mode::Hooked,
        Mode::Plain if counting => Mode::Counting,
        mode => mode,
    };
    let mut segment = hook::count_left(l, (*l).current).unwrap_or(i64::MAX);
    if let Some(budget) = (*limits).budget {
        segment = segment.min(budget);
    }
    (*l).attention = hook::attention(l, (*l).current) | observe::attention(l);
    match (*limits).slice {
        Some(slice) if slice > 0 || park::can_park(l) => segment = segment.min(slice),
        Some(_) => (*l).attention |= attention::SLICE,
        None => {}
    }
    if (*(*l).current).closes_late {
        (*l).attention |= attention::ENDING;
    }
    if due {
        segment = 0;
    }
    if (*limits).tripped.is_some() {
        (*l).attention |= attention::TRIPPED;
    }
    (*limits).segment = segment.max(0);
    (*l).countdown = (*limits).segment;
    if (*limits).mode != mode {
        (*limits).mode = mode;
        super::dispatch::install(l, mode);
    }
}

/// Charges what ran, and chooses anew: something that handlers or natives look at has changed.
#[cold]
pub(crate) unsafe fn look_again(l: *mut State) {
    sync(l);
    select(l);
}

/// Before another thread than `from` runs: what ran is charged to it.
#[inline(always)]
pub(crate) unsafe fn leaving(l: *mut State, from: *mut Coro) {
    debug_assert!(from == (*l).current, "the running thread is left");
    if (*l).limits.mode != Mode::Plain {
        leaving_counted(l);
    }
}

#[cold]
#[inline(never)]
unsafe fn leaving_counted(l: *mut State) {
    sync(l);
}

/// When `to` runs: chooses its handlers.
#[inline(always)]
pub(crate) unsafe fn entered(l: *mut State, to: *mut Coro) {
    if (*l).limits.mode != Mode::Plain
        || (*to).hook.is_set()
        || (*l).attention & attention::ENDING != 0
    {
        select(l);
    }
}

/// Ends the run: the error that no script catches.
pub(crate) unsafe fn trip(l: *mut State, why: Trip) -> Raised {
    sync(l);
    if (*l).limits.tripped.is_none() {
        (*l).limits.tripped = Some(why);
    }
    select(l);
    raise_trip(l)
}

/// Raises the pending trip.
pub(crate) unsafe fn raise_trip(l: *mut State) -> Raised {
    let why = (*l).limits.tripped.unwrap_or(Trip::Budget);
    let raised = throw_str(l, why.text().as_bytes());
    (*l).error_kind = why.into();
    raised
}

/// At an entry: if what the host has allocated is over the cap, the first instruction collects, and trips if that does not help. The entry
/// itself must not: its arguments are rooted only once it runs.
#[inline(always)]
pub(crate) unsafe fn look_at_memory(l: *mut State) {
    if (*l).heap.exceeds_cap(0) {
        sync(l);
        (*l).limits.over_cap = true;
        select(l);
    }
}

/// The allocator refuses: the next instruction raises an error.
pub(crate) unsafe fn run_out_of_memory(l: *mut State) {
    sync(l);
    (*l).limits.out_of_memory = true;
    select(l);
}

/// Raises that the allocator has refused, if it has since this was last asked.
pub(crate) unsafe fn check_memory(l: *mut State) -> Result<(), Raised> {
    if !std::mem::take(&mut (*l).limits.out_of_memory) {
        return Ok(());
    }
    sync(l);
    select(l);
    Err(super::error::throw_out_of_memory(l))
}

/// Whether a trip is pending.
#[inline(always)]
pub(crate) unsafe fn is_tripped(l: *mut State) -> bool {
    (*l).limits.tripped.is_some()
}

/// Charges library work to an armed budget.
#[inline(always)]
pub(crate) unsafe fn charge(l: *mut State, units: u64) -> Result<(), Raised> {
    if (*l).limits.mode == Mode::Plain && !interrupt::is_asked(l) {
        return Ok(());
    }
    charge_armed(l, units)
}

#[inline(never)]
unsafe fn charge_armed(l: *mut State, units: u64) -> Result<(), Raised> {
    sync(l);
    if is_tripped(l) {
        return Err(raise_trip(l));
    }
    interrupt::notice(l)?;
    let units = i64::try_from(units).unwrap_or(i64::MAX);
    if let Some(slice) = (*l).limits.slice {
        (*l).limits.slice = Some(slice.saturating_sub(units));
        select(l);
    }
    let Some(left) = (*l).limits.budget else { return Ok(()) };
    if units > left {
        (*l).limits.budget = Some(0);
        return Err(trip(l, Trip::Budget));
    }
    (*l).limits.budget = Some(left - units);
    select(l);
    Ok(())
}

/// Units left of an armed budget; 0 while tripped.
pub(crate) unsafe fn remaining(l: *mut State) -> Option<i64> {
    sync(l);
    match (*l).limits.tripped {
        Some(Trip::Budget) => Some(0),
        _ => (*l).limits.budget.map(|left| left.max(0)),
    }
}

/// Arms or disarms the budget, which ends a trip of it.
pub(crate) unsafe fn set(l: *mut State, units: Option<i64>) {
    sync(l);
    (*l).limits.budget = units;
    if (*l).limits.tripped == Some(Trip::Budget) {
        (*l).limits.tripped = None;
    }
    select(l);
}

/// Sets the memory cap, which ends a trip of it.
pub(crate) unsafe fn set_cap(l: *mut State, bytes: Option<usize>) {
    (*l).heap.set_cap(bytes);
    if (*l).limits.tripped == Some(Trip::Memory) {
        sync(l);
        (*l).limits.tripped = None;
        select(l);
    }
}

/// The host regains control: what tripped is disarmed.
#[inline(always)]
pub(crate) unsafe fn disarm(l: *mut State) {
    if let Some(why) = (*l).limits.tripped {
        disarm_tripped(l, why);
    }
}

#[cold]
unsafe fn disarm_tripped(l: *mut State, why: Trip) {
    sync(l);
    (*l).limits.tripped = None;
    match why {
        Trip::Budget => (*l).limits.budget = None,
        Trip::Memory => (*l).heap.set_cap(None),
        Trip::Moved | Trip::Exit => {}
        Trip::Interrupt | Trip::Deadline => interrupt::done(l, why),
    }
    select(l);
}

/// Runs a finalizer under the finalizer budget: a trip of it ends the finalizer and nothing else.
pub(crate) unsafe fn within_finalizer_budget<R>(
    l: *mut State,
    run: impl FnOnce(*mut State) -> Result<R, Raised>,
) -> Result<R, Raised> {
    let Some(own) = (*l).limits.finalizer_budget else { return run(l) };
    sync(l);
    let outer = (*l).limits.budget;
    let given = outer.map_or(own, |left| left.min(own));
    (*l).limits.budget = Some(given);
    select(l);
    let result = run(l);
    sync(l);
    let used = given.saturating_sub((*l).limits.budget.unwrap_or(0));
    (*l).limits.budget = outer.map(|left| left.saturating_sub(used));
    let outer_is_spent = (*l).limits.budget.is_some_and(|left| left <= 0);
    if (*l).limits.tripped == Some(Trip::Budget) && !outer_is_spent {
        (*l).limits.tripped = None;
    }
    select(l);
    result
}
