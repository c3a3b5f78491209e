//! Tables: a split array part and a node part with PUC-style collision handling.
//!
//! - **T1** Integer keys in `1..=array_size` live in the array part only; all others in the node part.
//! - **T2** The array part is one buffer: `array_size` payloads, then `array_size` tags; `tags` points at the latter.
//! - **T3** The node part has `mask + 1` nodes, or is the static empty node (`mask` 0), which is never written.
//! - **T4** A node chained from its main position is reachable over `next`; a free node has a nil key.

pub(crate) mod array;
pub(crate) mod hash;
pub(crate) mod next;
#[cfg(test)]
mod tests;

use crate::heap::Heap;
use crate::heap::header::Header;
use crate::value::repr::{RawValue, tag};

/// One node: value and key share its 24 bytes.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct Node {
    /// Tag of the value.
    pub(crate) tag: u8,
    /// Tag of the key; nil in a free node.
    pub(crate) key_tag: u8,
    /// Distance to the next node of the chain, in nodes; 0 at its end.
    pub(crate) next: i32,
    /// Payload of the value.
    pub(crate) bits: u64,
    /// Payload of the key.
    pub(crate) key_bits: u64,
}

impl Node {
    /// The value.
    #[inline(always)]
    pub(crate) fn value(&self) -> RawValue {
        RawValue { tag: self.tag, bits: self.bits }
    }

    /// The key.
    #[inline(always)]
    pub(crate) fn key(&self) -> RawValue {
        RawValue { tag: self.key_tag, bits: self.key_bits }
    }

    /// Stores a value.
    #[inline(always)]
    pub(crate) fn set_value(&mut self, value: RawValue) {
        self.bits = value.bits;
        self.tag = value.tag;
    }
}

/// The node part of a table that has none.
struct EmptyNode(Node);
// SAFETY: the node is never written (T3), so sharing it between threads is sharing constant data.
unsafe impl Sync for EmptyNode {}
static EMPTY_NODE: EmptyNode =
    EmptyNode(Node { tag: tag::NIL, key_tag: tag::NIL, next: 0, bits: 0, key_bits: 0 });

/// A table.
#[derive(Debug)]
#[repr(C)]
pub struct Table {
    /// `aux` holds the absence bits of metamethods: bit n set means event n is known to be absent.
    pub(crate) header: Header,
    /// Payloads of the array part.
    pub(crate) array: *mut u64,
    /// Tags of the array part.
    pub(crate) tags: *mut u8,
    /// Slots of the array part.
    pub(crate) array_size: u32,
    /// Where the last length query found a border.
    pub(crate) border: u32,
    /// The node part.
    pub(crate) node: *mut Node,
    /// Number of nodes less one.
    pub(crate) mask: u32,
    /// All nodes from this index on are in use.
    pub(crate) last_free: u32,
    /// The metatable.
    pub(crate) meta: *mut Table,
}

/// Why a key cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyError {
    /// The key is nil.
    Nil,
    /// The key is NaN.
    Nan,
    /// The table would grow beyond its limit.
    Overflow,
    /// The table would grow by so many bytes, and the heap beyond its cap.
    Memory(usize),
}

impl KeyError {
    /// The message.
    pub(crate) fn text(self) -> &'static str {
        match self {
            KeyError::Nil => "table index is nil",
            KeyError::Nan => "table index is NaN",
            KeyError::Overflow => "table overflow",
            KeyError::Memory(_) => "memory cap exceeded",
        }
    }
}

/// Refuses a part of `bytes` in place of one of `old` bytes if it is large and the heap has no room for it.
fn check_room(heap: &Heap, bytes: usize, old: usize) -> Result<(), KeyError> {
    let more = bytes.saturating_sub(old);
    if more >= LARGE && (heap.exceeds_cap(more) || !heap.can_allocate(bytes)) {
        return Err(KeyError::Memory(more));
    }
    Ok(())
}

/// Bytes from which on an allocation is checked before it is made.
const LARGE: usize = 4096;
/// Largest array part.
pub(crate) const MAX_ARRAY: u32 = 1 << 27;
/// Largest node part.
pub(crate) const MAX_NODES: u32 = 1 << 27;

