//! Full userdata: a host payload with a borrow flag, a metatable and user values.

use std::any::{Any, TypeId};
use std::fmt;
use std::rc::Rc;

use crate::heap::Heap;
use crate::heap::header::Header;
use crate::value::repr::tag;
use crate::value::table::Table;
use crate::vm::State;

/// A host value owned by a userdata.
pub(crate) type Payload = Box<dyn Any>;

/// Marks what a payload refers to, if the flag allows to look at it.
pub(crate) type TraceFn = unsafe fn(this: *mut UserdataObj, heap: &mut Heap);

/// A value of a class, known by its type at run time only.
pub(crate) trait Whole: Any {
    /// The value itself or the part of it that is of a type.
    fn part_of_type(&self, of: TypeId) -> Option<&dyn Any>;

    /// As [`Whole::part_of_type`], to be changed.
    fn part_of_type_mut(&mut self, of: TypeId) -> Option<&mut dyn Any>;
}

/// A step from a value to one that it contains.
pub(crate) trait Step {
    /// The inner value; `None` if the outer one is of another type.
    fn shared<'w>(&self, whole: &'w dyn Whole) -> Option<&'w dyn Whole>;

    /// As [`Step::shared`], to be changed.
    fn exclusive<'w>(&self, whole: &'w mut dyn Whole) -> Option<&'w mut dyn Whole>;
}

/// Where the value of a userdata lies that is part of another's.
pub(crate) struct View {
    /// The userdata that owns the whole.
    pub(crate) root: *mut UserdataObj,
    /// The way from there.
    pub(crate) steps: Vec<Rc<dyn Step>>,
}

/// What is done with an object by who does not know its type.
pub(crate) struct ClassOps {
    /// The type's name.
    pub(crate) name: fn() -> &'static str,
    /// Whether a value has a part of a type.
    pub(crate) has_part: fn(TypeId) -> bool,
    /// The value at an address.
    pub(crate) whole: unsafe fn(*mut ()) -> *mut dyn Whole,
    /// Whether the flag tells of borrows.
    pub(crate) counted: bool,
    /// Tells the collector that a borrow begins.
    pub(crate) begin: unsafe fn(*mut UserdataObj, exclusive: bool),
    /// Tells the collector that a borrow has ended.
    pub(crate) end: unsafe fn(*mut UserdataObj, exclusive: bool),
}

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
    /// What its class does without knowing its type; `None` for what is no object of a class.
    pub(crate) ops: Option<&'static ClassOps>,
    /// The place of a payload that is part of another's, which the object owns; else null.
    pub(crate) view: *mut View,
}

impl fmt::Debug for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("View").field("root", &self.root).field("steps", &self.steps.len()).finish()
    }
}

impl fmt::Debug for ClassOps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ClassOps").field(&(self.name)()).finish()
    }
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
        (*this).ops = None;
        (*this).view = std::ptr::null_mut();
        heap.used += charged;
        this
    }

    /// Queues the payload of a dead userdata; it is dropped where user code may run.
    pub(crate) unsafe fn release(this: *mut UserdataObj, heap: &mut Heap) {
        let payload = &raw mut (*this).payload;
        if let Some(payload) = payload.read() {
            heap.dead_payloads.push(payload);
        }
        let view = (*this).view;
        if !view.is_null() {
            drop(Box::from_raw(view));
        }
        heap.used -= (*this).charged;
    }
}
