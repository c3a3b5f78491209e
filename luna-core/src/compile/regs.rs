//! Registers: a stack of temporaries above the active locals, and getting values into them.

use super::desc::{ExprDesc, JumpList, NO_JUMP, Value};
use super::jump::NO_REG;
use super::{CompileError, Compiler, Step};
use crate::bytecode::op::Op;
use crate::bytecode::operand::{ConstIndex, Reg, Upval};

/// The limit that the message about it names.
pub(super) const REPORTED_LIMIT: u32 = 255;

impl Compiler<'_> {
    /// Makes sure that `n` registers above the used ones exist.
    pub(super) fn check_stack(&mut self, n: usize) -> Step<()> {
        let size = usize::from(self.cur.free_reg) + n;
        match u8::try_from(size) {
            Ok(size) if size <= self.rules.max_registers => {
                self.cur.proto.max_stack = self.cur.proto.max_stack.max(size);
                Ok(())
            }
            _ if self.rules.register_limit_names_function => {
                Err(self.too_many("registers", REPORTED_LIMIT, &self.cur))
            }
            _ => {
                let msg = "function or expression needs too many registers";
                Err(Box::new(CompileError::Near(msg.to_owned())))
            }
        }
    }

    /// Takes the next `n` registers.
    pub(super) fn reserve(&mut self, n: usize) -> Step<()> {
        self.check_stack(n)?;
        self.cur.free_reg += n as u8;
        Ok(())
    }

    /// Takes the next register.
    pub(super) fn reserve_one(&mut self) -> Step<Reg> {
        self.reserve(1)?;
        Ok(Reg(self.cur.free_reg - 1))
    }

    /// Gives a register back, if it is a temporary.
    pub(super) fn free(&mut self, Reg(reg): Reg) {
        if reg >= self.cur.active_regs {
            self.cur.free_reg -= 1;
            debug_assert_eq!(reg, self.cur.free_reg, "temporaries are freed in stack order");
        }
    }

    /// Gives two registers back.
    fn free_two(&mut self, a: Reg, b: Reg) {
        self.free(a.max(b));
        self.free(a.min(b));
    }

    /// Gives back the register of an expression.
    pub(super) fn free_expr(&mut self, e: &ExprDesc) {
        if let Some(reg) = e.fixed_reg() {
            self.free(reg);
        }
    }

    /// Gives back the registers of two expressions.
    pub(super) fn free_exprs(&mut self, a: &ExprDesc, b: &ExprDesc) {
        match (a.fixed_reg(), b.fixed_reg()) {
            (Some(a), Some(b)) => self.free_two(a, b),
            (Some(r), None) | (None, Some(r)) => self.free(r),
            (None, None) => {}
        }
    }

    /// Makes a multiple expression give one result.
    pub(super) fn set_one_result(&mut self, e: &mut ExprDesc) {
        match e.value {
            Value::Call(pc) => e.value = Value::Fixed(Reg(self.insn(pc).a())),
            Value::Vararg(pc) => {
                self.set_insn(pc, self.insn(pc).with_c(2));
                e.value = Value::Reloc(pc);
            }
            _ => {}
        }
    }

    /// Makes a multiple expression give `n` results, or all with `None`. The caller has checked that there are registers
    /// for them.
    pub(super) fn set_results(&mut self, e: &ExprDesc, n: Option<usize>) -> Step<()> {
        let c = match n {
            None => 0,
            Some(n) => n as u8 + 1,
        };
        match e.value {
            Value::Call(pc) => self.set_insn(pc, self.insn(pc).with_c(c)),
            Value::Vararg(pc) => {
                let insn = self.insn(pc).with_c(c).with_a(self.cur.free_reg);
                self.set_insn(pc, insn);
                self.reserve(1)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// Makes the expression a value rather than a variable: reads variables, cuts multiple results to one.
    pub(super) fn discharge(&mut self, e: &mut ExprDesc) {
        let pc = match e.value {
            Value::Local(reg) => {
                e.value = Value::Fixed(reg);
                return;
            }
            Value::Call(_) | Value::Vararg(_) => return self.set_one_result(e),
            Value::Upval(Upval(u)) => self.emit_abc(Op::GetUpval, 0, u, 0),
            Value::UpvalField { table: Upval(u), key } => self.emit_abc(Op::GetTabUp, 0, u, key),
            Value::Element { table, key } => {
                self.free(table);
                self.emit_abc(Op::GetI, 0, table.0, key)
            }
            Value::Field { table, key } => {
                self.free(table);
                self.emit_abc(Op::GetField, 0, table.0, key)
            }
            Value::Indexed { table, key } => {
                self.free_two(table, key);
                self.emit_abc(Op::GetTable, 0, table.0, key.0)
            }
            _ => return,
        };
        e.value = Value::Reloc(pc);
    }

    /// Puts the value, without its jumps, in `reg`; a comparison stays as it is.
    fn discharge_to(&mut self, e: &mut ExprDesc, reg: Reg) -> Step<()> {
        self.discharge(e);
        match e.value {
            Value::Nil => self.load_nil(reg, 1),
            Value::True => _ = self.emit_abc(Op::LoadTrue, reg.0, 0, 0),
            Value::False => _ = self.emit_abc(Op::LoadFalse, reg.0, 0, 0),
            Value::Int(i) => self.load_int(reg, i)?,
            Value::Float(f) => self.load_float(reg, f)?,
            Value::Str(id) => {
                let index = self.string_constant(id)?;
                self.load_constant(reg, index);
            }
            Value::Const(index @ ConstIndex(_)) => self.load_constant(reg, index),
            Value::Reloc(pc) => self.set_insn(pc, self.insn(pc).with_a(reg.0)),
            Value::Fixed(from) if from != reg => _ = self.emit_abc(Op::Move, reg.0, from.0, 0),
            Value::Jump(_) => return Ok(()),
            _ => {}
        }
        e.value = Value::Fixed(reg);
        Ok(())
    }

    /// Puts the value, without its jumps, in some register.
    pub(super) fn discharge_any(&mut self, e: &mut ExprDesc) -> Step<()> {
        if e.fixed_reg().is_none() {
            let reg = self.reserve_one()?;
            self.discharge_to(e, reg)?;
        }
        Ok(())
    }

    /// Emits the load of a boolean that jumps lead to.
    fn load_bool(&mut self, op: Op, reg: Reg) -> u32 {
        self.label_here();
        self.emit_abc(op, reg.0, 0, 0)
    }

    /// Puts the value in `reg`, whichever way it comes about.
    pub(super) fn place(&mut self, e: &mut ExprDesc, reg: Reg) -> Step<()> {
        self.discharge_to(e, reg)?;
        let is_comparison = if let Value::Jump(pc) = e.value {
            self.join(&mut e.on_true, JumpList::one(pc))?;
            true
        } else {
            false
        };
        if e.has_jumps() {
            let (mut if_false, mut if_true) = (NO_JUMP, NO_JUMP);
            if self.needs_value(e.on_true) || self.needs_value(e.on_false) {
                let around = if is_comparison { JumpList::EMPTY } else { self.jump() };
                if_false = self.load_bool(Op::LFalseSkip, reg);
                if_true = self.load_bool(Op::LoadTrue, reg);
                self.patch_here(around)?;
            }
            let end = self.label_here();
            self.patch_values(e.on_false, Some(reg), end, if_false)?;
            self.patch_values(e.on_true, Some(reg), end, if_true)?;
        }
        *e = ExprDesc::new(Value::Fixed(reg));
        Ok(())
    }

    /// Puts the value in the next register.
    pub(super) fn place_next(&mut self, e: &mut ExprDesc) -> Step<Reg> {
        self.discharge(e);
        self.free_expr(e);
        let reg = self.reserve_one()?;
        self.place(e, reg)?;
        Ok(reg)
    }

    /// Puts the value in some register: where it is, if it can stay there.
    pub(super) fn place_any(&mut self, e: &mut ExprDesc) -> Step<Reg> {
        self.discharge(e);
        if let Some(reg) = e.fixed_reg() {
            if !e.has_jumps() {
                return Ok(reg);
            }
            if reg.0 >= self.cur.active_regs {
                self.place(e, reg)?;
                return Ok(reg);
            }
        }
        self.place_next(e)
    }

    /// Puts the value in some register, unless it is an upvalue.
    pub(super) fn place_unless_upval(&mut self, e: &mut ExprDesc) -> Step<()> {
        if !matches!(e.value, Value::Upval(_)) || e.has_jumps() {
            self.place_any(e)?;
        }
        Ok(())
    }

    /// Makes the expression a plain value: a literal, or a result whose register may still be open.
    pub(super) fn settle(&mut self, e: &mut ExprDesc) -> Step<()> {
        if matches!(e.value, Value::Jump(_)) || e.has_jumps() {
            self.place_any(e)?;
        } else {
            self.discharge(e);
        }
        Ok(())
    }

    /// Emits `from, .. := nil` for `n` registers, merged with such an instruction just before.
    pub(super) fn load_nil(&mut self, Reg(from): Reg, n: usize) {
        let (from, last) = (usize::from(from), usize::from(from) + n - 1);
        if let Some(before) = self.previous()
            && before.is(Op::LoadNil)
        {
            let first = usize::from(before.a());
            let end = first + usize::from(before.b());
            if (first <= from && from <= end + 1) || (from <= first && first <= last + 1) {
                let (low, high) = (first.min(from), end.max(last));
                self.set_insn(self.pc() - 1, before.with_a(low as u8).with_b((high - low) as u8));
                return;
            }
        }
        self.emit_abc(Op::LoadNil, from as u8, (last - from) as u8, 0);
    }

    /// Emits the test whose jump is taken when the value is `wanted`.
    pub(super) fn jump_if(&mut self, e: &mut ExprDesc, wanted: bool) -> Step<u32> {
        if let Value::Reloc(pc) = e.value {
            let insn = self.insn(pc);
            if insn.is(Op::Not) {
                self.remove_last();
                let op = if wanted { Op::Test0 } else { Op::Test1 };
                return Ok(self.condition(op, insn.b(), 0, 0));
            }
        }
        self.discharge_any(e)?;
        self.free_expr(e);
        let op = if wanted { Op::TestSet1 } else { Op::TestSet0 };
        let tested = e.fixed_reg().map_or(NO_REG, |r| r.0);
        Ok(self.condition(op, NO_REG, tested, 0))
    }
}
