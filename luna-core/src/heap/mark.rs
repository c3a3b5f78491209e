//! Marking: grey lists, traversal of each kind of object, the atomic step.

use super::alloc::{Block, CLASSES};
use super::header::{Header, mark};
use super::{Heap, Phase, Roots};
use crate::value::function::{LuaClosure, NativeClosure, Proto};
use crate::value::repr::{RawValue, tag};
use crate::value::table::Table;
use crate::value::thread::{Coro, CoroState};
use crate::value::upvalue::Upvalue;
use crate::value::userdata::UserdataObj;

impl Heap {
    /// Marks the object of a value.
    ///
    /// # Safety
    /// The value is a live value of this heap.
    #[inline(always)]
    pub(crate) unsafe fn mark_value(&mut self, value: RawValue) {
        #[cfg(gc_zeal)]
        if value.is_object() {
            self.expect_object(value.as_header(), Some(value.tag));
        }
        if value.is_object() && (*value.as_header()).is_white() {
            self.mark_object(value.as_header());
        }
    }

    /// Marks an object: strings become black at once, the rest grey.
    ///
    /// # Safety
    /// `object` is a live object of this heap.
    pub(crate) unsafe fn mark_object(&mut self, object: *mut Header) {
        #[cfg(gc_zeal)]
        self.expect_object(object, None);
        if !(*object).is_white() {
            return;
        }
        (*object).mark &= !mark::WHITES;
        if (*object).kind == tag::STR {
            (*object).mark |= mark::BLACK;
        } else if self.grey.len() < self.grey.capacity() || self.grey.try_reserve(1).is_ok() {
            self.grey.push(object);
        } else {
            self.unlisted = true;
        }
    }

    /// Lists a grey object for the atomic step.
    pub(super) fn list_again(&mut self, object: *mut Header) {
        if self.grey_again.try_reserve(1).is_ok() {
            self.grey_again.push(object);
        } else {
            self.unlisted_again = true;
        }
    }

    /// Traverses the grey objects that no list had room for, by a look at all objects.
    #[cold]
    unsafe fn traverse_unlisted(&mut self) {
        for class in 0..CLASSES {
            for at in 0..self.class_blocks[class].len() {
                let block = self.class_blocks[class][at];
                for i in 0..(*block).cells {
                    let object = Block::cell(block, i).cast::<Header>();
                    if (*object).kind != 0 && (*object).mark & mark::COLOURS == 0 {
                        (*object).mark |= mark::BLACK;
                        self.traverse(object);
                    }
                }
            }
        }
    }

    /// Starts marking from the roots. A minor cycle takes all old objects for live: it goes on from those that were written to.
    pub(super) unsafe fn start_cycle(&mut self, roots: &dyn Roots) {
        self.minor = self.ageing && self.keeps_age() && !self.pace.major_due;
        if !self.minor {
            self.grey_again.clear();
            self.unlisted = false;
            self.unlisted_again = false;
            if self.ageing {
                self.whiten();
            }
        }
        self.grey.clear();
        self.weak_values.clear();
        self.ephemerons.clear();
        self.all_weak.clear();
        self.phase = Phase::Mark;
        roots.mark_roots(self);
        for i in 0..self.due.len() {
            let object = self.due[i];
            self.mark_object(object);
        }
    }

    /// Traverses one grey object; its size, or `None` when no object is grey.
    pub(super) unsafe fn propagate_one(&mut self) -> Option<usize> {
        let Some(object) = self.grey.pop() else {
            if !self.unlisted {
                return None;
            }
            self.unlisted = false;
            self.traverse_unlisted();
            return Some(self.used);
        };
        (*object).mark |= mark::BLACK;
        Some(self.traverse(object))
    }

    unsafe fn propagate_all(&mut self) {
        while self.propagate_one().is_some() {}
    }

    unsafe fn traverse(&mut self, object: *mut Header) -> usize {
        match (*object).kind {
            tag::TABLE => self.traverse_table(object.cast()),
            tag::LCLOSURE => {
                let closure = object.cast::<LuaClosure>();
                self.mark_object((*closure).proto.as_ptr().cast());
                for i in 0..(*closure).count() {
                    let upvalue = LuaClosure::upvalue(closure, i);
                    if !upvalue.is_null() {
                        self.mark_object(upvalue.cast());
                    }
                }
                32 + 8 * (*closure).count()
            }
            tag::NATIVE => {
                let native = object.cast::<NativeClosure>();
                for i in 0..(*native).count() {
                    self.mark_value(*NativeClosure::upvalue(native, i));
                }
                48
            }
            tag::UPVAL => {
                let upvalue = object.cast::<Upvalue>();
                self.mark_value(*(*upvalue).slot);
                40
            }
            tag::PROTO => self.traverse_proto(object.cast()),
            tag::CORO => self.traverse_thread(object.cast()),
            tag::USERDATA => {
                let userdata = object.cast::<UserdataObj>();
                if !(*userdata).meta.is_null() {
                    self.mark_object((*userdata).meta.cast());
                }
                if !(*userdata).user_values.is_null() {
                    self.mark_object((*userdata).user_values.cast());
                }
                if let Some(trace) = (*userdata).trace() {
                    if (*userdata).borrow != 0 && !self.in_atomic {
                        // It may change before the atomic step: it is asked then.
                        (*object).mark &= !mark::COLOURS;
                        self.grey_again.push(object);
                    } else {
                        trace(userdata, self);
                    }
                }
                64
            }
            _ => 16,
        }
    }

    unsafe fn traverse_proto(&mut self, proto: *mut Proto) -> usize {
        for constant in (*proto).constants() {
            self.mark_value(*constant);
        }
        for child in (*proto).children() {
            self.mark_object(child.cast());
        }
        for string in (*proto).debug_strings() {
            self.mark_object(string.cast());
        }
        128 + 16 * (*proto).constants().len()
    }

