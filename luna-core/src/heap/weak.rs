//! Weak tables and ephemerons.

use super::header::mark;
use super::{Heap, Phase};
use crate::value::repr::{RawValue, tag};
use crate::value::table::Table;

impl Heap {
    /// Whether a metatable makes keys and values weak.
    pub(super) unsafe fn weakness(&self, meta: *mut Table) -> (bool, bool) {
        let mode = if self.mode_key.is_null() {
            RawValue::NIL
        } else {
            Table::get_short_str(meta, self.mode_key)
        };
        if mode.tag != tag::STR {
            return (false, false);
        }
        let text = crate::value::string::Str::bytes(mode.as_ptr());
        (text.contains(&b'k'), text.contains(&b'v'))
    }

    /// Files a weak table on the list that the atomic step works through.
    pub(super) unsafe fn traverse_weak(
        &mut self,
        table: *mut Table,
        weak_keys: bool,
        weak_values: bool,
    ) {
        let list: fn(&mut Heap) -> &mut Vec<*mut Table> = match (weak_keys, weak_values) {
            (true, true) => |heap| &mut heap.all_weak,
            (false, _) => |heap| &mut heap.weak_values,
            (true, false) => |heap| &mut heap.ephemerons,
        };
        if self.in_atomic && list(self).try_reserve(1).is_err() {
            // There is no memory to list it: it keeps what it refers to until the next cycle.
            self.traverse_strong(table);
            return;
        }
        match (weak_keys, weak_values) {
            (true, true) => {}
            (false, _) => self.traverse_weak_values(table),
            (true, false) => {
                self.traverse_ephemeron(table);
            }
        }
        if self.in_atomic {
            list(self).push(table);
        }
        if self.phase == Phase::Mark && !self.in_atomic {
            // Traversed again in the atomic step, whatever happens to it until then.
            (*table).header.mark &= !mark::COLOURS;
            self.list_again(table.cast());
        }
    }

    unsafe fn traverse_weak_values(&mut self, table: *mut Table) {
        for node in Table::nodes(table) {
            if (*node).tag == tag::NIL {
                Table::kill_key(node);
            } else {
                self.mark_value((*node).key());
            }
        }
    }

    /// Marks values whose keys are marked; whether anything was marked.
    unsafe fn traverse_ephemeron(&mut self, table: *mut Table) -> bool {
        let mut marked = false;
        for i in 0..(*table).array_size {
            let value = Table::array_get(table, i);
            if value.is_object() && (*value.as_header()).is_white() {
                self.mark_value(value);
                marked = true;
            }
        }
        for node in Table::nodes(table) {
            if (*node).tag == tag::NIL {
                Table::kill_key(node);
                continue;
            }
            let (key, value) = ((*node).key(), (*node).value());
            if self.is_cleared(key) {
                continue;
            }
            if value.is_object() && (*value.as_header()).is_white() {
                self.mark_value(value);
                marked = true;
            }
        }
        marked
    }

    /// Repeats over ephemerons until nothing new is marked.
    pub(super) unsafe fn converge_ephemerons(&mut self) {
        loop {
            let (mut changed, mut i) = (false, 0);
            while i < self.ephemerons.len() {
                changed |= self.traverse_ephemeron(self.ephemerons[i]);
                while self.propagate_one().is_some() {}
                i += 1;
            }
            if !changed {
                return;
            }
        }
    }

    /// Whether a weak reference is to be cleared. Strings are values, not objects: they are kept.
    unsafe fn is_cleared(&mut self, value: RawValue) -> bool {
        if !value.is_object() || value.tag == tag::DEAD_KEY {
            return false;
        }
        if value.tag == tag::STR {
            self.mark_value(value);
            return false;
        }
        (*value.as_header()).is_white()
    }

    /// Removes entries with dead keys.
    pub(super) unsafe fn clear_dead_keys(&mut self) {
        for i in 0..self.ephemerons.len() {
            self.clear_keys_of(self.ephemerons[i]);
        }
        for i in 0..self.all_weak.len() {
            self.clear_keys_of(self.all_weak[i]);
        }
    }

    unsafe fn clear_keys_of(&mut self, table: *mut Table) {
        for node in Table::nodes(table) {
            if (*node).tag != tag::NIL && self.is_cleared((*node).key()) {
                (*node).tag = tag::NIL;
            }
            if (*node).tag == tag::NIL {
                Table::kill_key(node);
            }
        }
    }

    /// Removes entries with dead values from the weak tables filed from the given positions on.
    pub(super) unsafe fn clear_dead_values(&mut self, values_from: usize, all_from: usize) {
        for i in values_from..self.weak_values.len() {
            self.clear_values_of(self.weak_values[i]);
        }
        for i in all_from..self.all_weak.len() {
            self.clear_values_of(self.all_weak[i]);
        }
    }

    unsafe fn clear_values_of(&mut self, table: *mut Table) {
        for i in 0..(*table).array_size {
            if self.is_cleared(Table::array_get(table, i)) {
                Table::array_set(table, i, RawValue::NIL);
            }
        }
        for node in Table::nodes(table) {
            if self.is_cleared((*node).value()) {
                (*node).tag = tag::NIL;
            }
            if (*node).tag == tag::NIL {
                Table::kill_key(node);
            }
        }
    }
}
