//! Write barriers: keep H4 after a store into a heap object.

use super::header::{Header, mark};
use super::{Heap, Phase};
use crate::value::repr::RawValue;

impl Heap {
    /// After a store into a table or another object that is written often: the parent becomes grey again.
    ///
    /// # Safety
    /// `parent` is an object of this heap.
    #[inline(never)]
    pub(crate) unsafe fn barrier_back(&mut self, parent: *mut Header) {
        #[cfg(gc_zeal)]
        if self.zeal.omit_barriers {
            return;
        }
        if self.phase == Phase::Mark || self.ageing {
            (*parent).mark &= !mark::COLOURS;
            self.list_again(parent);
        } else {
            (*parent).mark = ((*parent).mark & !mark::COLOURS) | self.white;
        }
    }

    /// After a store of `value` into `parent`, which is written seldom: the value is marked.
    ///
    /// # Safety
    /// Both are objects of this heap.
    #[inline(always)]
    pub(crate) unsafe fn barrier(&mut self, parent: *mut Header, value: RawValue) {
        if value.is_object() {
            self.barrier_object(parent, value.as_header());
        }
    }

    /// As [`Heap::barrier`] for an object that is not a value.
    ///
    /// # Safety
    /// Both are objects of this heap.
    #[inline(always)]
    pub(crate) unsafe fn barrier_object(&mut self, parent: *mut Header, child: *mut Header) {
        if (*parent).is_black() && (*child).is_white() {
            self.barrier_forward(parent, child);
        }
    }

    #[inline(never)]
    unsafe fn barrier_forward(&mut self, parent: *mut Header, child: *mut Header) {
        if self.phase == Phase::Mark {
            self.mark_object(child);
        } else {
            self.barrier_back(parent);
        }
    }
}
