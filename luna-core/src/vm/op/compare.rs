//! Comparisons and tests, each with the jump that follows it.

use super::{arg_a, arg_b, arg_sb, arg_sj, handlers, slow};
use crate::value::repr::{RawValue, tag};
use crate::value::string::Str;
use crate::vm::compare_slow;
use crate::vm::dispatch::next;

/// Takes the jump at `pc` if `$cond` equals `$expect`, else skips it.
macro_rules! branch {
    ($cond:expr, $expect:expr, $pc:ident, $base:ident, $k:ident, $l:ident) => {{
        if $cond == $expect {
            let jump = *$pc;
            next!($pc.offset(arg_sj(jump) + 1), $base, $k, $l)
        }
        next!($pc.add(1), $base, $k, $l)
    }};
}

macro_rules! equal {
    ($i:ident, $pc:ident, $base:ident, $k:ident, $l:ident, $expect:expr) => {{
        let (x, y): (*const RawValue, *const RawValue) =
            ($base.add(arg_a($i)), $base.add(arg_b($i)));
        if (*x).tag == (*y).tag {
            let t = (*x).tag;
            if t != tag::FLOAT && (*x).bits == (*y).bits || t < tag::INT {
                branch!(true, $expect, $pc, $base, $k, $l)
            }
            if t == tag::FLOAT {
                branch!(((*x).as_float() == (*y).as_float()), $expect, $pc, $base, $k, $l)
            }
            // Strings with two addresses are equal only if they are long.
            let long = t == tag::STR && !Str::is_short((*x).as_ptr());
            if t != tag::TABLE && t != tag::USERDATA && !long {
                branch!(false, $expect, $pc, $base, $k, $l)
            }
        }
        slow!(compare_slow::equal, $i, $pc, $base, $k, $l)
    }};
}

macro_rules! order {
    ($i:ident, $pc:ident, $base:ident, $k:ident, $l:ident, $expect:expr, $op:tt) => {{
        let (x, y): (*const RawValue, *const RawValue) = ($base.add(arg_a($i)), $base.add(arg_b($i)));
        if (*x).tag == tag::INT && (*y).tag == tag::INT {
            branch!(((*x).as_int() $op (*y).as_int()), $expect, $pc, $base, $k, $l)
        }
        if (*x).tag == tag::FLOAT && (*y).tag == tag::FLOAT {
            branch!(((*x).as_float() $op (*y).as_float()), $expect, $pc, $base, $k, $l)
        }
        slow!(compare_slow::order, $i, $pc, $base, $k, $l)
    }};
}

macro_rules! order_imm {
    ($i:ident, $pc:ident, $base:ident, $k:ident, $l:ident, $expect:expr, $op:tt) => {{
        let x: *const RawValue = $base.add(arg_a($i));
        if (*x).tag == tag::INT {
            branch!(((*x).as_int() $op i64::from(arg_sb($i))), $expect, $pc, $base, $k, $l)
        }
        if (*x).tag == tag::FLOAT {
            branch!(((*x).as_float() $op f64::from(arg_sb($i))), $expect, $pc, $base, $k, $l)
        }
        slow!(compare_slow::order, $i, $pc, $base, $k, $l)
    }};
}

/// Raw equality with a constant, which is never a table.
macro_rules! equal_const {
    ($i:ident, $pc:ident, $base:ident, $k:ident, $l:ident, $expect:expr) => {{
        let (x, y): (*const RawValue, *const RawValue) = ($base.add(arg_a($i)), $k.add(arg_b($i)));
        if (*x).tag == (*y).tag && (*x).bits == (*y).bits && (*x).tag != tag::FLOAT {
            branch!(true, $expect, $pc, $base, $k, $l)
        }
        if (*x).tag == tag::STR && (*y).tag == tag::STR && Str::is_short((*y).as_ptr()) {
            branch!(false, $expect, $pc, $base, $k, $l)
        }
        slow!(compare_slow::equal_const, $i, $pc, $base, $k, $l)
    }};
}

macro_rules! equal_imm {
    ($i:ident, $pc:ident, $base:ident, $k:ident, $l:ident, $expect:expr) => {{
        let x: *const RawValue = $base.add(arg_a($i));
        if (*x).tag == tag::INT {
            branch!(((*x).as_int() == i64::from(arg_sb($i))), $expect, $pc, $base, $k, $l)
        }
        let same = (*x).tag == tag::FLOAT && (*x).as_float() == f64::from(arg_sb($i));
        branch!(same, $expect, $pc, $base, $k, $l)
    }};
}

/// Defines both truth values of a conditional.
macro_rules! pairs {
    ($($kind:ident: $no:ident $yes:ident $(, $op:tt)?;)*) => {
        handlers! {
            $(
                /// Takes the jump if the condition does not hold.
                $no(i, pc, base, k, l) { $kind!(i, pc, base, k, l, false $(, $op)?) }
                /// Takes the jump if the condition holds.
                $yes(i, pc, base, k, l) { $kind!(i, pc, base, k, l, true $(, $op)?) }
            )*
        }
    };
}

pairs! {
    equal: Eq0 Eq1;
    order: Lt0 Lt1, <;
    order: Le0 Le1, <=;
    equal_const: EqK0 EqK1;
    equal_imm: EqI0 EqI1;
    order_imm: LtI0 LtI1, <;
    order_imm: LeI0 LeI1, <=;
    order_imm: GtI0 GtI1, >;
    order_imm: GeI0 GeI1, >=;
}

handlers! {
    /// `if not R[A] then take the jump`
    Test0(i, pc, base, k, l) { branch!((*base.add(arg_a(i))).is_falsy(), true, pc, base, k, l) }
    /// `if R[A] then take the jump`
    Test1(i, pc, base, k, l) { branch!((*base.add(arg_a(i))).is_falsy(), false, pc, base, k, l) }
    /// `if not R[B] then R[A] := R[B], take the jump`
    TestSet0(i, pc, base, k, l) {
        let value = *base.add(arg_b(i));
        if value.is_falsy() {
            *base.add(arg_a(i)) = value;
            next!(pc.offset(arg_sj(*pc) + 1), base, k, l)
        }
        next!(pc.add(1), base, k, l)
    }
    /// `if R[B] then R[A] := R[B], take the jump`
    TestSet1(i, pc, base, k, l) {
        let value = *base.add(arg_b(i));
        if value.is_falsy() {
            next!(pc.add(1), base, k, l)
        }
        *base.add(arg_a(i)) = value;
        next!(pc.offset(arg_sj(*pc) + 1), base, k, l)
    }
}
