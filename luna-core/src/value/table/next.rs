//! Iteration: the array part in order, then the nodes; stable under assignment to present keys.

use super::Table;
use crate::heap::Heap;
use crate::value::repr::{RawValue, tag};

impl Table {
    /// Position after `key`: array slots first, then nodes. `None` if the key is not in the table.
    unsafe fn position_after(this: *mut Table, heap: &Heap, key: RawValue) -> Option<u32> {
        if key.is_nil() {
            return Some(0);
        }
        let size = (*this).array_size;
        if key.tag == tag::INT {
            let index = key.bits.wrapping_sub(1);
            if index < u64::from(size) {
                return Some(index as u32 + 1);
            }
            let node = Table::find_int(this, key.as_int());
            return Table::index_after(this, node);
        }
        let mut node = Table::find_generic(this, heap, key).err()?;
        if node.is_null() && key.is_object() {
            // The key may have died since.
            node = Table::find_dead(this, heap, key);
        }
        Table::index_after(this, node)
    }

    unsafe fn index_after(this: *mut Table, node: *mut super::Node) -> Option<u32> {
        if node.is_null() {
            return None;
        }
        Some((*this).array_size + node.offset_from((*this).node) as u32 + 1)
    }

    /// The entry after `key` (nil: the first); `Ok(None)` at the end, `Err` for a key that is not there.
    pub(crate) unsafe fn next(
        this: *mut Table,
        heap: &Heap,
        key: RawValue,
    ) -> Result<Option<(RawValue, RawValue)>, ()> {
        let mut position = Table::position_after(this, heap, key).ok_or(())?;
        let size = (*this).array_size;
        while position < size {
            let value = Table::array_get(this, position);
            if value.tag != tag::NIL {
                return Ok(Some((RawValue::int(i64::from(position) + 1), value)));
            }
            position += 1;
        }
        let count = Table::node_count(this) as u32;
        while position - size < count {
            let node = (*this).node.add((position - size) as usize);
            if (*node).tag != tag::NIL {
                return Ok(Some(((*node).key(), (*node).value())));
            }
            position += 1;
        }
        Ok(None)
    }
}