    /// Marks a thread's stack. A thread that may run before the next atomic step stays on the grey-again list.
    unsafe fn traverse_thread(&mut self, coro: *mut Coro) -> usize {
        let runs = matches!((*coro).state, CoroState::Running | CoroState::Normal);
        if runs && (!self.in_atomic || self.ageing) {
            (*coro).header.mark &= !mark::COLOURS;
            self.list_again(coro.cast());
        }
        let words = &raw const (*coro).words;
        let (stack, live) = ((*words).stack, Coro::live_slots(coro));
        for i in 0..live {
            self.mark_value(*stack.add(i));
        }
        // What lies above is dead. A thread that is not running is not traversed again before it runs on over those slots.
        if self.in_atomic || !runs {
            for i in live..(*words).stack_size {
                *stack.add(i) = RawValue::NIL;
            }
        }
        let mut upvalue = (*words).open;
        while !upvalue.is_null() {
            self.mark_object(upvalue.cast());
            upvalue = (*upvalue).next;
        }
        if !(*coro).resumer.is_null() {
            self.mark_object((*coro).resumer.cast());
        }
        if !(*coro).parked.is_null() {
            self.mark_object((*coro).parked.cast());
        }
        self.mark_value((*coro).error);
        self.mark_value((*coro).hook.function);
        64 + 16 * live
    }

    /// Everything that must happen without the mutator in between.
    pub(super) unsafe fn atomic(&mut self, roots: &dyn Roots) {
        self.in_atomic = true;
        self.ageing = self.minor || self.keeps_age();
        roots.mark_roots(self);
        self.propagate_all();
        let again = std::mem::take(&mut self.grey_again);
        for object in again {
            // What a search for unlisted objects came across is black, and is traversed again all the same.
            if !(*object).is_white() {
                (*object).mark |= mark::BLACK;
                self.traverse(object);
            }
        }
        if std::mem::take(&mut self.unlisted_again) {
            self.traverse_unlisted();
        }
        self.propagate_all();
        self.mark_upvalues_of_dead_threads();
        self.converge_ephemerons();
        self.clear_dead_values(0, 0);
        let (values, all) = (self.weak_values.len(), self.all_weak.len());
        self.separate_finalizable();
        self.propagate_all();
        self.converge_ephemerons();
        self.clear_dead_keys();
        self.clear_dead_values(values, all);
        self.close_dead_threads();
        self.in_atomic = false;
        self.white = self.other_white();
        if self.ageing {
            self.old_threads = self.threads.len();
            self.old_finalizable = self.finalizable.len();
        }
        self.begin_sweep();
    }

    /// Values in the stacks of dead threads stay visible through marked open upvalues.
    unsafe fn mark_upvalues_of_dead_threads(&mut self) {
        for i in self.old_threads..self.threads.len() {
            let coro = self.threads[i];
            if !(*coro).header.is_white() {
                continue;
            }
            let mut upvalue = (*coro).words.open;
            while !upvalue.is_null() {
                if !(*upvalue).header.is_white() {
                    self.mark_value(*(*upvalue).slot);
                }
                upvalue = (*upvalue).next;
            }
        }
        self.propagate_all();
    }

    /// Closes the upvalues of threads that are about to be swept, while all cells are still there.
    unsafe fn close_dead_threads(&mut self) {
        for i in (self.old_threads..self.threads.len()).rev() {
            let coro = self.threads[i];
            if !(*coro).header.is_white() {
                continue;
            }
            let mut upvalue = (*coro).words.open;
            while !upvalue.is_null() {
                let next = (*upvalue).next;
                if !(*upvalue).header.is_white() {
                    Upvalue::close(upvalue);
                }
                upvalue = next;
            }
            (*coro).words.open = std::ptr::null_mut();
            self.threads.swap_remove(i);
        }
    }

    /// Moves unreachable objects with a finalizer to the due list, last marked first, and revives them.
    unsafe fn separate_finalizable(&mut self) {
        let mut found = false;
        for i in (self.old_finalizable..self.finalizable.len()).rev() {
            let object = self.finalizable[i];
            if (*object).is_white() {
                if self.due.try_reserve(1).is_err() {
                    // It lives on until there is memory to call its finalizer.
                    self.mark_object(object);
                    continue;
                }
                self.due.push_back(object);
                self.finalizable[i] = std::ptr::null_mut();
                found = true;
            }
        }
        if found {
            self.finalizable.retain(|object| !object.is_null());
        }
        for i in 0..self.due.len() {
            let object = self.due[i];
            self.mark_object(object);
        }
    }

    /// Marks all that a table refers to.
    pub(super) unsafe fn traverse_strong(&mut self, table: *mut Table) {
        for i in 0..(*table).array_size {
            let value = Table::array_get(table, i);
            self.mark_value(value);
        }
        for node in Table::nodes(table) {
            if (*node).tag == tag::NIL {
                Table::kill_key(node);
            } else {
                self.mark_value((*node).key());
                self.mark_value((*node).value());
            }
        }
    }

    /// Traverses a table according to its weakness.
    unsafe fn traverse_table(&mut self, table: *mut Table) -> usize {
        let meta = (*table).meta;
        if !meta.is_null() {
            self.mark_object(meta.cast());
            let (weak_keys, weak_values) = self.weakness(meta);
            if weak_keys || weak_values {
                self.traverse_weak(table, weak_keys, weak_values);
                return 64;
            }
        }
        self.traverse_strong(table);
        64 + 9 * (*table).array_size as usize + 24 * Table::node_count(table)
    }
}
