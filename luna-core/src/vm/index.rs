//! Table access off the fast path: `__index` and `__newindex` chains, length, constructors.

use super::call::Called;
use super::dispatch::{exit, finish_stub};
use super::error::{Raised, throw_message};
use super::inspect::{self, Operand};
use super::limits::MAX_META_CHAIN;
use super::members::{self, Member};
use super::meta::{self, Event};
use super::op::{arg_a, arg_ax, arg_b, arg_c, op_of};
use super::{State, barriers, budget, call, finish, safepoint, stack};
use crate::bytecode::op::Op;
use crate::value::function::LuaClosure;
use crate::value::repr::{RawValue, tag};
use crate::value::table::{KeyError, Node, Table};
use crate::value::userdata::UserdataObj;

/// How a lookup ended.
enum Found {
    /// With a value.
    Value(RawValue),
    /// At a function to be called with these two arguments.
    Handler(RawValue, RawValue),
}

/// Follows `__index` from `object`.
unsafe fn lookup(
    l: *mut State,
    mut object: RawValue,
    key: RawValue,
    what: Option<Operand>,
) -> Result<Found, Raised> {
    let mut operand = what;
    for _ in 0..MAX_META_CHAIN {
        let handler = if object.tag == tag::TABLE {
            let table: *mut Table = object.as_ptr();
            let value = Table::get(table, &(*l).heap, key);
            if !value.is_nil() {
                return Ok(Found::Value(value));
            }
            let handler = meta::handler_in(l, (*table).meta, Event::Index);
            if handler.is_nil() {
                return Ok(Found::Value(RawValue::NIL));
            }
            handler
        } else {
            let handler = meta::handler(l, object, Event::Index);
            if handler.is_nil() {
                return Err(inspect::type_error(l, object, "index", operand));
            }
            handler
        };
        if handler.is_function() {
            return Ok(Found::Handler(handler, object));
        }
        budget::charge(l, 1)?;
        object = handler;
        operand = None;
    }
    Err(throw_message(l, b"'__index' chain too long; possible loop"))
}

/// Interrupts the current instruction for a call whose single result [`super::finish`] takes up.
pub(crate) unsafe fn call_for_op(l: *mut State, handler: RawValue, args: &[RawValue]) -> u32 {
    let ci = (*l).w.ci;
    let at = stack::frame_end(l);
    (*ci).cont = (*ci).pc;
    (*ci).pc = finish_stub();
    *at = handler;
    for (i, arg) in args.iter().enumerate() {
        *at.add(1 + i) = *arg;
    }
    (*l).w.top = at.add(1 + args.len());
    match call::precall(l, at, args.len()) {
        // A native has returned already.
        Ok(Called::Done) => finish::after_call(l),
        Ok(Called::Pushed) => exit::CONTINUE,
        Err(Raised) => exit::ERROR,
    }
}

/// Interrupts the current instruction for the native that reads a member.
#[inline(never)]
pub(crate) unsafe fn call_getter(l: *mut State, getter: RawValue, object: *mut UserdataObj) -> u32 {
    call_for_op(l, getter, &[RawValue::userdata(object)])
}

/// Interrupts the current instruction for the native that writes a member.
#[inline(never)]
pub(crate) unsafe fn call_setter(
    l: *mut State,
    setter: RawValue,
    object: *mut UserdataObj,
    value: RawValue,
) -> u32 {
    call_for_op(l, setter, &[RawValue::userdata(object), value])
}

