//! Full userdata: a host payload with a borrow flag, a metatable and user values.

use std::alloc::{Layout, alloc, dealloc};
use std::any::{Any, TypeId};
use std::cell::Cell;
use std::fmt;
use std::ptr::{NonNull, null_mut};

use crate::heap::Heap;
use crate::heap::header::Header;
use crate::host::vm::maker::{Made, Maker};
use crate::value::repr::{RawValue, tag};
use crate::value::string::Str;
use crate::value::table::Table;
use crate::vm::State;

/// Marks what a payload refers to, if the flag allows to look at it.
pub(crate) type TraceFn = unsafe fn(this: *mut UserdataObj, heap: &mut Heap);

/// Largest payload that lies in the object itself.
const MAX_INLINE: usize = 256;

/// A value of a class, known by its type at run time only.
pub(crate) trait Whole: Any {
    /// The value itself or the part of it that is of a type.
    fn part_of_type(&self, of: TypeId) -> Option<&dyn Any>;

    /// As [`Whole::part_of_type`], to be changed.
    fn part_of_type_mut(&mut self, of: TypeId) -> Option<&mut dyn Any>;

    /// What its class makes of its data.
    fn data<'id>(&self, maker: &mut Maker<'id>) -> Option<Result<Made<'id>, String>>;
}

/// What is done with an object of a class by who does not know its type.
pub(crate) struct ClassOps {
    /// The type of the class.
    pub(crate) shown: TypeId,
    /// The payload is a view of a value in another object.
    pub(crate) view: bool,
    /// The type's name.
    pub(crate) name: fn() -> &'static str,
    /// Whether values have a part of a type, or are of it.
    pub(crate) has_part: fn(TypeId) -> bool,
    /// The value at an address.
    pub(crate) whole: unsafe fn(*mut u8) -> *mut dyn Whole,
    /// Whether the flag tells of borrows.
    pub(crate) counted: bool,
    /// Tells the collector that a borrow begins.
    pub(crate) begin: unsafe fn(*mut UserdataObj, exclusive: bool),
    /// Tells the collector that a borrow has ended.
    pub(crate) end: unsafe fn(*mut UserdataObj, exclusive: bool),
}

impl fmt::Debug for ClassOps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ClassOps").field(&(self.name)()).finish()
    }
}

/// What is known of the Rust type of a payload.
#[derive(Debug)]
pub(crate) struct PayloadType {
    /// The type.
    pub(crate) id: TypeId,
    layout: Layout,
    /// Ends a value in its place; `None` if that takes nothing.
    drop: Option<unsafe fn(*mut u8)>,
    /// Marks what a payload refers to; `None`: it refers to nothing.
    pub(crate) trace: Option<TraceFn>,
    /// Payloads can be neither taken nor borrowed exclusively.
    pub(crate) frozen: bool,
    /// Its class, if it has one.
    pub(crate) class: Option<&'static ClassOps>,
}

unsafe fn drop_in_place<T>(data: *mut u8) {
    data.cast::<T>().drop_in_place();
}

impl PayloadType {
    /// What there is to know of `T`.
    pub(crate) const fn new<T: 'static>(frozen: bool, trace: Option<TraceFn>) -> PayloadType {
        let drop: Option<unsafe fn(*mut u8)> =
            if std::mem::needs_drop::<T>() { Some(drop_in_place::<T>) } else { None };
        let (id, layout, class) = (TypeId::of::<T>(), Layout::new::<T>(), None);
        PayloadType { id, layout, drop, trace, frozen, class }
    }

    /// The same, of a class.
    pub(crate) const fn of_class(self, class: &'static ClassOps) -> PayloadType {
        PayloadType { class: Some(class), ..self }
    }

    /// The type that an object is said to be of.
    pub(crate) fn shown(&self) -> TypeId {
        self.class.map_or(self.id, |class| class.shown)
    }

    /// Whether a payload lies in the object.
    pub(crate) const fn is_inline(&self) -> bool {
        self.layout.size() <= MAX_INLINE && self.layout.align() <= align_of::<UserdataObj>()
    }
}

/// Where a payload lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Behind the object's words.
    Inline,
    /// In a box.
    Boxed,
    /// With somebody else, for a while.
    Lent,
}

/// What a class gives its objects. The state's list of classes keeps it and what it names.
#[derive(Debug)]
pub(crate) struct Members {
    /// The state of the class.
    pub(crate) owner: *mut State,
    /// The type's name in this state.
    pub(crate) name: &'static str,
    /// The type was registered as one whose values never change: they count as borrowed shared all the time.
    pub(crate) frozen: bool,
    /// Metatable of the objects.
    pub(crate) meta: *mut Table,
    /// Methods, functions and constants.
    pub(crate) table: *mut Table,
    /// Natives that read fields, by name.
    pub(crate) getters: *mut Table,
    /// Natives that write fields, by name.
    pub(crate) setters: *mut Table,
    /// The class's own `__index`.
    pub(crate) index: OwnHandler,
    /// The class's own `__newindex`.
    pub(crate) new_index: OwnHandler,
    /// Somebody else may have the metatable, and with it change what objects do.
    pub(crate) is_exposed: Cell<bool>,
    /// A bit for each hash of a name in `getters`; all bits once the metatable is exposed.
    pub(crate) getter_names: Cell<u64>,
}

