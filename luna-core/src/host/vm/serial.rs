//! Whole tables for the host: their entries, and what a table is meant as.

use crate::heap::header::flag;
use crate::host::value::{Gc, Value};
use crate::host::vm::Vm;
use crate::value::repr::RawValue;
use crate::value::table::Table;

/// What a table is meant as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TableShape {
    /// A list of items.
    Sequence,
    /// Values under keys.
    Mapping,
}

impl Vm {
    /// All entries of a table, raw, in `next`'s order; `None` for a stale handle.
    #[must_use]
    pub fn table_entries(&self, table: Gc<Table>) -> Option<Vec<(Value, Value)>> {
        if !self.is_live(Value::Table(table)) {
            return None;
        }
        let mut entries = Vec::new();
        let mut key = RawValue::NIL;
        // SAFETY: V1, E2; the check above found the table live, and a raw walk runs nothing.
        unsafe {
            while let Ok(Some((k, v))) = Table::next(table.as_ptr(), &(*self.state()).heap, key) {
                entries.push((Value::from_raw(k), Value::from_raw(v)));
                key = k;
            }
        }
        Some(entries)
    }

    /// Marks what a table is meant as, so that it reads so even while it is empty. Scripts do not see the mark.
    pub fn set_table_shape(&mut self, table: Gc<Table>, shape: TableShape) {
        if self.is_live(Value::Table(table)) {
            let (set, clear) = match shape {
                TableShape::Sequence => (flag::SEQUENCE, flag::MAPPING),
                TableShape::Mapping => (flag::MAPPING, flag::SEQUENCE),
            };
            // SAFETY: E2; the check above found the table live, and only its header is written.
            let header = unsafe { &mut (*table.as_ptr()).header };
            header.flags = header.flags & !clear | set;
        }
    }

    /// What a table was marked as.
    #[must_use]
    pub fn table_shape(&self, table: Gc<Table>) -> Option<TableShape> {
        if !self.is_live(Value::Table(table)) {
            return None;
        }
        // SAFETY: E2; the check above found the table live, and only its header is read.
        let flags = unsafe { (*table.as_ptr()).header.flags };
        if flags & flag::SEQUENCE != 0 {
            Some(TableShape::Sequence)
        } else if flags & flag::MAPPING != 0 {
            Some(TableShape::Mapping)
        } else {
            None
        }
    }
}