/// Object, key and the operand's place of an access instruction.
unsafe fn access(l: *mut State, i: u32) -> (RawValue, RawValue, Operand) {
    let ci = (*l).w.ci;
    let (base, k) = ((*ci).base, (*ci).k);
    let upvalue = |n: usize| {
        let closure: *mut LuaClosure = CallClosure::of(base);
        *(*LuaClosure::upvalue(closure, n)).slot
    };
    match op_of(i) {
        Op::GetTabUp => (upvalue(arg_b(i)), *k.add(arg_c(i)), Operand::Upvalue(arg_b(i))),
        Op::GetTable => (*base.add(arg_b(i)), *base.add(arg_c(i)), Operand::Register(arg_b(i))),
        Op::GetI => {
            (*base.add(arg_b(i)), RawValue::int(arg_c(i) as i64), Operand::Register(arg_b(i)))
        }
        Op::GetField | Op::SelfK => {
            (*base.add(arg_b(i)), *k.add(arg_c(i)), Operand::Register(arg_b(i)))
        }
        Op::SetTabUp | Op::SetTabUpK => {
            (upvalue(arg_a(i)), *k.add(arg_b(i)), Operand::Upvalue(arg_a(i)))
        }
        Op::SetTable | Op::SetTableK => {
            (*base.add(arg_a(i)), *base.add(arg_b(i)), Operand::Register(arg_a(i)))
        }
        Op::SetI | Op::SetIK => {
            (*base.add(arg_a(i)), RawValue::int(arg_b(i) as i64), Operand::Register(arg_a(i)))
        }
        _ => (*base.add(arg_a(i)), *k.add(arg_b(i)), Operand::Register(arg_a(i))),
    }
}

/// The closure below a base.
struct CallClosure;
impl CallClosure {
    unsafe fn of(base: *mut RawValue) -> *mut LuaClosure {
        (*base.sub(1)).as_ptr()
    }
}

/// Slow path of the reads.
pub(crate) unsafe fn get_op(l: *mut State, i: u32) -> u32 {
    let (object, key, operand) = access(l, i);
    match lookup(l, object, key, Some(operand)) {
        Ok(Found::Value(value)) => {
            *(*(*l).w.ci).base.add(arg_a(i)) = value;
            exit::CONTINUE
        }
        Ok(Found::Handler(handler, object)) => call_for_op(l, handler, &[object, key]),
        Err(Raised) => exit::ERROR,
    }
}

/// Slow path of `SelfK`.
#[inline(never)]
pub(crate) unsafe fn self_op(l: *mut State, i: u32) -> u32 {
    let base = (*(*l).w.ci).base;
    let object = *base.add(arg_b(i));
    let key = *(*(*l).w.ci).k.add(arg_c(i));
    if object.tag == tag::USERDATA {
        match members::read(l, object.as_ptr(), key.as_ptr()) {
            Some(Member::Value(value)) => {
                *base.add(arg_a(i) + 1) = object;
                *base.add(arg_a(i)) = value;
                return exit::CONTINUE;
            }
            Some(Member::Getter(getter)) => {
                *base.add(arg_a(i) + 1) = object;
                return call_getter(l, getter, object.as_ptr());
            }
            None => {}
        }
    }
    let found = lookup(l, object, key, Some(Operand::Register(arg_b(i))));
    if found.is_ok() {
        *base.add(arg_a(i) + 1) = object;
    }
    match found {
        Ok(Found::Value(value)) => {
            *base.add(arg_a(i)) = value;
            exit::CONTINUE
        }
        Ok(Found::Handler(handler, object)) => call_for_op(l, handler, &[object, key]),
        Err(Raised) => exit::ERROR,
    }
}

/// Follows `__newindex` from `object` and stores, or answers the function to call with an object.
unsafe fn store(
    l: *mut State,
    mut object: RawValue,
    key: RawValue,
    value: RawValue,
    what: Option<Operand>,
) -> Result<Option<(RawValue, RawValue)>, Raised> {
    let mut operand = what;
    for _ in 0..MAX_META_CHAIN {
        let handler = if object.tag == tag::TABLE {
            let table: *mut Table = object.as_ptr();
            let handler = meta::handler_in(l, (*table).meta, Event::NewIndex);
            if handler.is_nil() || !Table::get(table, &(*l).heap, key).is_nil() {
                raw_store(l, table, key, value)?;
                return Ok(None);
            }
            handler
        } else {
            let handler = meta::handler(l, object, Event::NewIndex);
            if handler.is_nil() {
                return Err(inspect::type_error(l, object, "index", operand));
            }
            handler
        };
        if handler.is_function() {
            return Ok(Some((handler, object)));
        }
        budget::charge(l, 1)?;
        object = handler;
        operand = None;
    }
    Err(throw_message(l, b"'__newindex' chain too long; possible loop"))
}

