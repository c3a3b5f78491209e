//! The array part, integer keys and the border.

use super::{KeyError, MAX_ARRAY, Table};
use crate::heap::Heap;
use crate::heap::header::flag;
use crate::value::repr::{RawValue, tag};

/// Bytes of an array part.
pub(crate) fn bytes(size: u32) -> usize {
    size as usize * 9
}

impl Table {
    /// Slot `index` (from 0) of the array part.
    #[inline(always)]
    pub(crate) unsafe fn array_get(this: *mut Table, index: u32) -> RawValue {
        let i = index as usize;
        RawValue { tag: *(*this).tags.add(i), bits: *(*this).array.add(i) }
    }

    /// Writes slot `index` (from 0) of the array part.
    #[inline(always)]
    pub(crate) unsafe fn array_set(this: *mut Table, index: u32, value: RawValue) {
        let i = index as usize;
        *(*this).array.add(i) = value.bits;
        *(*this).tags.add(i) = value.tag;
    }

    /// The value at an integer key.
    #[inline(always)]
    pub(crate) unsafe fn get_int(this: *mut Table, key: i64) -> RawValue {
        let index = key.cast_unsigned().wrapping_sub(1);
        if index < u64::from((*this).array_size) {
            return Table::array_get(this, index as u32);
        }
        let node = Table::find_int(this, key);
        if node.is_null() { RawValue::NIL } else { (*node).value() }
    }

    /// Stores at an integer key; the array grows when the key continues it.
    pub(crate) unsafe fn set_int(
        this: *mut Table,
        heap: &mut Heap,
        key: i64,
        value: RawValue,
    ) -> Result<(), KeyError> {
        let index = key.cast_unsigned().wrapping_sub(1);
        let size = u64::from((*this).array_size);
        if index < size {
            Table::array_set(this, index as u32, value);
            return Ok(());
        }
        let node = Table::find_int(this, key);
        if !node.is_null() {
            (*node).set_value(value);
            return Ok(());
        }
        if index == size
            && value.tag != tag::NIL
            && (size == 0 || *(*this).tags.add(size as usize - 1) != tag::NIL)
        {
            return Table::append(this, heap, value);
        }
        Table::insert(this, heap, RawValue::int(key), value)
    }

    /// Stores right behind a full array part, which doubles.
    #[inline(never)]
    unsafe fn append(this: *mut Table, heap: &mut Heap, value: RawValue) -> Result<(), KeyError> {
        let size = (*this).array_size;
        if size >= MAX_ARRAY {
            return Err(KeyError::Overflow);
        }
        // A sparse array part must not double: two stores a doubling would exhaust memory.
        if size > 0 && Table::empty_slots(this) > size as usize / 2 {
            let key = RawValue::int(i64::from(size) + 1);
            return Table::insert(this, heap, key, value);
        }
        let wanted = if size == 0 { 4 } else { size * 2 };
        super::check_room(heap, bytes(wanted), bytes(size))?;
        Table::resize_array(this, heap, wanted);
        Table::array_set(this, size, value);
        Ok(())
    }

    /// Number of nil slots in the array part.
    unsafe fn empty_slots(this: *mut Table) -> usize {
        let tags = std::slice::from_raw_parts((*this).tags, (*this).array_size as usize);
        tags.iter().filter(|t| **t == tag::NIL).count()
    }

