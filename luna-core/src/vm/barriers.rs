//! Barriers for stores made outside the instruction handlers.

use super::State;
use crate::value::table::Table;

/// After any store into a table.
#[inline(always)]
pub(crate) unsafe fn after_table_store(l: *mut State, table: *mut Table) {
    if (*table).header.is_black() {
        (*l).heap.barrier_back(table.cast());
    }
}
