//! Members of userdata that have a class: what its `__index` and `__newindex` find, without a call of them.

use super::State;
use super::meta::Event;
use crate::host::typed::host_fn::{FIELD, HostHeader};
use crate::value::function::NativeClosure;
use crate::value::repr::{RawValue, tag};
use crate::value::string::Str;
use crate::value::table::Table;
use crate::value::userdata::{Members, UserdataObj};

/// What a userdata's member is.
pub(crate) enum Member {
    /// Its value.
    Value(RawValue),
    /// The native that reads it.
    Getter(RawValue),
}

/// The class of a userdata that has its metatable.
#[inline(always)]
unsafe fn class_of(object: *mut UserdataObj) -> Option<*const Members> {
    let members = (*object).members;
    (!members.is_null() && (*object).meta == (*members).meta).then_some(members)
}

/// The member of a class at a short string, the native of a field before all others.
#[inline(always)]
unsafe fn member(members: *const Members, key: *mut Str) -> Option<Member> {
    let getter = (*members).getter(key);
    if getter.tag == tag::NATIVE {
        return Some(Member::Getter(getter));
    }
    let value = Table::get_short_str((*members).table, key);
    (!value.is_nil()).then_some(Member::Value(value))
}

/// The member at a short string if the class of `object` has one; else its `__index` decides.
#[inline(always)]
pub(crate) unsafe fn read(
    l: *mut State,
    object: *mut UserdataObj,
    key: *mut Str,
) -> Option<Member> {
    let members = class_of(object)?;
    if (*members).is_exposed.get() && !(*members).index.is_in((*members).meta, (*l).names.index()) {
        return None;
    }
    member(members, key)
}

/// The method at a short string, if nobody else has the metatable of the class of `object`.
#[inline(always)]
pub(crate) unsafe fn method(object: *mut UserdataObj, key: *mut Str) -> Option<RawValue> {
    let members = class_of(object)?;
    if (*members).is_exposed.get() {
        return None;
    }
    match member(members, key)? {
        Member::Value(value) => Some(value),
        Member::Getter(_) => None,
    }
}

/// Somebody gets the metatable of a value, and may change it from now on.
pub(crate) unsafe fn expose_metatable(value: RawValue) {
    if value.tag == tag::USERDATA
        && let Some(members) = class_of(value.as_ptr())
    {
        (*members).expose();
    }
}

/// Reads the field that a getter is for into a slot, if that can be had without a call; whether it was.
#[inline(always)]
pub(crate) unsafe fn read_field(
    l: *mut State,
    object: *mut UserdataObj,
    getter: RawValue,
    to: *mut RawValue,
) -> bool {
    let Some(header) = field_code(l, getter) else { return false };
    (*header).read.is_some_and(|read| read(header, l, object, to))
}

/// Writes the field that a setter is for, if that can be done without a call; whether it was.
#[inline(always)]
pub(crate) unsafe fn write_field(
    l: *mut State,
    object: *mut UserdataObj,
    setter: RawValue,
    value: RawValue,
) -> bool {
    let Some(header) = field_code(l, setter) else { return false };
    (*header).write.is_some_and(|write| write(header, l, object, value))
}

/// The code of a native that is for a plain field. While hooks are set or a limit has tripped each native is called.
#[inline(always)]
unsafe fn field_code(l: *mut State, native: RawValue) -> Option<*const HostHeader> {
    let native: *mut NativeClosure = native.as_ptr();
    ((*native).header.extra == FIELD && (*l).attention == 0).then(|| (*native).data.cast())
}

/// The native that writes the member at a short string, if the class of `object` has one; else its `__newindex` decides.
#[inline(always)]
pub(crate) unsafe fn setter(
    l: *mut State,
    object: *mut UserdataObj,
    key: *mut Str,
) -> Option<RawValue> {
    let members = class_of(object)?;
    if (*members).is_exposed.get()
        && !(*members).new_index.is_in((*members).meta, (*l).names.get(Event::NewIndex))
    {
        return None;
    }
    let setter = Table::get_short_str((*members).setters, key);
    (setter.tag == tag::NATIVE).then_some(setter)
}
