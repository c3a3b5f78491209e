//! Arithmetic and bitwise instructions.

use super::{arg_a, arg_b, arg_c, arg_sc, handlers, set_float, set_int, slow};
use crate::value::number::{
    float_floor_div, float_mod, float_pow, float_to_int_exact, int_floor_div, int_floor_mod,
    shift_left, shift_right,
};
use crate::value::repr::{RawValue, tag};
use crate::vm::arith_slow;
use crate::vm::dispatch::next;

/// An integer as a float, as the language rounds it.
#[inline(always)]
fn to_float(i: i64) -> f64 {
    i as f64
}

/// `+ - *`: an integer of two integers, else a float of two numbers.
macro_rules! arith {
    ($i:ident, $pc:ident, $base:ident, $k:ident, $l:ident, $x:expr, $y:expr, ($int:ident, $float:tt)) => {{
        let (x, y): (*const RawValue, *const RawValue) = ($x, $y);
        let to = $base.add(arg_a($i));
        if (*x).tag == tag::INT {
            if (*y).tag == tag::INT {
                set_int(to, (*x).as_int().$int((*y).as_int()));
                next!($pc, $base, $k, $l)
            }
            if (*y).tag == tag::FLOAT {
                set_float(to, to_float((*x).as_int()) $float (*y).as_float());
                next!($pc, $base, $k, $l)
            }
        } else if (*x).tag == tag::FLOAT {
            if (*y).tag == tag::FLOAT {
                set_float(to, (*x).as_float() $float (*y).as_float());
                next!($pc, $base, $k, $l)
            }
            if (*y).tag == tag::INT {
                set_float(to, (*x).as_float() $float to_float((*y).as_int()));
                next!($pc, $base, $k, $l)
            }
        }
        slow!(arith_slow::binary, $i, $pc, $base, $k, $l)
    }};
}

/// With an immediate right operand.
macro_rules! arith_imm {
    ($i:ident, $pc:ident, $base:ident, $k:ident, $l:ident, $int:ident, $negated:literal) => {{
        let x: *const RawValue = $base.add(arg_b($i));
        let to = $base.add(arg_a($i));
        if (*x).tag == tag::INT {
            set_int(to, (*x).as_int().$int(i64::from(arg_sc($i))));
            next!($pc, $base, $k, $l)
        }
        if (*x).tag == tag::FLOAT {
            let c = if $negated { -arg_sc($i) } else { arg_sc($i) };
            // Subtracting is adding the negated literal, so that -0.0 - 0 is 0.0, as in the reference.
            set_float(to, (*x).as_float() + f64::from(c));
            next!($pc, $base, $k, $l)
        }
        slow!(arith_slow::binary, $i, $pc, $base, $k, $l)
    }};
}

/// `/ ^`: floats only.
macro_rules! float_arith {
    ($i:ident, $pc:ident, $base:ident, $k:ident, $l:ident, $x:expr, $y:expr, ($f:expr)) => {{
        let (x, y): (*const RawValue, *const RawValue) = ($x, $y);
        let a = if (*x).tag == tag::FLOAT {
            (*x).as_float()
        } else if (*x).tag == tag::INT {
            to_float((*x).as_int())
        } else {
            slow!(arith_slow::binary, $i, $pc, $base, $k, $l)
        };
        let b = if (*y).tag == tag::FLOAT {
            (*y).as_float()
        } else if (*y).tag == tag::INT {
            to_float((*y).as_int())
        } else {
            slow!(arith_slow::binary, $i, $pc, $base, $k, $l)
        };
        set_float($base.add(arg_a($i)), $f(a, b));
        next!($pc, $base, $k, $l)
    }};
}

/// `% //` on two integers with a non-zero divisor in line; the rest out of line, where library calls cost no pushes here.
macro_rules! int_division {
    ($i:ident, $pc:ident, $base:ident, $k:ident, $l:ident, $x:expr, $y:expr, ($int:ident, $slow:path)) => {{
        let (x, y): (*const RawValue, *const RawValue) = ($x, $y);
        if (*x).tag == tag::INT && (*y).tag == tag::INT && (*y).as_int() != 0 {
            set_int($base.add(arg_a($i)), $int((*x).as_int(), (*y).as_int()));
            next!($pc, $base, $k, $l)
        }
        return $slow($i, $pc, $base, $k, $l);
    }};
}

