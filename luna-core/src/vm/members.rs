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
unsafe fn class_of(object: RawValue, key: RawValue) -> Option<*const Members> {
    if object.tag != tag::USERDATA || key.tag != tag::STR || !Str::is_short(key.as_ptr()) {
        return None;
    }
    let userdata: *mut UserdataObj = object.as_ptr();
    let members = (*userdata).members;
    (!members.is_null() && (*userdata).meta == (*members).meta).then_some(members)
}

/// The member of a name, if `object` is a userdata whose class has one; else its `__index` decides.
#[inline(always)]
pub(crate) unsafe fn read(l: *mut State, object: RawValue, key: RawValue) -> Option<Member> {
    let members = class_of(object, key)?;
    if !(*members).index.is_in((*members).meta, (*l).names.index()) {
        return None;
    }
    let getter = Table::get_short_str((*members).getters, key.as_ptr());
    let value = Table::get_short_str((*members).table, key.as_ptr());
    if getter.tag == tag::NATIVE {
        return Some(Member::Getter(getter));
    }
    (!value.is_nil()).then_some(Member::Value(value))
}

/// The field that a getter is for, if that can be had without a call.
#[inline(always)]
pub(crate) unsafe fn read_field(
    l: *mut State,
    object: RawValue,
    getter: RawValue,
) -> Option<RawValue> {
    let header = field_code(l, getter)?;
    (*header).read.and_then(|read| read(header, l, object.as_ptr()))
}

/// Writes the field that a setter is for, if that can be done without a call; whether it was.
#[inline(always)]
pub(crate) unsafe fn write_field(
    l: *mut State,
    object: RawValue,
    setter: RawValue,
    value: RawValue,
) -> bool {
    let Some(header) = field_code(l, setter) else { return false };
    (*header).write.is_some_and(|write| write(header, l, object.as_ptr(), value))
}

/// The code of a native that is for a plain field. While hooks are set or a limit has tripped each native is called.
#[inline(always)]
unsafe fn field_code(l: *mut State, native: RawValue) -> Option<*const HostHeader> {
    let native: *mut NativeClosure = native.as_ptr();
    ((*native).header.extra == FIELD && (*l).attention == 0).then(|| (*native).data.cast())
}

/// The native that writes a member, if `object` is a userdata whose class has one; else its `__newindex` decides.
#[inline(always)]
pub(crate) unsafe fn setter(l: *mut State, object: RawValue, key: RawValue) -> Option<RawValue> {
    let members = class_of(object, key)?;
    if !(*members).new_index.is_in((*members).meta, (*l).names.get(Event::NewIndex)) {
        return None;
    }
    let setter = Table::get_short_str((*members).setters, key.as_ptr());
    (setter.tag == tag::NATIVE).then_some(setter)
}