/// Stores without metamethods; raises for keys that cannot be.
pub(crate) unsafe fn raw_store(
    l: *mut State,
    table: *mut Table,
    key: RawValue,
    value: RawValue,
) -> Result<(), Raised> {
    let mut stored = Table::set(table, &mut (*l).heap, key, value);
    if let Err(KeyError::Memory(bytes)) = stored {
        // Every caller keeps table, key and value in a frame.
        (*l).w.top = stack::frame_end(l).max((*l).w.top);
        safepoint::reserve(l, bytes)?;
        stored = Table::set(table, &mut (*l).heap, key, value);
    }
    // A metamethod name may have appeared in a metatable.
    (*table).header.aux = 0;
    barriers::after_table_store(l, table);
    stored.map_err(|e: KeyError| throw_message(l, e.text().as_bytes()))
}

/// Slow path of the writes.
pub(crate) unsafe fn set_op(l: *mut State, i: u32) -> u32 {
    let (object, key, operand) = access(l, i);
    let ci = (*l).w.ci;
    let constant = matches!(op_of(i), Op::SetTabUpK | Op::SetTableK | Op::SetIK | Op::SetFieldK);
    let value = if constant { *(*ci).k.add(arg_c(i)) } else { *(*ci).base.add(arg_c(i)) };
    match store(l, object, key, value, Some(operand)) {
        Ok(None) => {
            (*l).w.top = stack::frame_end(l);
            safepoint::poll(l);
            exit::CONTINUE
        }
        Ok(Some((handler, object))) => call_for_op(l, handler, &[object, key, value]),
        Err(Raised) => exit::ERROR,
    }
}

/// The barrier of a store that a handler made.
pub(crate) unsafe fn store_barrier(l: *mut State, i: u32) -> u32 {
    let (object, _, _) = access(l, i);
    barriers::after_table_store(l, object.as_ptr());
    exit::CONTINUE
}

/// Slow path of `Len`.
#[inline(never)]
pub(crate) unsafe fn len_op(l: *mut State, i: u32) -> u32 {
    let base = (*(*l).w.ci).base;
    let value = *base.add(arg_b(i));
    match plain_len(l, value) {
        Ok(n) => {
            *base.add(arg_a(i)) = RawValue::int(n);
            exit::CONTINUE
        }
        Err(handler) if handler.is_nil() => {
            inspect::type_error(l, value, "get length of", Some(Operand::Register(arg_b(i))));
            exit::ERROR
        }
        Err(handler) => call_for_op(l, handler, &[value, value]),
    }
}

/// The primitive length, or the handler to ask (nil: none).
unsafe fn plain_len(l: *mut State, value: RawValue) -> Result<i64, RawValue> {
    if value.tag == tag::STR {
        return Ok(crate::value::string::Str::bytes(value.as_ptr()).len() as i64);
    }
    let handler = meta::handler(l, value, Event::Len);
    if handler.is_nil() && value.tag == tag::TABLE {
        return Ok(Table::len(value.as_ptr()));
    }
    Err(handler)
}