/// Bitwise on two integers.
macro_rules! bitwise {
    ($i:ident, $pc:ident, $base:ident, $k:ident, $l:ident, $x:expr, $y:expr, ($f:expr)) => {{
        let (x, y): (*const RawValue, *const RawValue) = ($x, $y);
        if (*x).tag == tag::INT && (*y).tag == tag::INT {
            set_int($base.add(arg_a($i)), $f((*x).as_int(), (*y).as_int()));
            next!($pc, $base, $k, $l)
        }
        slow!(arith_slow::binary, $i, $pc, $base, $k, $l)
    }};
}

/// Defines the register and constant forms of an operator, and where given the one with the constant on the left.
macro_rules! forms {
    ($kind:ident: $rr:ident $rk:ident $($kr:ident)?; $args:tt) => {
        handlers! {
            /// Both operands in registers.
            $rr(i, pc, base, k, l) {
                $kind!(i, pc, base, k, l, base.add(arg_b(i)), base.add(arg_c(i)), $args)
            }
            /// The right operand is a constant.
            $rk(i, pc, base, k, l) {
                $kind!(i, pc, base, k, l, base.add(arg_b(i)), k.add(arg_c(i)), $args)
            }
            $(
                /// The left operand is a constant.
                $kr(i, pc, base, k, l) {
                    $kind!(i, pc, base, k, l, k.add(arg_c(i)), base.add(arg_b(i)), $args)
                }
            )?
        }
    };
}

forms!(arith: Add AddK KAdd; (wrapping_add, +));
forms!(arith: Sub SubK KSub; (wrapping_sub, -));
forms!(arith: Mul MulK KMul; (wrapping_mul, *));
forms!(float_arith: Div DivK KDiv; (|a: f64, b: f64| a / b));
forms!(int_division: Mod ModK; (int_floor_mod, float_mod_tail));
forms!(int_division: IDiv IDivK; (int_floor_div, float_idiv_tail));
forms!(bitwise: BAnd BAndK; (|a, b| a & b));
forms!(bitwise: BOr BOrK; (|a, b| a | b));
forms!(bitwise: BXor BXorK; (|a, b| a ^ b));

/// The right operand of a division word, whichever form it has.
#[inline(always)]
unsafe fn right_operand(i: u32, base: *mut RawValue, k: *const RawValue) -> RawValue {
    use crate::bytecode::op::Op;
    let code = i & 0xff;
    if code == Op::ModK as u32 || code == Op::IDivK as u32 || code == Op::PowK as u32 {
        *k.add(arg_c(i))
    } else {
        *base.add(arg_c(i))
    }
}

/// A number as a float; `None` for anything else.
#[inline(always)]
fn number(value: RawValue) -> Option<f64> {
    match value.tag {
        tag::FLOAT => Some(value.as_float()),
        tag::INT => Some(to_float(value.as_int())),
        _ => None,
    }
}

/// A float operation behind a tail call: the library function it needs costs its pushes only here.
macro_rules! float_tail {
    ($($name:ident: $f:path;)*) => {
        handlers! {
            $(
                /// The float form.
                #[cfg_attr(tail_dispatch, inline(never))]
                $name(i, pc, base, k, l) {
                    let (x, y) = (*base.add(arg_b(i)), right_operand(i, base, k));
                    if (x.tag == tag::FLOAT || y.tag == tag::FLOAT)
                        && let (Some(a), Some(b)) = (number(x), number(y))
                    {
                        set_float(base.add(arg_a(i)), $f(a, b));
                        next!(pc, base, k, l)
                    }
                    slow!(arith_slow::binary, i, pc, base, k, l)
                }
            )*
        }
    };
}
float_tail! { float_mod_tail: float_mod; float_idiv_tail: float_floor_div; }

