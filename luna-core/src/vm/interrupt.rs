//! Stopping a run from another thread.
//!
//! What is asked for stands in the state, and the handler table is made one that looks at each instruction: so asking costs a run nothing
//! until it happens, and it is noticed at the next instruction. A native is asked at its call and when it charges.
//!
//! - **I1** The place of a [`Switch`] is null, or the [`Asked`] and the table of a live state, which takes them back before it is freed; both
//!   are used by other threads only under the lock, and are atomics.
//! - **I2** Who asks says so first and changes the table then; who changes the table looks afterwards whether something was asked. Between
//!   the two stands a fence on both sides, so one of them sees the other.

use std::fmt;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering, fence};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::State;
use super::budget::{self, Trip};
use super::dispatch::{self, Table};
use super::error::Raised;

/// Bits of [`Asked::what`].
mod ask {
    /// Somebody wants the run to end.
    pub(super) const INTERRUPT: u8 = 1;
    /// The deadline of the entry has passed.
    pub(super) const DEADLINE: u8 = 2;
}

/// What other threads want of a state.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    what: AtomicU8,
    /// Which entry it is, for who wants something of that entry only.
    entry: AtomicU64,
}

impl Asked {
    /// What is asked for; 0: nothing.
    pub(crate) fn what(&self) -> &AtomicU8 {
        &self.what
    }

    /// Whether somebody wants something.
    #[inline(always)]
    fn is_any(&self) -> bool {
        self.what.load(Ordering::Relaxed) != 0
    }
}

/// Where the state is, for other threads.
#[derive(Clone, Copy)]
struct Place {
    asked: *const Asked,
    table: *const Table,
}

// SAFETY: I1; what it points to are atomics of a state that is live as long as the place is kept.
unsafe impl Send for Place {}

impl Place {
    /// Asks for something, and has the run look.
    ///
    /// # Safety
    /// I1; the lock is held.
    unsafe fn ask(self, what: u8) {
        (*self.asked).what.fetch_or(what, Ordering::SeqCst);
        fence(Ordering::SeqCst);
        (*self.table).poke();
    }
}

/// The way to a state from other threads.
#[derive(Default)]
pub(crate) struct Switch(Mutex<Option<Place>>);

impl fmt::Debug for Switch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Switch").field(&self.lock().is_some()).finish()
    }
}

impl Switch {
    fn lock(&self) -> MutexGuard<'_, Option<Place>> {
        // Nothing is done under the lock that could be left half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells where a state is, or that it is about to be freed.
    ///
    /// # Safety
    /// I1; the state is live until this is told of its end.
    pub(crate) unsafe fn attach(&self, l: *mut State) {
        *self.lock() = if l.is_null() {
            None
        } else {
            Some(Place { asked: &raw const (*l).asked, table: &raw const (*l).table })
        };
    }

    /// Asks the run to end; whether the state is still there.
    pub(crate) fn interrupt(&self) -> bool {
        let place = self.lock();
        // SAFETY: I1; the lock is held.
        place.is_some_and(|place| unsafe {
            place.ask(ask::INTERRUPT);
            true
        })
    }

    /// Takes back what [`Switch::interrupt`] has asked, if it has not been noticed.
    pub(crate) fn clear(&self) {
        if let Some(place) = *self.lock() {
            // SAFETY: I1; the lock is held.
            unsafe { (*place.asked).what.fetch_and(!ask::INTERRUPT, Ordering::SeqCst) };
        }
    }

    /// Ends the entry of this number, if it is still that one.
    pub(crate) fn expire(&self, entry: u64) {
        if let Some(place) = *self.lock() {
            // SAFETY: I1; the lock is held.
            unsafe {
                if (*place.asked).entry.load(Ordering::Relaxed) == entry {
                    place.ask(ask::DEADLINE);
                }
            }
        }
    }
}

/// Whether somebody wants something.
#[inline(always)]
pub(crate) unsafe fn is_asked(l: *mut State) -> bool {
    (*l).asked.is_any()
}

/// Ends the run if somebody wants it to.
pub(crate) unsafe fn notice(l: *mut State) -> Result<(), Raised> {
    let what = (*l).asked.what.load(Ordering::SeqCst);
    if what & ask::INTERRUPT != 0 {
        return Err(budget::trip(l, Trip::Interrupt));
    }
    if what & ask::DEADLINE != 0 {
        return Err(budget::trip(l, Trip::Deadline));
    }
    Ok(())
}

/// After the handler table has been changed: I2.
pub(crate) unsafe fn table_changed(l: *mut State) {
    fence(Ordering::SeqCst);
    if is_asked(l) {
        (*l).table.poke();
    }
}

/// What was asked has happened: the host knows of the trip.
pub(crate) unsafe fn done(l: *mut State, why: Trip) {
    let bit = match why {
        Trip::Interrupt => ask::INTERRUPT,
        Trip::Deadline => ask::DEADLINE,
        _ => return,
    };
    (*l).asked.what.fetch_and(!bit, Ordering::SeqCst);
}

/// A new entry, which has a deadline: its number.
pub(crate) unsafe fn begin_entry(l: *mut State) -> u64 {
    // Only this thread writes it.
    let entry = (*l).asked.entry.load(Ordering::Relaxed) + 1;
    (*l).asked.entry.store(entry, Ordering::Relaxed);
    entry
}

/// The entry that has a deadline ends: it cannot be asked for any more.
pub(crate) unsafe fn end_entry(l: *mut State) {
    // Under the lock, so that nobody has compared the number and is about to ask.
    let switch = Arc::clone(&(*l).switch);
    let _place = switch.lock();
    begin_entry(l);
    if (*l).asked.what.fetch_and(!ask::DEADLINE, Ordering::SeqCst) & ask::DEADLINE != 0 {
        dispatch::install(l, (*l).limits.mode);
    }
}
