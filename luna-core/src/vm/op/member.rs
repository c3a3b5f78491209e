//! Members of userdata: fields and methods of a class without a call of its `__index` or `__newindex`, the rest in `vm/index.rs`.
//!
//! Each is a function of its own, so that the handlers of table access stay free of stack use.

use super::{arg_a, reload, slow};
use crate::value::repr::RawValue;
use crate::value::string::Str;
use crate::value::userdata::UserdataObj;
use crate::vm::dispatch::{Flow, exit, leave, next};
use crate::vm::members::{self, Member};
use crate::vm::{State, index};

/// `R[A] := object.key`
#[inline(never)]
pub(super) unsafe fn get(
    i: u32,
    pc: *const u32,
    base: *mut RawValue,
    object: *mut UserdataObj,
    key: *mut Str,
    l: *mut State,
) -> Flow {
    let ci = (*l).w.ci;
    // A field's code is the host's.
    (*ci).pc = pc;
    match members::read(l, object, key) {
        Some(Member::Value(value)) => {
            *base.add(arg_a(i)) = value;
            next!(pc, base, (*ci).k, l)
        }
        Some(Member::Getter(getter)) => {
            if members::read_field(l, object, getter, base.add(arg_a(i))) {
                next!(pc, base, (*ci).k, l)
            }
            let code = index::call_getter(l, getter, object);
            if code != exit::CONTINUE {
                leave!(code)
            }
            reload!(l)
        }
        None => slow!(index::get_op, i, pc, base, (*ci).k, l),
    }
}

/// `object.key := value`
#[inline(never)]
pub(super) unsafe fn set(
    i: u32,
    pc: *const u32,
    value: *const RawValue,
    object: *mut UserdataObj,
    key: *mut Str,
    l: *mut State,
) -> Flow {
    let ci = (*l).w.ci;
    // A field's code is the host's.
    (*ci).pc = pc;
    let Some(setter) = members::setter(l, object, key) else {
        slow!(index::set_op, i, pc, (*ci).base, (*ci).k, l)
    };
    if members::write_field(l, object, setter, *value) {
        next!(pc, (*ci).base, (*ci).k, l)
    }
    let code = index::call_setter(l, setter, object, *value);
    if code != exit::CONTINUE {
        leave!(code)
    }
    reload!(l)
}

/// `R[A+1] := object; R[A] := object.name`
#[inline(never)]
pub(super) unsafe fn method(
    i: u32,
    pc: *const u32,
    base: *mut RawValue,
    object: *mut UserdataObj,
    name: *mut Str,
    l: *mut State,
) -> Flow {
    let k = (*(*l).w.ci).k;
    if let Some(method) = members::method(object, name) {
        let to = base.add(arg_a(i));
        *to.add(1) = RawValue::userdata(object);
        *to = method;
        next!(pc, base, k, l)
    }
    slow!(index::self_op, i, pc, base, k, l)
}
