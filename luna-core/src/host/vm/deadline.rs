//! Deadlines: one thread of the process that ends runs whose time is over.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::vm::interrupt::Switch;

/// An entry that is to end at some time.
struct Deadline {
    at: Instant,
    switch: Arc<Switch>,
    entry: u64,
}

impl PartialEq for Deadline {
    fn eq(&self, other: &Deadline) -> bool {
        self.at == other.at
    }
}

impl Eq for Deadline {}

impl PartialOrd for Deadline {
    fn partial_cmp(&self, other: &Deadline) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Deadline {
    fn cmp(&self, other: &Deadline) -> std::cmp::Ordering {
        self.at.cmp(&other.at)
    }
}

/// The deadlines of all runs, the next one first.
#[derive(Default)]
struct Watch {
    deadlines: Mutex<BinaryHeap<Reverse<Deadline>>>,
    changed: Condvar,
}

impl Watch {
    fn lock(&self) -> MutexGuard<'_, BinaryHeap<Reverse<Deadline>>> {
        self.deadlines.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends what is due, for ever.
    fn run(&self) {
        let mut deadlines = self.lock();
        loop {
            let now = Instant::now();
            match deadlines.peek() {
                Some(Reverse(next)) if next.at <= now => {
                    if let Some(Reverse(due)) = deadlines.pop() {
                        due.switch.expire(due.entry);
                    }
                }
                Some(Reverse(next)) => {
                    let wait = next.at - now;
                    let woken = self.changed.wait_timeout(deadlines, wait);
                    deadlines = woken.unwrap_or_else(PoisonError::into_inner).0;
                }
                None => {
                    let woken = self.changed.wait(deadlines);
                    deadlines = woken.unwrap_or_else(PoisonError::into_inner);
                }
            }
        }
    }
}

/// The watch of this process, if its thread could be started.
fn watch() -> Option<&'static Watch> {
    static WATCH: OnceLock<Option<&'static Watch>> = OnceLock::new();
    *WATCH.get_or_init(|| {
        let watch: &'static Watch = Box::leak(Box::default());
        let started = thread::Builder::new().name("luna deadlines".to_owned());
        started.spawn(|| watch.run()).ok().map(|_| watch)
    })
}

/// Ends entry number `entry` of a state when `after` is over. If nobody can watch the time, at once.
pub(in crate::host) fn end_after(after: Duration, switch: &Arc<Switch>, entry: u64) {
    let Some(watch) = watch() else { return switch.expire(entry) };
    // What lies beyond all times is no deadline.
    let Some(at) = Instant::now().checked_add(after) else { return };
    let mut deadlines = watch.lock();
    let is_next = deadlines.peek().is_none_or(|Reverse(next)| at < next.at);
    deadlines.push(Reverse(Deadline { at, switch: Arc::clone(switch), entry }));
    drop(deadlines);
    if is_next {
        watch.changed.notify_one();
    }
}
