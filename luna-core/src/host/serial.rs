//! Whole tables for the host: their entries, and whether a table is meant as a sequence.

use super::value::{Gc, Value};
use super::vm::Vm;
use crate::heap::header::flag;
use crate::value::repr::RawValue;
use crate::value::table::Table;

impl Vm {
    /// All entries of a table, raw, in `next`'s order; `None` for a stale handle.
    #[must_use]
    pub fn table_entries(&self, table: Gc<Table>) -> Option<Vec<(Value, Value)>> {
        if !self.is_live(Value::Table(table)) {
            return None;
        }
        let mut entries = Vec::new();
        let mut key = RawValue::NIL;
        // SAFETY: the table is live, and nothing runs or collects meanwhile.
        unsafe {
            while let Ok(Some((k, v))) = Table::next(table.as_ptr(), &(*self.state()).heap, key) {
                entries.push((Value::from_raw(k), Value::from_raw(v)));
                key = k;
            }
        }
        Some(entries)
    }

    /// Marks a table as a sequence, so that it reads as one even while it is empty. Scripts do not see the mark.
    pub fn mark_sequence(&mut self, table: Gc<Table>) {
        if self.is_live(Value::Table(table)) {
            // SAFETY: the table is live.
            unsafe { (*table.as_ptr()).header.flags |= flag::SEQUENCE }
        }
    }

    /// Whether a table was marked as a sequence.
    #[must_use]
    pub fn is_sequence(&self, table: Gc<Table>) -> bool {
        // SAFETY: the table is live.
        self.is_live(Value::Table(table))
            && unsafe { (*table.as_ptr()).header.flags & flag::SEQUENCE != 0 }
    }
}