impl Members {
    /// The bit of a name.
    #[inline(always)]
    unsafe fn bit(name: *mut Str) -> u64 {
        1 << ((*name).header.aux & 63)
    }

    /// Notes the names of `getters`, once they are all there: the class is whole, and its metatable nobody else's.
    pub(crate) unsafe fn finish(&self, heap: &Heap) {
        let (mut names, mut at) = (0, RawValue::NIL);
        while let Ok(Some((name, _))) = Table::next(self.getters, heap, at) {
            names |= Members::bit(name.as_ptr());
            at = name;
        }
        self.getter_names.set(names);
        self.is_exposed.set(false);
    }

    /// Somebody else gets the metatable, through which the tables of the class can be reached too.
    pub(crate) fn expose(&self) {
        self.is_exposed.set(true);
        self.getter_names.set(u64::MAX);
    }

    /// The native that reads a field of this name; nil if there is none.
    #[inline(always)]
    pub(crate) unsafe fn getter(&self, name: *mut Str) -> RawValue {
        if self.getter_names.get() & Members::bit(name) == 0 {
            return RawValue::NIL;
        }
        Table::get_short_str(self.getters, name)
    }
}

/// A handler that a class has put into its metatable, where a script may have put another since.
#[derive(Debug)]
pub(crate) struct OwnHandler {
    /// The handler; nil while the class is made.
    pub(crate) value: RawValue,
    /// The node of the metatable that had it last.
    node: Cell<u32>,
}

impl OwnHandler {
    /// Not there yet.
    pub(crate) fn none() -> OwnHandler {
        OwnHandler { value: RawValue::NIL, node: Cell::new(0) }
    }

    /// Whether the metatable still has it under its name. Usually that is found without a walk along a chain of nodes.
    #[inline(always)]
    pub(crate) unsafe fn is_in(&self, meta: *mut Table, name: *mut Str) -> bool {
        let at = self.node.get();
        if at <= (*meta).mask {
            let node = (*meta).node.add(at as usize);
            if (*node).key_bits == name.addr() as u64
                && (*node).key_tag == tag::STR
                && (*node).bits == self.value.bits
            {
                return (*node).tag == self.value.tag;
            }
        }
        self.search(meta, name)
    }

    #[cold]
    unsafe fn search(&self, meta: *mut Table, name: *mut Str) -> bool {
        let node = Table::find_short_str(meta, name);
        if node.is_null() || self.value.is_nil() {
            return false;
        }
        self.node.set(node.offset_from((*meta).node) as u32);
        (*node).tag == self.value.tag && (*node).bits == self.value.bits
    }
}

/// A userdata object.
#[derive(Debug)]
#[repr(C)]
pub struct UserdataObj {
    pub(crate) header: Header,
    /// 0 free, n shared borrows, -1 exclusively borrowed. Shared borrows of a frozen payload that is not traced are not counted.
    pub(crate) borrow: isize,
    /// The payload; null once it is taken or destroyed, or its loan is over.
    pub(crate) data: *mut u8,
    /// Type of the payload, also once it is gone.
    pub(crate) ty: &'static PayloadType,
    /// The metatable.
    pub(crate) meta: *mut Table,
    /// The class of the type; null if it has none.
    pub(crate) members: *const Members,
    /// Table of user values, made on first use.
    pub(crate) user_values: *mut Table,
    /// Bytes charged besides the object.
    pub(crate) charged: usize,
    /// Where the payload lies.
    pub(crate) place: Place,
    /// Never changed through Lua, a constant of a class or lent shared: its flag tells of a shared borrow as long as it lives.
    pub(crate) read_only: bool,
}

impl UserdataObj {
    /// An object without a payload.
    unsafe fn empty(
        heap: &mut Heap,
        size: usize,
        ty: &'static PayloadType,
        place: Place,
    ) -> *mut UserdataObj {
        let this = heap.alloc_object(size, tag::USERDATA).cast::<UserdataObj>();
        (*this).borrow = 0;
        (*this).data = null_mut();
        (&raw mut (*this).ty).write(ty);
        (*this).meta = null_mut();
        (*this).members = std::ptr::null();
        (*this).user_values = null_mut();
        (*this).charged = 0;
        (&raw mut (*this).place).write(place);
        (&raw mut (*this).read_only).write(false);
        this
    }