handlers! {
    /// `R[A] := R[B] + sC`
    AddI(i, pc, base, k, l) { arith_imm!(i, pc, base, k, l, wrapping_add, false) }
    /// `R[A] := sC + R[B]`
    IAdd(i, pc, base, k, l) { arith_imm!(i, pc, base, k, l, wrapping_add, false) }
    /// `R[A] := R[B] - sC`
    SubI(i, pc, base, k, l) { arith_imm!(i, pc, base, k, l, wrapping_sub, true) }
    /// `R[A] := R[B] ^ R[C]`
    Pow(i, pc, base, k, l) { return pow_tail(i, pc, base, k, l) }
    /// `R[A] := R[B] ^ K[C]`
    PowK(i, pc, base, k, l) { return pow_tail(i, pc, base, k, l) }
    /// The power, whose library call needs a stack frame.
    pow_tail(i, pc, base, k, l) {
        let (x, y) = (*base.add(arg_b(i)), right_operand(i, base, k));
        if let (Some(a), Some(b)) = (number(x), number(y)) {
            set_float(base.add(arg_a(i)), float_pow(a, b));
            next!(pc, base, k, l)
        }
        slow!(arith_slow::binary, i, pc, base, k, l)
    }
    /// `R[A] := R[B] << R[C]`
    Shl(i, pc, base, k, l) { bitwise!(i, pc, base, k, l, base.add(arg_b(i)), base.add(arg_c(i)), (shift_left)) }
    /// `R[A] := R[B] >> R[C]`
    Shr(i, pc, base, k, l) { bitwise!(i, pc, base, k, l, base.add(arg_b(i)), base.add(arg_c(i)), (shift_right)) }
    /// `R[A] := R[B] << sC`
    ShlI(i, pc, base, k, l) {
        let x = base.add(arg_b(i));
        if (*x).tag == tag::INT {
            set_int(base.add(arg_a(i)), shift_left((*x).as_int(), i64::from(arg_sc(i))));
            next!(pc, base, k, l)
        }
        slow!(arith_slow::binary, i, pc, base, k, l)
    }
    /// `R[A] := sC << R[B]`
    IShl(i, pc, base, k, l) {
        let x = base.add(arg_b(i));
        if (*x).tag == tag::INT {
            set_int(base.add(arg_a(i)), shift_left(i64::from(arg_sc(i)), (*x).as_int()));
            next!(pc, base, k, l)
        }
        slow!(arith_slow::binary, i, pc, base, k, l)
    }
    /// `R[A] := R[B] >> sC`
    ShrI(i, pc, base, k, l) {
        let x = base.add(arg_b(i));
        if (*x).tag == tag::INT {
            set_int(base.add(arg_a(i)), shift_right((*x).as_int(), i64::from(arg_sc(i))));
            next!(pc, base, k, l)
        }
        slow!(arith_slow::binary, i, pc, base, k, l)
    }
    /// `R[A] := -R[B]`
    Unm(i, pc, base, k, l) {
        let x = base.add(arg_b(i));
        if (*x).tag == tag::INT {
            set_int(base.add(arg_a(i)), (*x).as_int().wrapping_neg());
            next!(pc, base, k, l)
        }
        if (*x).tag == tag::FLOAT {
            set_float(base.add(arg_a(i)), -(*x).as_float());
            next!(pc, base, k, l)
        }
        slow!(arith_slow::unary, i, pc, base, k, l)
    }
    /// `R[A] := ~R[B]`
    BNot(i, pc, base, k, l) {
        let x = *base.add(arg_b(i));
        let int = match x.tag {
            tag::INT => Some(x.as_int()),
            tag::FLOAT => float_to_int_exact(x.as_float()),
            _ => None,
        };
        if let Some(int) = int {
            set_int(base.add(arg_a(i)), !int);
            next!(pc, base, k, l)
        }
        slow!(arith_slow::unary, i, pc, base, k, l)
    }
}
