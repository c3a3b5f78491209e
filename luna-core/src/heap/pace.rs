//! The collector's pace: when a cycle starts, how much one step does.

use super::{Heap, Phase, Roots, alloc};

/// Bytes of allocation between two collector steps.
pub(crate) const STEP: usize = 32 * 1024;
/// Bytes allocated before the first cycle.
pub(super) const FIRST_CYCLE: usize = 128 * 1024;
/// Least bytes of young objects worth a minor cycle.
const NURSERY: usize = 512 * 1024;
/// The pause below which a cycle would follow the other without any.
const LEAST_PAUSE: usize = 105;
/// The multiplier below which marking would not catch up with a program that allocates all the time.
const LEAST_STEP_MUL: usize = 50;

/// A number that scripts set by `collectgarbage`. Percentages but for the step's size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Param {
    /// Growth of the heap that starts a minor cycle.
    MinorMul,
    /// Share of old objects that a major cycle must free to go back to minor ones.
    MajorMinor,
    /// Growth of what survives minor cycles that starts a major one.
    MinorMajor,
    /// Size of the heap, of what survived, at which the next incremental cycle starts.
    Pause,
    /// Work of a step, of what was allocated since the last.
    StepMul,
    /// Bytes allocated between steps.
    StepSize,
}

impl Param {
    /// All of them, in the order in which the rules of the dialects give their first values.
    pub(crate) const ALL: [Param; 6] = [
        Param::MinorMul,
        Param::MajorMinor,
        Param::MinorMajor,
        Param::Pause,
        Param::StepMul,
        Param::StepSize,
    ];
}

/// What decides when the collector works, and how long.
#[derive(Debug)]
pub(crate) struct Pace {
    /// Whether cycles are minor ones as long as these free enough.
    pub(crate) generational: bool,
    /// Percentage of the surviving size at which the next incremental cycle starts.
    pause: usize,
    /// Percentage of work per allocated byte.
    step_mul: usize,
    /// Percentage of the surviving size after whose allocation a minor cycle starts.
    minor_mul: usize,
    /// Percentage by which old objects may grow before a full cycle.
    minor_major: usize,
    /// What of the last cycle's heap was reached: the size that sets the pace.
    pub(super) estimate: usize,
    /// What the last full cycle left.
    full_size: usize,
    /// Whether the next cycle is a full one though the mode is generational.
    pub(super) major_due: bool,
}

impl Pace {
    /// The pace of a new heap.
    pub(super) fn new() -> Pace {
        Pace {
            generational: false,
            pause: 200,
            step_mul: 200,
            minor_mul: 20,
            minor_major: 100,
            estimate: 0,
            full_size: 0,
            major_due: false,
        }
    }

    /// Follows a number that a script set.
    pub(crate) fn set(&mut self, param: Param, value: usize) {
        match param {
            Param::MinorMul => self.minor_mul = value.clamp(1, 100),
            Param::MinorMajor => self.minor_major = value.clamp(1, 1000),
            Param::Pause => self.pause = value.clamp(LEAST_PAUSE, 1000),
            Param::StepMul => self.step_mul = value.clamp(LEAST_STEP_MUL, 10_000),
            // A step is as long as it needs to be for a short pause; a full cycle is always followed by minor ones.
            Param::MajorMinor | Param::StepSize => {}
        }
    }

    /// Bytes of work for the collector after `allocated` bytes.
    fn work(&self, allocated: usize) -> usize {
        (allocated / 100).saturating_mul(self.step_mul)
    }

    /// Takes note of the end of a cycle that left `used` bytes; how large the heap may grow until the next.
    fn after_cycle(&mut self, used: usize, minor: bool, ageing: bool) -> usize {
        if !minor {
            self.full_size = self.estimate;
            self.major_due = false;
        }
        if ageing {
            self.major_due |= self.estimate > percent(self.full_size, 100 + self.minor_major);
            used.saturating_add(percent(self.estimate, self.minor_mul).max(NURSERY))
        } else {
            percent(self.estimate, self.pause).max(used.saturating_add(STEP)).max(FIRST_CYCLE)
        }
    }
}

/// So many percent of `size`.
fn percent(size: usize, percentage: usize) -> usize {
    (size / 100).saturating_mul(percentage)
}

impl Heap {
    /// Works for the collector: one bounded step of the cycle, or all marking of a minor cycle.
    ///
    /// # Safety
    /// The caller is at a safe point (H3).
    pub(crate) unsafe fn step(&mut self, roots: &dyn Roots) {
        if self.stopped {
            self.set_threshold(self.used + STEP);
            return;
        }
        self.step_of(STEP, roots);
    }

    /// The step due after the allocation of so many bytes, also while the collector is stopped; whether it ended a cycle.
    ///
    /// # Safety
    /// As [`Heap::step`].
    pub(crate) unsafe fn step_of(&mut self, allocated: usize, roots: &dyn Roots) -> bool {
        if self.collecting {
            self.set_threshold(self.used + STEP);
            return false;
        }
        self.collecting = true;
        let mut work = self.pace.work(allocated);
        if self.phase == Phase::Pause {
            self.start_cycle(roots);
        }
        if self.phase == Phase::Mark {
            work = self.mark_some(if self.minor { usize::MAX } else { work }, roots);
        }
        if self.phase == Phase::Sweep && work > 0 {
            let mut blocks = 1 + work / (alloc::BLOCK_SIZE / 4);
            while blocks > 0 && self.sweep_next_block() {
                blocks -= 1;
            }
        }
        let ended = self.phase == Phase::Pause;
        if !ended {
            self.set_threshold(self.used + STEP);
        }
        self.collecting = false;
        ended
    }

    /// Marks for so many bytes of work, and finishes marking if it comes so far; what is left of the work.
    unsafe fn mark_some(&mut self, mut work: usize, roots: &dyn Roots) -> usize {
        while work > 0 {
            match self.propagate_one() {
                Some(done) => work = work.saturating_sub(done),
                None => {
                    self.atomic(roots);
                    break;
                }
            }
        }
        work
    }

    /// A whole cycle over all objects from the start; an unfinished one is completed first.
    ///
    /// # Safety
    /// As [`Heap::step`].
    pub(crate) unsafe fn full(&mut self, roots: &dyn Roots) {
        if self.collecting {
            return;
        }
        self.collecting = true;
        self.finish_cycle(roots);
        self.pace.major_due = true;
        self.start_cycle(roots);
        self.finish_cycle(roots);
        self.collecting = false;
    }

    /// Brings the cycle that is under way to its end.
    pub(super) unsafe fn finish_cycle(&mut self, roots: &dyn Roots) {
        if self.phase == Phase::Mark {
            self.mark_some(usize::MAX, roots);
        }
        while self.phase == Phase::Sweep {
            self.sweep_next_block();
        }
    }

    /// Sets when the next cycle starts, from the size that survived this one.
    pub(super) unsafe fn end_cycle(&mut self) {
        self.phase = Phase::Pause;
        self.shrink_strings();
        self.release_spare_blocks();
        let start = self.pace.after_cycle(self.used, self.minor, self.ageing);
        self.set_threshold(start);
    }

    /// Whether objects keep their age from now on.
    pub(super) fn keeps_age(&self) -> bool {
        #[cfg(gc_zeal)]
        if self.zeal.generational {
            return true;
        }
        self.pace.generational
    }
}