    /// A userdata that owns `payload`, of the type that `ty` tells of.
    ///
    /// # Safety
    /// Rooted before the next safe point.
    pub(crate) unsafe fn new<T: 'static>(
        heap: &mut Heap,
        payload: T,
        ty: &'static PayloadType,
    ) -> *mut UserdataObj {
        if ty.is_inline() {
            let size = size_of::<UserdataObj>() + size_of::<T>();
            let this = UserdataObj::empty(heap, size, ty, Place::Inline);
            let data = this.add(1).cast::<T>();
            data.write(payload);
            (*this).data = data.cast();
            return this;
        }
        let this = UserdataObj::empty(heap, size_of::<UserdataObj>(), ty, Place::Boxed);
        (*this).data = Box::into_raw(Box::new(payload)).cast();
        (*this).charge(heap, size_of::<T>());
        this
    }

    /// A userdata over a payload that belongs to somebody else.
    ///
    /// # Safety
    /// As [`UserdataObj::new`]; the payload is a value of the type until `data` is set to null.
    pub(crate) unsafe fn lent(
        heap: &mut Heap,
        payload: *mut u8,
        ty: &'static PayloadType,
    ) -> *mut UserdataObj {
        let this = UserdataObj::empty(heap, size_of::<UserdataObj>(), ty, Place::Lent);
        (*this).data = payload;
        this
    }

    /// Replaces what the object is charged besides itself.
    pub(crate) fn charge(&mut self, heap: &mut Heap, bytes: usize) {
        heap.used = heap.used - self.charged + bytes;
        self.charged = bytes;
    }

    /// The payload, if there is one of type `T`.
    #[inline(always)]
    pub(crate) fn payload<T: 'static>(&self) -> Option<*mut T> {
        (self.ty.id == TypeId::of::<T>() && !self.data.is_null()).then(|| self.data.cast())
    }

    /// Makes it a constant, if nothing borrows it and it owns its value.
    pub(crate) fn set_constant(&mut self) {
        if self.borrow == 0 && self.place != Place::Lent {
            self.set_read_only();
        }
    }

    /// Forbids every exclusive borrow of what nothing borrows yet.
    pub(crate) fn set_read_only(&mut self) {
        (self.borrow, self.read_only) = (1, true);
    }

    /// Whether there is a payload that belongs to somebody else.
    pub(crate) fn is_lent(&self) -> bool {
        self.place == Place::Lent && !self.data.is_null()
    }

    /// What marks the payload's own references. A lent one keeps those itself.
    #[inline(always)]
    pub(crate) fn trace(&self) -> Option<TraceFn> {
        if self.place == Place::Lent { None } else { self.ty.trace }
    }

    /// Moves the payload out.
    ///
    /// # Safety
    /// The object is live and owns a payload of type `T`, which nothing refers to.
    pub(crate) unsafe fn take<T>(this: *mut UserdataObj, heap: &mut Heap) -> T {
        let data = std::mem::replace(&mut (*this).data, null_mut()).cast::<T>();
        (*this).charge(heap, 0);
        if (*this).place == Place::Boxed { *Box::from_raw(data) } else { data.read() }
    }

    /// Takes the payload off the object, which then has none; `None` if there was none to be dropped.
    ///
    /// # Safety
    /// The object is live, and nothing refers to its payload.
    pub(crate) unsafe fn detach(this: *mut UserdataObj, heap: &mut Heap) -> Option<Payload> {
        (*this).charge(heap, 0);
        let data = std::mem::replace(&mut (*this).data, null_mut());
        let ty = (*this).ty;
        match (*this).place {
            _ if data.is_null() => None,
            Place::Lent => None,
            Place::Boxed => Some(Payload { data, ty }),
            Place::Inline if ty.drop.is_none() => None,
            Place::Inline => Payload::moved(data, ty),
        }
    }

    /// Queues the payload of a dead userdata; it is dropped where user code may run.
    pub(crate) unsafe fn release(this: *mut UserdataObj, heap: &mut Heap) {
        if let Some(payload) = UserdataObj::detach(this, heap) {
            if payload.ty.drop.is_some() {
                heap.queue_payload(payload);
            } else {
                drop(payload);
            }
        }
    }
}

/// A payload without its object, in memory of its own.
#[derive(Debug)]
pub(crate) struct Payload {
    data: *mut u8,
    ty: &'static PayloadType,
}

impl Payload {
    /// Moves a payload out of its object. One for which there is no memory is given up.
    unsafe fn moved(data: *mut u8, ty: &'static PayloadType) -> Option<Payload> {
        let size = ty.layout.size();
        let own = if size == 0 { NonNull::dangling().as_ptr() } else { alloc(ty.layout) };
        if own.is_null() {
            return None;
        }
        own.copy_from_nonoverlapping(data, size);
        Some(Payload { data: own, ty })
    }
}

impl Drop for Payload {
    fn drop(&mut self) {
        /// Gives the memory back, also if the value's own code panics.
        struct Memory(*mut u8, Layout);
        impl Drop for Memory {
            fn drop(&mut self) {
                if self.1.size() > 0 {
                    // SAFETY: H2; the memory came from the allocator with this layout, by `alloc` or a box.
                    unsafe { dealloc(self.0, self.1) }
                }
            }
        }
        let _memory = Memory(self.data, self.ty.layout);
        if let Some(end) = self.ty.drop {
            // SAFETY: H2; this owns a value of the type, which is ended once.
            unsafe { end(self.data) }
        }
    }
}
