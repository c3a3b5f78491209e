//! Upvalue cells: open ones point into a stack, closed ones at their own field.

use crate::heap::Heap;
use crate::heap::header::Header;
use crate::value::repr::{RawValue, tag};

/// A captured variable.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct Upvalue {
    pub(crate) header: Header,
    /// Where the value is: a stack slot, or `closed`.
    pub(crate) slot: *mut RawValue,
    /// The value once the variable is out of scope.
    pub(crate) closed: RawValue,
    /// Next open upvalue of the same thread, in order of falling stack address.
    pub(crate) next: *mut Upvalue,
}

impl Upvalue {
    /// An upvalue that is closed from the start.
    ///
    /// # Safety
    /// Rooted before the next safe point.
    pub(crate) unsafe fn new_closed(heap: &mut Heap, value: RawValue) -> *mut Upvalue {
        let this = heap.alloc_object(size_of::<Upvalue>(), tag::UPVAL).cast::<Upvalue>();
        (*this).closed = value;
        (*this).slot = &raw mut (*this).closed;
        (*this).next = std::ptr::null_mut();
        this
    }

    /// Takes the value out of the stack.
    pub(crate) unsafe fn close(this: *mut Upvalue) {
        (*this).closed = *(*this).slot;
        (*this).slot = &raw mut (*this).closed;
        (*this).next = std::ptr::null_mut();
    }
}
