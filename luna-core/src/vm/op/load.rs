//! Loads, moves, upvalues, closures, varargs.

use super::{arg_a, arg_ax, arg_b, arg_bx, arg_c, arg_sbx, handlers, set_float, set_int, slow};
use crate::value::function::LuaClosure;
use crate::value::repr::{RawValue, tag};
use crate::vm::dispatch::next;
use crate::vm::{closure, vararg};

handlers! {
    /// `R[A] := R[B]`
    Move(i, pc, base, k, l) {
        *base.add(arg_a(i)) = *base.add(arg_b(i));
        next!(pc, base, k, l)
    }
    /// `R[A] := sBx`
    LoadI(i, pc, base, k, l) {
        set_int(base.add(arg_a(i)), i64::from(arg_sbx(i)));
        next!(pc, base, k, l)
    }
    /// `R[A] := sBx` as float
    LoadF(i, pc, base, k, l) {
        set_float(base.add(arg_a(i)), f64::from(arg_sbx(i)));
        next!(pc, base, k, l)
    }
    /// `R[A] := K[Bx]`
    LoadK(i, pc, base, k, l) {
        *base.add(arg_a(i)) = *k.add(arg_bx(i));
        next!(pc, base, k, l)
    }
    /// `R[A] := K[Ax]`
    LoadKX(i, pc, base, k, l) {
        *base.add(arg_a(i)) = *k.add(arg_ax(*pc));
        next!(pc.add(1), base, k, l)
    }
    /// `R[A] := false`
    LoadFalse(i, pc, base, k, l) {
        (*base.add(arg_a(i))).tag = tag::FALSE;
        next!(pc, base, k, l)
    }
    /// `R[A] := false; pc++`
    LFalseSkip(i, pc, base, k, l) {
        (*base.add(arg_a(i))).tag = tag::FALSE;
        next!(pc.add(1), base, k, l)
    }
    /// `R[A] := true`
    LoadTrue(i, pc, base, k, l) {
        (*base.add(arg_a(i))).tag = tag::TRUE;
        next!(pc, base, k, l)
    }
    /// `R[A], .., R[A+B] := nil`
    LoadNil(i, pc, base, k, l) {
        let mut slot = base.add(arg_a(i));
        let mut left = arg_b(i);
        loop {
            (*slot).tag = tag::NIL;
            if left == 0 {
                break;
            }
            left -= 1;
            slot = slot.add(1);
        }
        next!(pc, base, k, l)
    }
    /// `R[A] := U[B]`
    GetUpval(i, pc, base, k, l) {
        let upvalue = LuaClosure::upvalue((*base.sub(1)).as_ptr(), arg_b(i));
        *base.add(arg_a(i)) = *(*upvalue).slot;
        next!(pc, base, k, l)
    }
    /// `U[B] := R[A]`
    SetUpval(i, pc, base, k, l) {
        let upvalue = LuaClosure::upvalue((*base.sub(1)).as_ptr(), arg_b(i));
        let value: RawValue = *base.add(arg_a(i));
        *(*upvalue).slot = value;
        if value.is_object() && (*upvalue).header.is_black() {
            slow!(closure::upvalue_barrier, i, pc, base, k, l)
        }
        next!(pc, base, k, l)
    }
    /// `R[A] := closure of P[Bx]`
    Closure(i, pc, base, k, l) {
        slow!(closure::make, i, pc, base, k, l)
    }
    /// varargs to registers
    VarArg(i, pc, base, k, l) {
        slow!(vararg::expand, i, pc, base, k, l)
    }
    /// table of the varargs
    VarArgTab(i, pc, base, k, l) {
        slow!(vararg::to_table, i, pc, base, k, l)
    }
    /// values of a vararg table
    VarArgFrom(i, pc, base, k, l) {
        slow!(vararg::from_table, i, pc, base, k, l)
    }
    /// one of the varargs
    GetVarg(i, pc, base, k, l) {
        *base.add(arg_a(i)) = vararg::get(l, *base.add(arg_c(i)));
        next!(pc, base, k, l)
    }
    /// operand of the word before: never reached
    ExtraArg(i, pc, base, k, l) {
        next!(pc, base, k, l)
    }
}
