//! Full userdata: a host payload with a borrow flag, a metatable and user values.

use std::any::{Any, TypeId};

use crate::heap::Heap;
use crate::heap::header::Header;
use crate::value::repr::tag;
use crate::value::table::Table;
use crate::vm::State;

/// A host value owned by a userdata.
pub(crate) type Payload = Box<dyn Any>;

/// Marks what a payload refers to, if the flag allows to look at it.
pub(crate) type TraceFn = unsafe fn(this: *mut UserdataObj, heap: &mut Heap);

/// A userdata object.
#[derive(Debug)]
#[repr(C)]
pub struct UserdataObj {
    pub(crate) header: Header,
    /// 0 free, n shared borrows, -1 exclusively borrowed. Shared borrows of a frozen payload that is not traced are not counted.
    pub(crate) borrow: isize,
    /// The metatable.
    pub(crate) meta: *mut Table,
    /// Table of user values, made on first use.
    pub(crate) user_values: *mut Table,
    /// The payload; `None` once taken or destroyed.
    pub(crate) payload: Option<Payload>,
    /// Where a payload lent for a while is; null for one that is owned, and once the time is over.
    pub(crate) lent: *mut (),
    /// Type of the payload, also once it is gone.
    pub(crate) class: TypeId,
    /// Bytes charged for the payload.
    pub(crate) charged: usize,
    /// Marks what the payload refers to; `None`: it refers to nothing.
    pub(crate) trace: Option<TraceFn>,
    /// The state it was made in, if it is traced.
    pub(crate) owner: *mut State,
    /// The payload was never owned.
    pub(crate) scoped: bool,
    /// The payload can be neither taken nor borrowed exclusively.
    pub(crate) frozen: bool,
}

impl UserdataObj {
    /// A userdata that owns `payload`.
    ///
    /// # Safety
    /// Rooted before the next safe point.
    pub(crate) unsafe fn new(
        heap: &mut Heap,
        payload: Payload,
        charged: usize,
    ) -> *mut UserdataObj {
        let this = heap.alloc_object(size_of::<UserdataObj>(), tag::USERDATA).cast::<UserdataObj>();
        (*this).class = (*payload).type_id();
        (*this).frozen = false;
        (&raw mut (*this).payload).write(Some(payload));
        (*this).lent = std::ptr::null_mut();
        (*this).scoped = false;
        (*this).borrow = 0;
        (*this).meta = std::ptr::null_mut();
        (*this).user_values = std::ptr::null_mut();
        (*this).charged = charged;
        (*this).trace = None;
        (*this).owner = std::ptr::null_mut();
        heap.used += charged;
        this
    }

    /// Queues the payload of a dead userdata; it is dropped where user code may run.
    pub(crate) unsafe fn release(this: *mut UserdataObj, heap: &mut Heap) {
        let payload = &raw mut (*this).payload;
        if let Some(payload) = payload.read() {
            heap.dead_payloads.push(payload);
        }
        heap.used -= (*this).charged;
    }
}
