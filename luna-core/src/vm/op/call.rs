//! Calls and returns.

use super::{arg_a, arg_b, arg_c, handlers, reload, slow};
use crate::value::function::{LuaClosure, NativeClosure, Proto};
use crate::value::repr::{RawValue, tag};
use crate::vm::call::SWITCHED;
use crate::vm::dispatch::{Flow, exit, leave, next};
use crate::vm::frame::frame_flag;
use crate::vm::{State, call, safepoint};

/// `Call` of a native: the fast path is one that nothing watches, and that returns at least as many results as are wanted. A function of
/// its own, so that the handler stays free of stack use.
#[inline(never)]
unsafe fn native(
    i: u32,
    pc: *const u32,
    base: *mut RawValue,
    k: *const RawValue,
    l: *mut State,
) -> Flow {
    let f = base.add(arg_a(i));
    let nargs = call::open_count(l, arg_b(i), f.add(1));
    let ci = (*l).w.ci;
    let top = f.add(1 + nargs);
    if cfg!(stack_zeal) || top > (*l).w.stack_last || ci == (*l).w.ci_end || (*l).attention != 0 {
        slow!(call::call_op, i, pc, base, k, l)
    }
    (*ci).pc = pc;
    (*l).w.top = top;
    let frame = call::push_native(l, ci, f);
    let n = ((*(*f).as_ptr::<NativeClosure>()).entry)(l, f, nargs);
    let want = arg_c(i) as isize;
    // The frame is taken from a register, not from where it was stored: that would be the longest chain of a loop of calls.
    if want != 0
        && n >= want - 1
        && (*l).w.ci == frame
        && (*l).attention == 0
        && !safepoint::is_due(l)
    {
        (*l).w.ci = ci;
        next!((*ci).pc, (*ci).base, (*ci).k, l)
    }
    if n != SWITCHED && call::native_returned(l, n).is_err() {
        leave!(exit::ERROR)
    }
    reload!(l)
}

handlers! {
    /// `R[A](..)`; the fast path is a Lua function with enough arguments and room
    Call(i, pc, base, k, l) {
        let f: *mut RawValue = base.add(arg_a(i));
        let b = arg_b(i);
        if (*f).tag == tag::LCLOSURE {
            let nargs = call::open_count(l, b, f.add(1));
            let ci = (*l).w.ci;
            let frame = call::push_lua(l, ci, f, nargs);
            if !frame.is_null() {
                (*ci).pc = pc;
                let proto = (*(*f).as_ptr::<LuaClosure>()).proto.as_ptr();
                next!((*proto).code, f.add(1), (*proto).consts, l)
            }
        }
        if (*f).tag == tag::NATIVE {
            return native(i, pc, base, k, l);
        }
        slow!(call::call_op, i, pc, base, k, l)
    }
    /// `return R[A](..)`; the fast path is as of `Call`, with nothing to close and no extra arguments below the frame
    TailCall(i, pc, base, k, l) {
        let f: *mut RawValue = base.add(arg_a(i));
        let b = arg_b(i);
        let ci = (*l).w.ci;
        if (*f).tag == tag::LCLOSURE && arg_c(i) == 0 && (*ci).extra == 0 {
            let closure: *mut LuaClosure = (*f).as_ptr();
            let proto: *mut Proto = (*closure).proto.as_ptr();
            let nargs = if b != 0 { b - 1 } else { (*l).w.top.offset_from(f) as usize - 1 };
            let params = (*proto).num_params as usize;
            let room = ((*l).w.stack_last as usize).wrapping_sub(base as usize);
            if nargs >= params && (*proto).need <= room && room as isize >= 0 {
                for n in 0..=params {
                    *base.sub(1).add(n) = *f.add(n);
                }
                let consts = (*proto).consts;
                (*ci).k = consts;
                (*ci).flags = frame_flag::TAIL;
                next!((*proto).code, base, consts, l)
            }
        }
        slow!(call::tail_call_op, i, pc, base, k, l)
    }
    /// `return R[A], ..`
    Return(i, pc, base, k, l) { slow!(call::return_op, i, pc, base, k, l) }
    /// return from a variadic function, or with something to close
    ReturnX(i, pc, base, k, l) { slow!(call::return_x_op, i, pc, base, k, l) }
    /// `return`
    Return0(i, pc, base, k, l) {
        let ci = (*l).w.ci.sub(1);
        (*l).w.ci = ci;
        let mut to = base.sub(1);
        let back = (*ci).pc;
        let want = *back.sub(1) >> 24;
        if want == 0 {
            (*l).w.top = to;
        } else {
            for _ in 1..want {
                (*to).tag = tag::NIL;
                to = to.add(1);
            }
        }
        next!(back, (*ci).base, (*ci).k, l)
    }
    /// `return R[A]`
    Return1(i, pc, base, k, l) {
        let ci = (*l).w.ci.sub(1);
        (*l).w.ci = ci;
        let back = (*ci).pc;
        let want = *back.sub(1) >> 24;
        let mut to = base.sub(1);
        if want == 2 {
            *to = *base.add(arg_a(i));
            next!(back, (*ci).base, (*ci).k, l)
        }
        if want == 0 {
            *to = *base.add(arg_a(i));
            (*l).w.top = base;
            next!(back, (*ci).base, (*ci).k, l)
        }
        if want > 1 {
            *to = *base.add(arg_a(i));
            for _ in 2..want {
                to = to.add(1);
                (*to).tag = tag::NIL;
            }
        }
        next!(back, (*ci).base, (*ci).k, l)
    }
}