/// `NewTable` and `NewTableX`.
pub(crate) unsafe fn new_table(l: *mut State, i: u32) -> u32 {
    let ci = (*l).w.ci;
    let nodes = if arg_b(i) == 0 { 0 } else { 1u32 << (arg_b(i) - 1).min(26) };
    let mut array = arg_c(i);
    if op_of(i) == Op::NewTableX {
        array = arg_ax(*(*ci).pc);
        (*ci).pc = (*ci).pc.add(1);
    }
    let bytes = array.min(1 << 24) * 9 + nodes as usize * size_of::<Node>();
    if bytes >= 4096 && safepoint::reserve(l, bytes).is_err() {
        return exit::ERROR;
    }
    let ci = (*l).w.ci;
    let table = Table::with_capacity(&mut (*l).heap, array.min(1 << 24) as u32, nodes);
    *(*ci).base.add(arg_a(i)) = RawValue::table(table);
    safepoint::poll_at(l, (*ci).base.add(arg_a(i)));
    exit::CONTINUE
}

/// `SetList` and `SetListX`.
pub(crate) unsafe fn set_list(l: *mut State, i: u32) -> u32 {
    let ci = (*l).w.ci;
    let first = (*ci).base.add(arg_a(i));
    if (*first).tag != tag::TABLE {
        // Only a hand-made chunk gets here: its table was above the last live register at a collection.
        throw_message(l, b"table expected in list constructor");
        return exit::ERROR;
    }
    let table: *mut Table = (*first).as_ptr();
    let n = if arg_b(i) != 0 { arg_b(i) } else { (*l).w.top.offset_from(first) as usize - 1 };
    let mut offset = arg_c(i);
    if op_of(i) == Op::SetListX {
        offset = arg_ax(*(*ci).pc);
        (*ci).pc = (*ci).pc.add(1);
    }
    let last = (offset + n).min(1 << 26) as u32;
    if last > (*table).array_size {
        let bytes = (last - (*table).array_size) as usize * 9;
        if bytes >= 4096 && safepoint::reserve(l, bytes).is_err() {
            return exit::ERROR;
        }
        Table::resize_array(table, &mut (*l).heap, last);
    }
    for j in 1..=n {
        let stored = Table::set_int(table, &mut (*l).heap, (offset + j) as i64, *first.add(j));
        debug_assert!(stored.is_ok(), "the array part was sized for the items");
    }
    barriers::after_table_store(l, table);
    exit::CONTINUE
}

/// `ErrNNil` with a global that is there already.
pub(crate) unsafe fn global_defined(l: *mut State, i: u32) -> u32 {
    let name = *(*(*l).w.ci).k.add(super::op::arg_bx(i));
    let mut text = b"global '".to_vec();
    if name.tag == tag::STR {
        text.extend_from_slice(crate::value::string::Str::bytes(name.as_ptr()));
    }
    text.extend_from_slice(b"' already defined");
    throw_message(l, &text);
    exit::ERROR
}

/// `object[key]` for a native.
pub(crate) unsafe fn get_from_native(
    l: *mut State,
    object: RawValue,
    key: RawValue,
) -> Result<RawValue, Raised> {
    match lookup(l, object, key, None)? {
        Found::Value(value) => Ok(value),
        Found::Handler(handler, object) => call::with_args(l, handler, &[object, key]),
    }
}

/// `object[key] = value` for a native.
pub(crate) unsafe fn set_from_native(
    l: *mut State,
    object: RawValue,
    key: RawValue,
    value: RawValue,
) -> Result<(), Raised> {
    match store(l, object, key, value, None)? {
        None => Ok(()),
        Some((handler, object)) => call::with_args(l, handler, &[object, key, value]).map(|_| ()),
    }
}

/// `#object` for a native.
pub(crate) unsafe fn len_from_native(l: *mut State, value: RawValue) -> Result<RawValue, Raised> {
    match plain_len(l, value) {
        Ok(n) => Ok(RawValue::int(n)),
        Err(handler) if handler.is_nil() => {
            Err(inspect::type_error(l, value, "get length of", None))
        }
        Err(handler) => call::with_args(l, handler, &[value]),
    }
}
