//! The policy of `--cfg gc_zeal`: a full collection and a check of the whole heap at every safe point, as long as that is affordable.
//!
//! The state is made from about 1500 objects, and a collection of so few takes some ten microseconds. So every safe point collects until
//! [`EVERY`] of them have passed; then every second until twice as many, and so on. A large heap stretches the period in the same way:
//! one more safe point for each [`OBJECTS`] objects. Between two collections a cycle is left standing in turn before it, while it marks with
//! everything reached, while it marks with half of it reached, and unswept, so that the mutator meets every phase. A cycle left with everything reached is only checked at the next
//! few safe points: every object made meanwhile is white, and a store of it into anything needs its barrier. Every other [`TURNS`]
//! collections objects keep their age, whatever the mode, and all but the first of them are minor cycles.

use super::{Heap, Phase, Roots};

/// Safe points up to which each one collects.
const EVERY: u64 = 2048;
/// Objects above which the period grows.
const SMALL: usize = 4096;
/// Objects for which the period grows by one.
const OBJECTS: usize = 128;

/// Collections until the age of objects begins or ceases to count.
const TURNS: u64 = 8;

/// When to collect and check, and the fault that tests plant.
#[derive(Debug, Default)]
pub(crate) struct Zeal {
    /// Safe points so far.
    points: u64,
    /// Safe points until the next collection.
    skip: u64,
    /// Collections so far.
    collections: u64,
    /// Safe points that only check, for a cycle is marking.
    hold: u64,
    /// Whether survivors keep their age.
    pub(super) generational: bool,
    /// Whether stores into tables forget their barrier, so that a test can see that it is missed.
    pub(crate) omit_barriers: bool,
}

impl Heap {
    /// A safe point: checks, collects and checks again, or lets the point pass.
    ///
    /// # Safety
    /// As [`Heap::step`].
    pub(crate) unsafe fn zealous_step(&mut self, roots: &dyn Roots) {
        self.zeal.points += 1;
        if self.zeal.skip > 0 {
            self.zeal.skip -= 1;
            if self.used > self.threshold {
                self.step(roots);
            }
            return;
        }
        let by_size = self.live_objects.saturating_sub(SMALL) / OBJECTS;
        self.zeal.skip = self.zeal.points / EVERY + by_size as u64;
        self.expect_sound();
        if self.collecting {
            return;
        }
        if self.zeal.hold > 0 && self.phase == Phase::Mark {
            self.zeal.hold -= 1;
            return;
        }
        self.zeal.collections += 1;
        self.zeal.generational = self.zeal.collections / TURNS % 2 == 1;
        if self.ageing && self.keeps_age() {
            self.collecting = true;
            self.finish_cycle(roots);
            self.start_cycle(roots);
            self.finish_cycle(roots);
            self.collecting = false;
        } else {
            self.full(roots);
        }
        self.leave_unfinished(roots);
        self.expect_sound();
    }

    /// Leaves a cycle standing in the phase whose turn it is.
    unsafe fn leave_unfinished(&mut self, roots: &dyn Roots) {
        let turn = self.zeal.collections % 4;
        if turn == 0 {
            return;
        }
        self.collecting = true;
        self.start_cycle(roots);
        let mut left = if turn == 1 { self.live_objects / 4 } else { usize::MAX };
        while left > 0 && self.propagate_one().is_some() {
            left -= 1;
        }
        if turn == 2 {
            self.zeal.hold = 1 + self.zeal.collections / 4 % 4;
        }
        if turn == 3 {
            self.atomic(roots);
            debug_assert!(self.phase == Phase::Sweep, "the atomic step ends the marking");
        }
        self.collecting = false;
    }
}