    /// Gives the array part `size` slots, at least as many as now, and moves integer keys of the node part into it.
    pub(crate) unsafe fn resize_array(this: *mut Table, heap: &mut Heap, size: u32) {
        let old = (*this).array_size;
        let (old_len, new_len) = (old as usize, size as usize);
        let buffer = if old == 0 {
            heap.alloc_buffer(bytes(size))
        } else {
            heap.resize_buffer((*this).array.cast(), bytes(old), bytes(size))
        };
        // T2: the old tags now lie among the payloads; moved up before anything overwrites them.
        let tags = buffer.add(new_len * 8);
        tags.copy_from(buffer.add(old_len * 8), old_len);
        tags.add(old_len).write_bytes(tag::NIL, new_len - old_len);
        buffer.add(old_len * 8).write_bytes(0, (new_len - old_len) * 8);
        (*this).array = buffer.cast();
        (*this).tags = tags;
        (*this).array_size = size;
        let near = (*this).header.flags & flag::NEAR_BORDER != 0;
        (*this).border = if near { size / 2 } else { size };
        if !Table::has_no_nodes(this) {
            Table::move_integer_keys(this, old, size);
        }
    }

    /// After the array part grew: takes its keys out of the node part (T1).
    unsafe fn move_integer_keys(this: *mut Table, old: u32, size: u32) {
        for node in Table::nodes(this) {
            if (*node).key_tag == tag::INT && (*node).tag != tag::NIL {
                let index = (*node).key_bits.wrapping_sub(1);
                if index >= u64::from(old) && index < u64::from(size) {
                    Table::array_set(this, index as u32, (*node).value());
                    (*node).tag = tag::NIL;
                }
            }
        }
    }

    /// A border: some `n` with `t[n] ~= nil` (or 0) and `t[n+1] == nil`. Which one, where there are several, scripts rely on; it depends
    /// on where the search starts, see [`flag::NEAR_BORDER`].
    #[inline]
    pub(crate) unsafe fn len(this: *mut Table) -> i64 {
        let (size, hint) = ((*this).array_size, (*this).border);
        let tags = (*this).tags;
        if hint != 0
            && hint < size
            && *tags.add(hint as usize - 1) != tag::NIL
            && *tags.add(hint as usize) == tag::NIL
        {
            return i64::from(hint);
        }
        Table::len_slow(this)
    }

    #[inline(never)]
    unsafe fn len_slow(this: *mut Table) -> i64 {
        let size = (*this).array_size;
        if size > 0
            && let Some(border) = Table::array_border(this)
        {
            (*this).border = border;
            return i64::from(border);
        }
        (*this).border = size;
        if Table::has_no_nodes(this) || Table::get_int(this, i64::from(size) + 1).is_nil() {
            return i64::from(size);
        }
        Table::unbound_border(this, i64::from(size) + 1)
    }

    /// A border within the array part, which is not empty; `None` if its last slot is in use.
    unsafe fn array_border(this: *mut Table) -> Option<u32> {
        let (size, hint) = ((*this).array_size, (*this).border.min((*this).array_size));
        let near = (*this).header.flags & flag::NEAR_BORDER != 0;
        let (first, vicinity) = if near { (1, 4) } else { (size, 1) };
        let filled = |n: u32| *(*this).tags.add(n as usize - 1) != tag::NIL;
        let between = |mut low: u32, mut high: u32| {
            while high - low > 1 {
                let middle = low + (high - low) / 2;
                if filled(middle) { low = middle } else { high = middle }
            }
            low
        };
        let start = if hint == 0 { first } else { hint };
        let mut limit = start;
        if !filled(limit) {
            for _ in 0..vicinity.min(limit - 1) {
                limit -= 1;
                if filled(limit) {
                    return Some(limit);
                }
            }
            return Some(between(0, if near { limit } else { start }));
        }
        for _ in 0..vicinity.min(size - limit) {
            limit += 1;
            if !filled(limit) {
                return Some(limit - 1);
            }
        }
        (!filled(size)).then(|| between(limit, size))
    }

    /// Searches the node part for a border above `low`, which is present.
    unsafe fn unbound_border(this: *mut Table, mut low: i64) -> i64 {
        let mut high = low.saturating_mul(2);
        while !Table::get_int(this, high).is_nil() {
            low = high;
            if high == i64::MAX {
                return high;
            }
            high = high.saturating_mul(2);
        }
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if Table::get_int(this, middle).is_nil() { high = middle } else { low = middle }
        }
        low
    }
}
