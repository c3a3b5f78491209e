//! Instruction handlers, one family a file, written once for both dispatch back ends.
//!
//! - **O1** Code is verified: operands are in range, conditional ops are followed by a jump.
//! - **O2** `base` is the current frame's base and holds `max_stack` slots; above lies the reserve of `vm/stack.rs`.
//! - **O3** A slow path stores `pc` in the frame first; afterwards everything is reloaded from the frame, so that a slow path may move
//!   the stack, push frames and switch coroutines.

mod arith;
mod call;
mod compare;
mod control;
mod load;
mod member;
mod table;

use crate::bytecode::op::Op;
use crate::value::repr::RawValue;

/// Every handler, under its op's name.
pub(crate) mod handler {
    pub(crate) use super::arith::*;
    pub(crate) use super::call::*;
    pub(crate) use super::compare::*;
    pub(crate) use super::control::*;
    pub(crate) use super::load::*;
    pub(crate) use super::table::*;
}

/// Defines handlers: unsafe functions whose contract is O1 to O3.
macro_rules! handlers {
    ($($(#[$meta:meta])* $name:ident($i:ident, $pc:ident, $base:ident, $k:ident, $l:ident) $body:block)*) => {
        $(
            $(#[$meta])*
            #[expect(clippy::allow_attributes, reason = "not every handler uses every register")]
            #[allow(unused_variables, non_snake_case, reason = "one signature for all; named after their ops")]
            #[cfg_attr(not(tail_dispatch), inline(always))]
            pub(crate) unsafe fn $name(
                $i: u32,
                $pc: *const u32,
                $base: *mut $crate::value::repr::RawValue,
                $k: *const $crate::value::repr::RawValue,
                $l: *mut $crate::vm::State,
            ) -> $crate::vm::dispatch::Flow $body
        )*
    };
}
pub(crate) use handlers;

/// Goes on from the current frame, whichever it is now.
macro_rules! reload {
    ($l:expr) => {{
        let ci = (*$l).w.ci;
        $crate::vm::dispatch::next!((*ci).pc, (*ci).base, (*ci).k, $l)
    }};
}
pub(crate) use reload;

/// Leaves the fast path: saves `pc`, calls `$f(l, i)`, goes on from the frame. The call sits in a function of its own, so that the
/// handler itself stays free of stack use.
macro_rules! slow {
    ($f:path, $i:expr, $pc:expr, $base:expr, $k:expr, $l:expr) => {{
        #[inline(never)]
        unsafe fn t_slow(
            i: u32,
            pc: *const u32,
            _base: *mut $crate::value::repr::RawValue,
            _k: *const $crate::value::repr::RawValue,
            l: *mut $crate::vm::State,
        ) -> $crate::vm::dispatch::Flow {
            (*(*l).w.ci).pc = pc;
            let code = $f(l, i);
            if code != $crate::vm::dispatch::exit::CONTINUE {
                $crate::vm::dispatch::leave!(code);
            }
            $crate::vm::op::reload!(l)
        }
        return t_slow($i, $pc, $base, $k, $l);
    }};
}
pub(crate) use slow;

/// Operand A.
#[inline(always)]
pub(crate) const fn arg_a(i: u32) -> usize {
    (i >> 8 & 0xff) as usize
}
/// Operand B.
#[inline(always)]
pub(crate) const fn arg_b(i: u32) -> usize {
    (i >> 16 & 0xff) as usize
}
/// Operand C.
#[inline(always)]
pub(crate) const fn arg_c(i: u32) -> usize {
    (i >> 24) as usize
}
/// Operand Bx.
#[inline(always)]
pub(crate) const fn arg_bx(i: u32) -> usize {
    (i >> 16) as usize
}
/// Operand sBx.
#[inline(always)]
pub(crate) const fn arg_sbx(i: u32) -> i32 {
    i.cast_signed() >> 16
}
/// Operand sB.
#[inline(always)]
pub(crate) const fn arg_sb(i: u32) -> i32 {
    (i << 8).cast_signed() >> 24
}
/// Operand sC.
#[inline(always)]
pub(crate) const fn arg_sc(i: u32) -> i32 {
    i.cast_signed() >> 24
}
/// Operand sJ.
#[inline(always)]
pub(crate) const fn arg_sj(i: u32) -> isize {
    (i.cast_signed() >> 8) as isize
}
/// Operand Ax.
#[inline(always)]
pub(crate) const fn arg_ax(i: u32) -> usize {
    (i >> 8) as usize
}

/// The op of a word of verified code.
pub(crate) fn op_of(i: u32) -> Op {
    Op::from_code((i & 0xff) as u8).unwrap_or(Op::ExtraArg)
}

/// Writes an integer.
#[inline(always)]
pub(crate) unsafe fn set_int(slot: *mut RawValue, value: i64) {
    (*slot).bits = value.cast_unsigned();
    (*slot).tag = crate::value::repr::tag::INT;
}

/// Writes a float.
#[inline(always)]
pub(crate) unsafe fn set_float(slot: *mut RawValue, value: f64) {
    (*slot).bits = value.to_bits();
    (*slot).tag = crate::value::repr::tag::FLOAT;
}
