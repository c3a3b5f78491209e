//! Arithmetic operators: the choice between registers, constants and immediate operands.

use super::desc::{ExprDesc, Value};
use super::fold::{numeral, small_int};
use super::{Compiler, Step};
use crate::bytecode::op::Op;
use crate::syntax::ast::BinaryOp;

/// The op on two registers.
fn register_op(op: BinaryOp) -> Op {
    match op {
        BinaryOp::Add => Op::Add,
        BinaryOp::Sub => Op::Sub,
        BinaryOp::Mul => Op::Mul,
        BinaryOp::Mod => Op::Mod,
        BinaryOp::Pow => Op::Pow,
        BinaryOp::Div => Op::Div,
        BinaryOp::IDiv => Op::IDiv,
        BinaryOp::BAnd => Op::BAnd,
        BinaryOp::BOr => Op::BOr,
        BinaryOp::BXor => Op::BXor,
        BinaryOp::Shl => Op::Shl,
        BinaryOp::Shr => Op::Shr,
        _ => unreachable!("not an arithmetic operator"),
    }
}

/// The op with a small integer on the right.
fn right_immediate_op(op: BinaryOp) -> Option<Op> {
    match op {
        BinaryOp::Add => Some(Op::AddI),
        BinaryOp::Sub => Some(Op::SubI),
        BinaryOp::Shl => Some(Op::ShlI),
        BinaryOp::Shr => Some(Op::ShrI),
        _ => None,
    }
}

/// The op with a small integer on the left.
fn left_immediate_op(op: BinaryOp) -> Option<Op> {
    match op {
        BinaryOp::Add => Some(Op::IAdd),
        BinaryOp::Shl => Some(Op::IShl),
        _ => None,
    }
}

/// The op with a numeric constant on the right; the bitwise ones take integers only.
fn right_constant_op(op: BinaryOp, constant: &ExprDesc) -> Option<Op> {
    let is_int = matches!(constant.value, Value::Int(_));
    match op {
        BinaryOp::Add => Some(Op::AddK),
        BinaryOp::Sub => Some(Op::SubK),
        BinaryOp::Mul => Some(Op::MulK),
        BinaryOp::Mod => Some(Op::ModK),
        BinaryOp::Pow => Some(Op::PowK),
        BinaryOp::Div => Some(Op::DivK),
        BinaryOp::IDiv => Some(Op::IDivK),
        BinaryOp::BAnd if is_int => Some(Op::BAndK),
        BinaryOp::BOr if is_int => Some(Op::BOrK),
        BinaryOp::BXor if is_int => Some(Op::BXorK),
        _ => None,
    }
}

/// The op with a numeric constant on the left.
fn left_constant_op(op: BinaryOp) -> Option<Op> {
    match op {
        BinaryOp::Add => Some(Op::KAdd),
        BinaryOp::Sub => Some(Op::KSub),
        BinaryOp::Mul => Some(Op::KMul),
        BinaryOp::Div => Some(Op::KDiv),
        _ => None,
    }
}

impl Compiler<'_> {
    /// Makes `left` the result of an arithmetic operation that was not folded.
    pub(super) fn arith(
        &mut self,
        op: BinaryOp,
        left: &mut ExprDesc,
        right: &mut ExprDesc,
        line: u32,
    ) -> Step<()> {
        let (insn_op, b, c) = if let Some((op, c)) = self.right_operand(op, right)? {
            (op, self.place_any(left)?.0, c)
        } else if let Some((op, c)) = self.left_operand(op, left)? {
            (op, self.place_any(right)?.0, c)
        } else {
            let c = self.place_any(right)?;
            let b = self.place_any(left)?;
            (register_op(op), b.0, c.0)
        };
        let pc = self.emit_abc(insn_op, 0, b, c);
        self.free_exprs(left, right);
        *left = ExprDesc::new(Value::Reloc(pc));
        self.fix_line(line);
        Ok(())
    }

    /// The op and its C field, if the right operand can be an immediate or a constant.
    fn right_operand(&mut self, op: BinaryOp, right: &mut ExprDesc) -> Step<Option<(Op, u8)>> {
        if let (Some(op), Some(i)) = (right_immediate_op(op), small_int(right)) {
            return Ok(Some((op, i.cast_unsigned())));
        }
        if numeral(right).is_none() {
            return Ok(None);
        }
        let Some(op) = right_constant_op(op, right) else { return Ok(None) };
        Ok(self.as_const_operand(right)?.map(|k| (op, k)))
    }

    /// The op and its C field, if the left operand can be an immediate or a constant.
    fn left_operand(&mut self, op: BinaryOp, left: &mut ExprDesc) -> Step<Option<(Op, u8)>> {
        if let (Some(op), Some(i)) = (left_immediate_op(op), small_int(left)) {
            return Ok(Some((op, i.cast_unsigned())));
        }
        if numeral(left).is_none() {
            return Ok(None);
        }
        let Some(op) = left_constant_op(op) else { return Ok(None) };
        Ok(self.as_const_operand(left)?.map(|k| (op, k)))
    }
}
