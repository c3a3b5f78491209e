//! Closure creation and upvalue capture.

use super::dispatch::exit;
use super::op::{arg_a, arg_b, arg_bx};
use super::{State, safepoint};
use crate::value::function::{LuaClosure, Proto};
use crate::value::repr::{RawValue, tag};
use crate::value::upvalue::Upvalue;

/// `Closure`
pub(crate) unsafe fn make(l: *mut State, i: u32) -> u32 {
    let ci = (*l).w.ci;
    let base = (*ci).base;
    let enclosing: *mut LuaClosure = (*base.sub(1)).as_ptr();
    let proto = Proto::child((*enclosing).proto.as_ptr(), arg_bx(i));
    let upvals = &Proto::def(proto).upvals;
    let closure = LuaClosure::new(&mut (*l).heap, proto, upvals.len());
    *base.add(arg_a(i)) = RawValue::closure(closure);
    for (n, upval) in upvals.iter().enumerate() {
        let index = upval.index as usize;
        *LuaClosure::upvalue_slot(closure, n) = if upval.in_stack {
            find(l, base.add(index))
        } else {
            LuaClosure::upvalue(enclosing, index)
        };
    }
    safepoint::poll_at(l, base.add(arg_a(i)));
    exit::CONTINUE
}

/// The open upvalue of a stack slot, made if there is none.
pub(crate) unsafe fn find(l: *mut State, slot: *mut RawValue) -> *mut Upvalue {
    let mut link = &raw mut (*l).w.open;
    while !(*link).is_null() && (**link).slot >= slot {
        if (**link).slot == slot {
            return *link;
        }
        link = &raw mut (**link).next;
    }
    let upvalue = (*l).heap.alloc_object(size_of::<Upvalue>(), tag::UPVAL).cast::<Upvalue>();
    (*upvalue).slot = slot;
    (*upvalue).closed = RawValue::NIL;
    (*upvalue).next = *link;
    *link = upvalue;
    upvalue
}

/// The barrier of `SetUpval`.
pub(crate) unsafe fn upvalue_barrier(l: *mut State, i: u32) -> u32 {
    let base = (*(*l).w.ci).base;
    let upvalue = LuaClosure::upvalue((*base.sub(1)).as_ptr(), arg_b(i));
    let value = *base.add(arg_a(i));
    (*l).heap.barrier(upvalue.cast(), value);
    exit::CONTINUE
}
