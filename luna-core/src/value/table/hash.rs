//! The node part: lookup, insertion, rehash.

use super::array::bytes;
use super::{EMPTY_NODE, KeyError, MAX_ARRAY, MAX_NODES, Node, Table};
use crate::heap::Heap;
use crate::heap::alloc::Block;
use crate::value::number::float_to_int_exact;
use crate::value::repr::{RawValue, tag};
use crate::value::string::Str;

/// Spreads the bits of an integer or address.
#[inline(always)]
fn spread(bits: u64) -> u32 {
    (bits.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as u32
}

impl Table {
    /// The node where a key belongs.
    #[inline]
    pub(super) unsafe fn main_position(this: *mut Table, heap: &Heap, key: RawValue) -> *mut Node {
        let hash = match key.tag {
            tag::STR => Str::hash(key.as_ptr(), heap),
            tag::FALSE => 1,
            tag::TRUE => 2,
            // By where objects are in their heap, so that the order of `pairs` does not depend on where the system has put that.
            _ if key.is_object() => spread(Block::identity(key.bits as usize)),
            _ => spread(key.bits),
        };
        (*this).node.add((hash & (*this).mask) as usize)
    }

    /// The node of a short string, or null.
    #[inline(always)]
    pub(crate) unsafe fn find_short_str(this: *mut Table, key: *mut Str) -> *mut Node {
        let mut node = (*this).node.add(((*key).header.aux & (*this).mask) as usize);
        let address = key.expose_provenance() as u64;
        loop {
            if (*node).key_bits == address && (*node).key_tag == tag::STR {
                return node;
            }
            let next = (*node).next;
            if next == 0 {
                return std::ptr::null_mut();
            }
            node = node.offset(next as isize);
        }
    }

    /// The value at a short string.
    #[inline(always)]
    pub(crate) unsafe fn get_short_str(this: *mut Table, key: *mut Str) -> RawValue {
        let node = Table::find_short_str(this, key);
        if node.is_null() { RawValue::NIL } else { (*node).value() }
    }

    /// The node of an integer, or null.
    #[inline]
    pub(crate) unsafe fn find_int(this: *mut Table, key: i64) -> *mut Node {
        let bits = key.cast_unsigned();
        let mut node = (*this).node.add((spread(bits) & (*this).mask) as usize);
        loop {
            if (*node).key_bits == bits && (*node).key_tag == tag::INT {
                return node;
            }
            let next = (*node).next;
            if next == 0 {
                return std::ptr::null_mut();
            }
            node = node.offset(next as isize);
        }
    }

    /// Finds any key: `Ok` if it is a float with an integer value, which counts as that integer; else its node or null.
    pub(crate) unsafe fn find_generic(
        this: *mut Table,
        heap: &Heap,
        key: RawValue,
    ) -> Result<i64, *mut Node> {
        if key.tag == tag::FLOAT
            && let Some(i) = float_to_int_exact(key.as_float())
        {
            return Ok(i);
        }
        let long_str = key.tag == tag::STR && !Str::is_short(key.as_ptr());
        let mut node = Table::main_position(this, heap, key);
        loop {
            let same = (*node).key_tag == key.tag
                && ((*node).key_bits == key.bits
                    || key.tag < tag::INT
                    || (long_str && Str::equal((*node).key().as_ptr(), key.as_ptr())));
            if same {
                return Err(node);
            }
            let next = (*node).next;
            if next == 0 {
                return Err(std::ptr::null_mut());
            }
            node = node.offset(next as isize);
        }
    }

    /// The node of an object whose entry was emptied and its key marked dead, or null. Only its own chain is searched: elsewhere a node may
    /// remember another object that was at the same address before.
    pub(crate) unsafe fn find_dead(this: *mut Table, heap: &Heap, key: RawValue) -> *mut Node {
        let mut node = Table::main_position(this, heap, key);
        loop {
            if (*node).key_tag == tag::DEAD_KEY && (*node).key_bits == key.bits {
                return node;
            }
            let next = (*node).next;
            if next == 0 {
                return std::ptr::null_mut();
            }
            node = node.offset(next as isize);
        }
    }

    /// Adds a key that is not there yet.
    #[inline(never)]
    pub(crate) unsafe fn insert(
        this: *mut Table,
        heap: &mut Heap,
        key: RawValue,
        value: RawValue,
    ) -> Result<(), KeyError> {
        if value.tag == tag::NIL {
            return Ok(());
        }
        (*this).header.aux = 0;
        if Table::has_no_nodes(this) {
            Table::rehash(this, heap, key)?;
            return Table::set(this, heap, key, value);
        }
        let mut main = Table::main_position(this, heap, key);
        if (*main).tag != tag::NIL {
            let free = Table::free_node(this);
            if free.is_null() {
                Table::rehash(this, heap, key)?;
                return Table::set(this, heap, key, value);
            }
            let other = Table::main_position(this, heap, (*main).key());
            if other == main {
                let next = (*main).next;
                (*free).next = if next == 0 {
                    0
                } else {
                    (main.offset(next as isize).offset_from(free)) as i32
                };
                (*main).next = free.offset_from(main) as i32;
                main = free;
            } else {
                let mut previous = other;
                while previous.offset((*previous).next as isize) != main {
                    previous = previous.offset((*previous).next as isize);
                }
                (*previous).next = free.offset_from(previous) as i32;
                let moved_next = (*main).next;
                *free = Node {
                    tag: (*main).tag,
                    key_tag: (*main).key_tag,
                    next: 0,
                    bits: (*main).bits,
                    key_bits: (*main).key_bits,
                };
                if moved_next != 0 {
                    (*free).next = moved_next + main.offset_from(free) as i32;
                    (*main).next = 0;
                }
            }
        }
        (*main).key_tag = key.tag;
        (*main).key_bits = key.bits;
        (*main).set_value(value);
        Ok(())
    }

    /// A node that was never used, or null.
    unsafe fn free_node(this: *mut Table) -> *mut Node {
        while (*this).last_free > 0 {
            (*this).last_free -= 1;
            let node = (*this).node.add((*this).last_free as usize);
            if (*node).key_tag == tag::NIL {
                return node;
            }
        }
        std::ptr::null_mut()
    }

    /// Gives an empty node part room for `count` keys.
    pub(crate) unsafe fn set_nodes(this: *mut Table, heap: &mut Heap, count: u32) {
        let size = count.next_power_of_two();
        let nodes = heap.alloc_buffer(size as usize * size_of::<Node>()).cast::<Node>();
        nodes.write_bytes(0, size as usize);
        (*this).node = nodes;
        (*this).mask = size - 1;
        (*this).last_free = size;
    }

    /// Sizes both parts for the present keys and one more, and puts the keys in anew.
    #[inline(never)]
    unsafe fn rehash(this: *mut Table, heap: &mut Heap, extra: RawValue) -> Result<(), KeyError> {
        let mut counts = [0u32; 33];
        let mut total = Table::count_array(this, &mut counts);
        for node in Table::nodes(this) {
            if (*node).tag != tag::NIL {
                total += 1;
                count_integer((*node).key(), &mut counts);
            }
        }
        total += 1;
        count_integer(extra, &mut counts);
        let (array_size, in_array) = best_array_size(&counts);
        let array_size = array_size.max((*this).array_size);
        let in_nodes = total - in_array.min(total);
        if in_nodes > MAX_NODES || array_size > MAX_ARRAY {
            return Err(KeyError::Overflow);
        }
        let nodes = in_nodes.next_power_of_two() as usize * size_of::<Node>();
        super::check_room(heap, bytes(array_size) + nodes, bytes((*this).array_size))?;
        Table::resize(this, heap, array_size, in_nodes);
        Ok(())
    }

    unsafe fn count_array(this: *mut Table, counts: &mut [u32; 33]) -> u32 {
        let mut total = 0;
        for i in 0..(*this).array_size {
            if *(*this).tags.add(i as usize) != tag::NIL {
                total += 1;
                counts[(u32::BITS - i.leading_zeros()) as usize] += 1;
            }
        }
        total
    }

    /// Rebuilds the node part for `nodes` keys and grows the array part to `array_size`.
    pub(crate) unsafe fn resize(this: *mut Table, heap: &mut Heap, array_size: u32, nodes: u32) {
        let (old, old_count) = ((*this).node, Table::node_count(this));
        (*this).node = (&raw const EMPTY_NODE.0).cast_mut();
        (*this).mask = 0;
        (*this).last_free = 0;
        if nodes > 0 {
            Table::set_nodes(this, heap, nodes);
        }
        if array_size > (*this).array_size {
            Table::resize_array(this, heap, array_size);
        }
        for i in (0..old_count).rev() {
            let node = old.add(i);
            if (*node).tag == tag::NIL {
                continue;
            }
            let (key, value) = ((*node).key(), (*node).value());
            let index = key.bits.wrapping_sub(1);
            if key.tag == tag::INT && index < u64::from((*this).array_size) {
                Table::array_set(this, index as u32, value);
            } else {
                let done = Table::insert(this, heap, key, value);
                debug_assert!(done.is_ok(), "the node part was sized for its keys");
            }
        }
        if old_count > 0 {
            heap.free_buffer(old.cast(), old_count * size_of::<Node>());
        }
        debug_assert!(bytes((*this).array_size) >= (*this).array_size as usize);
    }
}

/// Counts an integer key in `1..=MAX_ARRAY` in the slice of its power of two.
fn count_integer(key: RawValue, counts: &mut [u32; 33]) {
    let index = key.bits.wrapping_sub(1);
    if key.tag == tag::INT && index < u64::from(MAX_ARRAY) {
        counts[(u64::BITS - index.leading_zeros()) as usize] += 1;
    }
}

/// The largest power of two of which more than half the slots would be in use, and how many keys that takes in.
fn best_array_size(counts: &[u32; 33]) -> (u32, u32) {
    let (mut below, mut best) = (0, (0, 0));
    for (power, count) in counts.iter().enumerate().take(28) {
        // Slice n counts the indexes (from 0) in 2^(n-1)..2^n.
        below += count;
        let size = 1u32 << power;
        if below > size / 2 {
            best = (size, below);
        }
    }
    best
}
