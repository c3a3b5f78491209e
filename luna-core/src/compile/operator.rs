//! Operators: `not`, `and`, `or`, comparisons, concatenation; arithmetic goes on in [`super::arith`].

use super::desc::{ExprDesc, JumpList, Value};
use super::fold::{fold_binary, fold_unary, numeral, small_number};
use super::{Compiler, Step};
use crate::bytecode::op::Op;
use crate::bytecode::operand::negated;
use crate::syntax::ast::{BinaryOp, UnaryOp};

impl Compiler<'_> {
    /// Makes `e` the result of a unary operator.
    pub(super) fn unary(&mut self, op: UnaryOp, e: &mut ExprDesc, line: u32) -> Step<()> {
        self.discharge(e);
        let insn_op = match op {
            UnaryOp::Not => return self.not(e),
            UnaryOp::Neg => Op::Unm,
            UnaryOp::BNot => Op::BNot,
            UnaryOp::Len => Op::Len,
        };
        if let Some(value) = fold_unary(op, e) {
            e.value = value;
            return Ok(());
        }
        let reg = self.place_any(e)?;
        self.free_expr(e);
        *e = ExprDesc::new(Value::Reloc(self.emit_abc(insn_op, 0, reg.0, 0)));
        self.fix_line(line);
        Ok(())
    }

    /// Makes `e` its negation.
    fn not(&mut self, e: &mut ExprDesc) -> Step<()> {
        match e.value {
            Value::Nil | Value::False => e.value = Value::True,
            Value::Const(_) | Value::Int(_) | Value::Float(_) | Value::Str(_) | Value::True => {
                e.value = Value::False
            }
            Value::Jump(pc) => self.negate(pc),
            _ => {
                self.discharge_any(e)?;
                self.free_expr(e);
                if let Some(reg) = e.fixed_reg() {
                    e.value = Value::Reloc(self.emit_abc(Op::Not, 0, reg.0, 0));
                }
            }
        }
        std::mem::swap(&mut e.on_true, &mut e.on_false);
        self.drop_values(e.on_false);
        self.drop_values(e.on_true);
        Ok(())
    }

    /// Turns the comparison whose jump is at `pc` round.
    fn negate(&mut self, pc: u32) {
        let at = self.jump_control(pc);
        let insn = self.insn(at);
        if let Some(op) = insn.op() {
            self.set_insn(at, insn.with_op(negated(op)));
        }
    }

    /// Goes on if `e` is true, else jumps.
    pub(super) fn go_if_true(&mut self, e: &mut ExprDesc) -> Step<()> {
        self.discharge(e);
        let jumps = match e.value {
            Value::Jump(pc) => {
                self.negate(pc);
                JumpList::one(pc)
            }
            Value::Const(_) | Value::Int(_) | Value::Float(_) | Value::Str(_) | Value::True => {
                JumpList::EMPTY
            }
            _ => JumpList::one(self.jump_if(e, false)?),
        };
        self.join(&mut e.on_false, jumps)?;
        self.patch_here(e.on_true)?;
        e.on_true = JumpList::EMPTY;
        Ok(())
    }

    /// Goes on if `e` is false, else jumps.
    pub(super) fn go_if_false(&mut self, e: &mut ExprDesc) -> Step<()> {
        self.discharge(e);
        let jumps = match e.value {
            Value::Jump(pc) => JumpList::one(pc),
            Value::Nil | Value::False => JumpList::EMPTY,
            _ => JumpList::one(self.jump_if(e, true)?),
        };
        self.join(&mut e.on_true, jumps)?;
        self.patch_here(e.on_false)?;
        e.on_false = JumpList::EMPTY;
        Ok(())
    }

    /// Prepares the left operand of `op`, before the right one is compiled.
    pub(super) fn infix(&mut self, op: BinaryOp, e: &mut ExprDesc) -> Step<()> {
        self.discharge(e);
        match op {
            BinaryOp::And => self.go_if_true(e),
            BinaryOp::Or => self.go_if_false(e),
            BinaryOp::Concat => self.place_next(e).map(drop),
            BinaryOp::Eq | BinaryOp::Ne => {
                if numeral(e).is_none() && self.as_const_operand(e)?.is_none() {
                    self.place_any(e)?;
                }
                Ok(())
            }
            BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge => {
                if small_number(e).is_none() {
                    self.place_any(e)?;
                }
                Ok(())
            }
            _ => {
                if numeral(e).is_none() {
                    self.place_any(e)?;
                }
                Ok(())
            }
        }
    }

    /// Makes `left` the result of a binary operator.
    pub(super) fn binary(
        &mut self,
        op: BinaryOp,
        left: &mut ExprDesc,
        right: &mut ExprDesc,
        line: u32,
    ) -> Step<()> {
        self.discharge(right);
        if let Some(value) = fold_binary(op, left, right) {
            left.value = value;
            return Ok(());
        }
        match op {
            BinaryOp::And => {
                self.join(&mut right.on_false, left.on_false)?;
                *left = *right;
                Ok(())
            }
            BinaryOp::Or => {
                self.join(&mut right.on_true, left.on_true)?;
                *left = *right;
                Ok(())
            }
            BinaryOp::Concat => self.concat(left, right, line),
            BinaryOp::Eq => self.equal(true, left, right),
            BinaryOp::Ne => self.equal(false, left, right),
            BinaryOp::Lt => self.order(&LESS, left, right),
            BinaryOp::Le => self.order(&LESS_EQUAL, left, right),
            BinaryOp::Gt => self.swapped_order(&LESS, left, right),
            BinaryOp::Ge => self.swapped_order(&LESS_EQUAL, left, right),
            _ => self.arith(op, left, right, line),
        }
    }

    /// Makes `left`, in the last register but one at most, the concatenation of both; a right operand that is itself one is
    /// taken in.
    fn concat(&mut self, left: &mut ExprDesc, right: &mut ExprDesc, line: u32) -> Step<()> {
        let right_reg = self.place_next(right)?;
        let Value::Fixed(first) = left.value else {
            unreachable!("the left operand was put in a register");
        };
        match self.previous() {
            Some(inner)
                if inner.is(Op::Concat) && inner.a() == right_reg.0 && inner.b() < u8::MAX =>
            {
                self.free_expr(right);
                self.set_insn(self.pc() - 1, inner.with_a(first.0).with_b(inner.b() + 1));
            }
            _ => {
                self.emit_abc(Op::Concat, first.0, 2, 0);
                self.free_expr(right);
                self.fix_line(line);
            }
        }
        Ok(())
    }

    /// Makes `left` the comparison for equality, which holds when the operands are (`wanted`) or are not equal.
    fn equal(&mut self, wanted: bool, left: &mut ExprDesc, right: &mut ExprDesc) -> Step<()> {
        if left.fixed_reg().is_none() {
            std::mem::swap(left, right);
        }
        let pick = |[if_not, if_so]: [Op; 2]| if wanted { if_so } else { if_not };
        let a = self.place_any(left)?;
        let (op, b) = if let Some((i, _)) = small_number(right) {
            (pick([Op::EqI0, Op::EqI1]), i.cast_unsigned())
        } else if let Some(k) = self.as_const_operand(right)? {
            (pick([Op::EqK0, Op::EqK1]), k)
        } else {
            (pick([Op::Eq0, Op::Eq1]), self.place_any(right)?.0)
        };
        self.free_exprs(left, right);
        *left = ExprDesc::new(Value::Jump(self.condition(op, a.0, b, 0)));
        Ok(())
    }

    /// Makes `left` the comparison `right < left` or `right <= left`.
    fn swapped_order(
        &mut self,
        ops: &OrderOps,
        left: &mut ExprDesc,
        right: &mut ExprDesc,
    ) -> Step<()> {
        std::mem::swap(left, right);
        self.order(ops, left, right)
    }

    /// Makes `left` the comparison `left < right` or `left <= right`.
    fn order(&mut self, ops: &OrderOps, left: &mut ExprDesc, right: &mut ExprDesc) -> Step<()> {
        let (op, a, b, c) = if let Some((i, is_float)) = small_number(right) {
            (ops.with_immediate, self.place_any(left)?, i.cast_unsigned(), u8::from(is_float))
        } else if let Some((i, is_float)) = small_number(left) {
            (ops.with_immediate_left, self.place_any(right)?, i.cast_unsigned(), u8::from(is_float))
        } else {
            let a = self.place_any(left)?;
            (ops.on_registers, a, self.place_any(right)?.0, 0)
        };
        self.free_exprs(left, right);
        *left = ExprDesc::new(Value::Jump(self.condition(op, a.0, b, c)));
        Ok(())
    }
}

/// The ops of an ordering, each jumping when it holds.
#[derive(Debug)]
struct OrderOps {
    /// On two registers.
    on_registers: Op,
    /// With a small number on the right.
    with_immediate: Op,
    /// With a small number on the left, which the op has on the right.
    with_immediate_left: Op,
}

/// `<`
const LESS: OrderOps =
    OrderOps { on_registers: Op::Lt1, with_immediate: Op::LtI1, with_immediate_left: Op::GtI1 };

/// `<=`
const LESS_EQUAL: OrderOps =
    OrderOps { on_registers: Op::Le1, with_immediate: Op::LeI1, with_immediate_left: Op::GeI1 };