impl Table {
    /// An empty table.
    ///
    /// # Safety
    /// Rooted before the next safe point.
    #[inline]
    pub(crate) unsafe fn new(heap: &mut Heap) -> *mut Table {
        let this = heap.alloc_object(size_of::<Table>(), tag::TABLE).cast::<Table>();
        (*this).header.flags = heap.table_flags;
        (*this).array = std::ptr::null_mut();
        (*this).tags = std::ptr::null_mut();
        (*this).array_size = 0;
        (*this).border = 0;
        (*this).node = (&raw const EMPTY_NODE.0).cast_mut();
        (*this).mask = 0;
        (*this).last_free = 0;
        (*this).meta = std::ptr::null_mut();
        this
    }

    /// An empty table with room for `array` list items and `nodes` other keys.
    ///
    /// # Safety
    /// As [`Table::new`]; the sizes are within the limits.
    pub(crate) unsafe fn with_capacity(heap: &mut Heap, array: u32, nodes: u32) -> *mut Table {
        let this = Table::new(heap);
        if array > 0 {
            Table::resize_array(this, heap, array);
        }
        if nodes > 0 {
            Table::set_nodes(this, heap, nodes);
        }
        this
    }

    /// Whether the node part is the shared empty one.
    #[inline(always)]
    pub(crate) unsafe fn has_no_nodes(this: *mut Table) -> bool {
        std::ptr::eq((*this).node, &raw const EMPTY_NODE.0)
    }

    /// Number of nodes.
    #[inline(always)]
    pub(crate) unsafe fn node_count(this: *mut Table) -> usize {
        if Table::has_no_nodes(this) { 0 } else { (*this).mask as usize + 1 }
    }

    /// Every node.
    pub(crate) unsafe fn nodes(this: *mut Table) -> impl Iterator<Item = *mut Node> {
        let (first, count) = ((*this).node, Table::node_count(this));
        // SAFETY: T3; the index is below the number of nodes.
        (0..count).map(move |i| unsafe { first.add(i) })
    }

    /// Marks the key of an empty node as dead, so that only its address is ever compared again.
    #[inline(always)]
    pub(crate) unsafe fn kill_key(node: *mut Node) {
        if (*node).key().is_object() {
            (*node).key_tag = tag::DEAD_KEY;
        }
    }

    /// The value at a key; nil if there is none. Raw.
    #[inline]
    pub(crate) unsafe fn get(this: *mut Table, heap: &Heap, key: RawValue) -> RawValue {
        match key.tag {
            tag::STR if crate::value::string::Str::is_short(key.as_ptr()) => {
                Table::get_short_str(this, key.as_ptr())
            }
            tag::INT => Table::get_int(this, key.as_int()),
            tag::NIL => RawValue::NIL,
            _ => match Table::find_generic(this, heap, key) {
                Ok(i) => Table::get_int(this, i),
                Err(node) if node.is_null() => RawValue::NIL,
                Err(node) => (*node).value(),
            },
        }
    }

    /// Stores a value at a key. Raw; the caller runs the barrier.
    #[inline]
    pub(crate) unsafe fn set(
        this: *mut Table,
        heap: &mut Heap,
        key: RawValue,
        value: RawValue,
    ) -> Result<(), KeyError> {
        match key.tag {
            tag::INT => Table::set_int(this, heap, key.as_int(), value),
            tag::STR if crate::value::string::Str::is_short(key.as_ptr()) => {
                let node = Table::find_short_str(this, key.as_ptr());
                if !node.is_null() {
                    (*node).set_value(value);
                    return Ok(());
                }
                Table::insert(this, heap, key, value)
            }
            tag::NIL => Err(KeyError::Nil),
            _ => match Table::find_generic(this, heap, key) {
                Ok(i) => Table::set_int(this, heap, i, value),
                Err(node) if node.is_null() => {
                    if key.tag == tag::FLOAT && key.as_float().is_nan() {
                        return Err(KeyError::Nan);
                    }
                    Table::insert(this, heap, key, value)
                }
                Err(node) => {
                    (*node).set_value(value);
                    Ok(())
                }
            },
        }
    }

    /// Frees what a dead table owns.
    pub(crate) unsafe fn release(this: *mut Table, heap: &mut Heap) {
        if (*this).array_size > 0 {
            heap.free_buffer((*this).array.cast(), array::bytes((*this).array_size));
        }
        if !Table::has_no_nodes(this) {
            heap.free_buffer((*this).node.cast(), Table::node_count(this) * size_of::<Node>());
        }
    }
}
