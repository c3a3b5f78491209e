//! The handlers that every class has: `__index`, `__newindex`, and the call of its table.

use super::suggest::did_you_mean;
use crate::host::native::{Cx, Raise};
use crate::value::function::NativeClosure;
use crate::value::repr::{RawValue, tag};
use crate::value::string::Str;
use crate::value::table::Table;
use crate::vm::{State, call};

/// Calls a handler, a native of ours, in the frame of the one that found it.
unsafe fn hand_over(l: *mut State, f: *mut RawValue, handler: RawValue, nargs: usize) -> isize {
    let native: *mut NativeClosure = handler.as_ptr();
    *f = handler;
    (*l).w.top = f.add(1 + nargs);
    ((*native).entry)(l, f, nargs)
}

/// `__index` of a class with getters or a handler. Upvalues: getters, class table, handler, type name if it is strict.
pub(super) unsafe fn index_entry(l: *mut State, f: *mut RawValue, nargs: usize) -> isize {
    if nargs < 2 {
        *f = RawValue::NIL;
        return 1;
    }
    let native: *mut NativeClosure = (*f).as_ptr();
    let key = *f.add(2);
    let getter = Table::get((*NativeClosure::upvalue(native, 0)).as_ptr(), &(*l).heap, key);
    if getter.tag == tag::NATIVE {
        return hand_over(l, f, getter, 1);
    }
    let member = Table::get((*NativeClosure::upvalue(native, 1)).as_ptr(), &(*l).heap, key);
    let handler = *NativeClosure::upvalue(native, 2);
    if member.is_nil() && handler.tag == tag::NATIVE {
        return hand_over(l, f, handler, 2);
    }
    let ty = *NativeClosure::upvalue(native, 3);
    if member.is_nil() && ty.tag == tag::STR {
        let names = [0, 1].map(|i| (*NativeClosure::upvalue(native, i)).as_ptr());
        return unknown_name(l, nargs, ty, key, names);
    }
    *f = member;
    1
}

/// Raises that a strict type has no such name.
#[cold]
unsafe fn unknown_name(
    l: *mut State,
    nargs: usize,
    ty: RawValue,
    key: RawValue,
    tables: [*mut Table; 2],
) -> isize {
    let (ty, field) = (text_of(ty), text_of(key));
    let mut names = Vec::new();
    for table in tables {
        let mut at = RawValue::NIL;
        while let Ok(Some((key, _))) = Table::next(table, &(*l).heap, at) {
            at = key;
            names.push(text_of(key));
        }
    }
    let hint = did_you_mean(&field, &names);
    let Raise = Cx::of_running(l, nargs).error(format_args!("{ty} has no field '{field}'{hint}"));
    call::RAISED
}

/// A key as messages show it.
pub(super) unsafe fn text_of(key: RawValue) -> String {
    match key.tag {
        tag::STR => String::from_utf8_lossy(Str::bytes(key.as_ptr())).into_owned(),
        tag::INT => key.as_int().to_string(),
        _ => format!("({})", key.type_name()),
    }
}

/// `__call` of a class table: a call of its constructor. Upvalues: class table, the constructor's name.
pub(super) unsafe fn construct_entry(l: *mut State, f: *mut RawValue, nargs: usize) -> isize {
    let native: *mut NativeClosure = (*f).as_ptr();
    let [table, name] = [0, 1].map(|i| *NativeClosure::upvalue(native, i));
    let constructor = Table::get(table.as_ptr(), &(*l).heap, name);
    if constructor.tag != tag::NATIVE {
        let message = format_args!("the class has no function '{}'", text_of(name));
        let Raise = Cx::of_running(l, nargs).error(message);
        return call::RAISED;
    }
    // The class table itself is the first argument.
    for i in 1..nargs {
        *f.add(i) = *f.add(i + 1);
    }
    hand_over(l, f, constructor, nargs.saturating_sub(1))
}

/// `__newindex` of every class. Upvalues: setters, getters, handler, type name, whether it is strict.
pub(super) unsafe fn new_index_entry(l: *mut State, f: *mut RawValue, nargs: usize) -> isize {
    if nargs < 3 {
        return 0;
    }
    let native: *mut NativeClosure = (*f).as_ptr();
    let key = *f.add(2);
    let setter = Table::get((*NativeClosure::upvalue(native, 0)).as_ptr(), &(*l).heap, key);
    if setter.tag == tag::NATIVE {
        *f.add(2) = *f.add(3);
        return hand_over(l, f, setter, 2);
    }
    let handler = *NativeClosure::upvalue(native, 2);
    if handler.tag == tag::NATIVE {
        return hand_over(l, f, handler, 3);
    }
    let getter = Table::get((*NativeClosure::upvalue(native, 1)).as_ptr(), &(*l).heap, key);
    let ty = *NativeClosure::upvalue(native, 3);
    if getter.is_nil() && (*NativeClosure::upvalue(native, 4)).tag == tag::TRUE {
        let names = [0, 1].map(|i| (*NativeClosure::upvalue(native, i)).as_ptr());
        return unknown_name(l, nargs, ty, key, names);
    }
    let (ty, field) = (text_of(ty), text_of(key));
    let cx = Cx::of_running(l, nargs);
    let Raise = if getter.is_nil() {
        cx.error(format_args!("cannot set field '{field}' of {ty}"))
    } else {
        cx.error(format_args!("field '{field}' of {ty} is read-only"))
    };
    call::RAISED
}
