//! Members of userdata that have a class: what its `__index` and `__newindex` find, without a call of them.
//!
//! Both are natives with the tables of the class as upvalues, which nobody but the class changes. The role in their header says so.

use super::State;
use super::meta::{self, Event};
use crate::value::function::NativeClosure;
use crate::value::repr::{RawValue, tag};
use crate::value::table::Table;
use crate::value::userdata::UserdataObj;

/// What a native is besides a function: kept in [`Header::extra`](crate::heap::header::Header::extra).
pub(crate) mod role {
    /// None.
    pub(crate) const NONE: u8 = 0;
    /// `__index` of a class. Upvalues 0 and 1: getters, and the class table.
    pub(crate) const READS: u8 = 1;
    /// `__newindex` of a class. Upvalue 0: setters.
    pub(crate) const WRITES: u8 = 2;
}

/// What a userdata's member is.
pub(crate) enum Member {
    /// Its value.
    Value(RawValue),
    /// The native that reads it.
    Getter(RawValue),
}

/// The table in an upvalue of a class's native.
unsafe fn table(native: *mut NativeClosure, i: usize) -> *mut Table {
    (*NativeClosure::upvalue(native, i)).as_ptr()
}

/// Whether `handler` is a native with the role and `key` a name.
#[inline(always)]
unsafe fn applies(handler: RawValue, key: RawValue, role: u8) -> bool {
    handler.tag == tag::NATIVE
        && (*handler.as_header()).extra == role
        && key.tag == tag::STR
        && crate::value::string::Str::is_short(key.as_ptr())
}

/// The handler of a userdata for an event; nil for anything else.
#[inline(always)]
unsafe fn handler_of(l: *mut State, object: RawValue, event: Event) -> RawValue {
    if object.tag != tag::USERDATA {
        return RawValue::NIL;
    }
    meta::handler_in(l, (*object.as_ptr::<UserdataObj>()).meta, event)
}

/// The member of a name, if `object` is a userdata whose class has one; else its `__index` decides.
#[inline(always)]
pub(crate) unsafe fn read(l: *mut State, object: RawValue, key: RawValue) -> Option<Member> {
    let handler = handler_of(l, object, Event::Index);
    if !applies(handler, key, role::READS) {
        return None;
    }
    let native: *mut NativeClosure = handler.as_ptr();
    let getter = Table::get_short_str(table(native, 0), key.as_ptr());
    if getter.tag == tag::NATIVE {
        return Some(Member::Getter(getter));
    }
    let value = Table::get_short_str(table(native, 1), key.as_ptr());
    (!value.is_nil()).then_some(Member::Value(value))
}

/// The native that writes a member, if `object` is a userdata whose class has one; else its `__newindex` decides.
#[inline(always)]
pub(crate) unsafe fn setter(l: *mut State, object: RawValue, key: RawValue) -> Option<RawValue> {
    let handler = handler_of(l, object, Event::NewIndex);
    if !applies(handler, key, role::WRITES) {
        return None;
    }
    let setter = Table::get_short_str(table(handler.as_ptr(), 0), key.as_ptr());
    (setter.tag == tag::NATIVE).then_some(setter)
}
