//! Metatables and metamethod lookup.

use super::State;
use crate::heap::Heap;
use crate::value::repr::{RawValue, tag};
use crate::value::string::Str;
use crate::value::table::Table;
use crate::value::userdata::UserdataObj;

macro_rules! events {
    ($($name:ident $text:literal)*) => {
        /// An event a metatable may handle.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub(crate) enum Event { $(#[doc = $text] $name,)* }

        /// The names, in order.
        pub(super) const TEXTS: &[&str] = &[$($text),*];
    };
}

events! {
    Index "__index" NewIndex "__newindex" Gc "__gc" Len "__len" Eq "__eq" Add "__add" Sub "__sub" Mul "__mul"
    Mod "__mod" Pow "__pow" Div "__div" IDiv "__idiv" BAnd "__band" BOr "__bor" BXor "__bxor" Shl "__shl" Shr "__shr" Unm "__unm"
    BNot "__bnot" Lt "__lt" Le "__le" Concat "__concat" Call "__call" Close "__close" ToString "__tostring" Name "__name"
}

/// The interned event names.
#[derive(Debug)]
pub(crate) struct Names([*mut Str; TEXTS.len()]);

const _: () = assert!(TEXTS.len() <= 32, "a table's absence bits");

impl Names {
    /// Interns all names.
    pub(crate) unsafe fn new(heap: &mut Heap) -> Names {
        let mut names = [std::ptr::null_mut(); TEXTS.len()];
        for (name, text) in names.iter_mut().zip(TEXTS) {
            *name = Str::new(heap, text.as_bytes());
        }
        Names(names)
    }

    /// `__index`
    #[inline(always)]
    pub(crate) fn index(&self) -> *mut Str {
        self.0[Event::Index as usize]
    }

    /// The name of an event.
    #[inline(always)]
    pub(crate) fn get(&self, event: Event) -> *mut Str {
        self.0[event as usize]
    }

    /// All names.
    pub(crate) fn all(&self) -> &[*mut Str] {
        &self.0
    }
}

/// The metatable of a value, or null.
#[inline]
pub(crate) unsafe fn metatable_of(l: *mut State, value: RawValue) -> *mut Table {
    match value.tag {
        tag::TABLE => (*value.as_ptr::<Table>()).meta,
        tag::USERDATA => (*value.as_ptr::<UserdataObj>()).meta,
        tag::TRUE => (*l).type_meta[tag::FALSE as usize],
        tag::FLOAT => (*l).type_meta[tag::INT as usize],
        tag::NATIVE => (*l).type_meta[tag::LCLOSURE as usize],
        other => (*l).type_meta[other as usize],
    }
}

/// The handler in a metatable, remembering absence.
#[inline]
pub(crate) unsafe fn handler_in(l: *mut State, meta: *mut Table, event: Event) -> RawValue {
    let bit = 1u32 << event as u8;
    if meta.is_null() || (*meta).header.aux & bit != 0 {
        return RawValue::NIL;
    }
    let handler = Table::get_short_str(meta, (*l).names.get(event));
    if handler.is_nil() {
        (*meta).header.aux |= bit;
    }
    handler
}

/// The handler of a value for an event; nil if there is none.
#[inline]
pub(crate) unsafe fn handler(l: *mut State, value: RawValue, event: Event) -> RawValue {
    handler_in(l, metatable_of(l, value), event)
}

/// Sets a table's metatable and registers its finalizer.
pub(crate) unsafe fn set_metatable(l: *mut State, table: *mut Table, meta: *mut Table) {
    use crate::heap::header::flag;
    (*table).meta = meta;
    if meta.is_null() {
        return;
    }
    (*l).heap.barrier_object(table.cast(), meta.cast());
    if (*table).header.flags & flag::FINALIZER == 0 && !handler_in(l, meta, Event::Gc).is_nil() {
        (*table).header.flags |= flag::FINALIZER;
        (*l).heap.list_finalizer(table.cast());
    }
}
