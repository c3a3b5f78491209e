//! Statements: the dispatch over their kinds, and `return`.

use super::desc::Value;
use super::regs::REPORTED_LIMIT;
use super::{CompileError, Compiler, Step};
use crate::bytecode::op::Op;
use crate::bytecode::operand::Reg;
use crate::syntax::ast::{Attrib, Block, ExprId, Stat, StatKind};

/// Values that an instruction can return.
const MAX_RETURNS: usize = 254;

impl Compiler<'_> {
    /// Compiles the statements of a block.
    pub(super) fn statements(&mut self, block: &Block) -> Step<()> {
        self.statements_from(block, 0)
    }

    /// Compiles the statements of a block from the one at `first`.
    pub(super) fn statements_from(&mut self, block: &Block, first: usize) -> Step<()> {
        for stat in &block.stats[first..] {
            self.cur.line = stat.line;
            self.statement(stat)?;
            self.cur.free_reg = self.cur.active_regs;
            self.cur.line = stat.end_line;
        }
        Ok(())
    }

    /// Compiles one statement.
    fn statement(&mut self, stat: &Stat) -> Step<()> {
        self.check_meter()?;
        match &stat.kind {
            StatKind::Call(call) => self.call_stat(*call),
            StatKind::Assign { targets, values } => self.assign_stat(targets, values),
            StatKind::Local { names, values } => self.local_stat(names, values),
            StatKind::LocalFunction { name, body } => self.local_function_stat(*name, body),
            StatKind::Global { names, values } => self.global_stat(names, values.as_deref()),
            StatKind::GlobalAll(attrib) => {
                self.add_all_globals(*attrib == Attrib::Const);
                Ok(())
            }
            StatKind::GlobalFunction { name, name_line, body } => {
                self.global_function_stat(*name, *name_line, body, stat.line)
            }
            StatKind::Function { target, body } => self.function_stat(*target, body, stat.line),
            StatKind::Do(body) => self.block(body),
            StatKind::While { cond, body } => self.while_stat(*cond, body),
            StatKind::Repeat { body, cond } => self.repeat_stat(body, *cond),
            StatKind::If { arms, otherwise } => self.if_stat(arms, otherwise.as_ref()),
            StatKind::NumericFor { name, start, limit, step, body } => {
                self.numeric_for_stat(*name, [*start, *limit], *step, body, stat.line)
            }
            StatKind::GenericFor { names, values, body } => {
                self.generic_for_stat(names, values, body)
            }
            StatKind::Goto(name) => {
                let of_name = self.rules.goto_line_of_name;
                self.cur.line = stat.end_line;
                self.goto_stat(*name, if of_name { stat.end_line } else { stat.line })
            }
            StatKind::Break => self.break_stat(stat.line),
            StatKind::Label { name, is_last } => {
                self.cur.line = stat.end_line;
                self.label_stat(*name, stat.line, *is_last)
            }
            StatKind::Return(values) => self.return_stat(values),
            StatKind::Cut => Err(Box::new(CompileError::Cut)),
        }
    }

    /// Compiles a block in a scope of its own.
    pub(super) fn block(&mut self, block: &Block) -> Step<()> {
        self.enter_block(false);
        self.cur.line = block.start_line;
        self.statements(block)?;
        self.leave_block()
    }

    /// A call whose results are dropped.
    fn call_stat(&mut self, call: ExprId) -> Step<()> {
        let e = self.expr(call)?;
        if let Value::Call(pc) = e.value {
            self.set_insn(pc, self.insn(pc).with_c(1));
        }
        Ok(())
    }

    /// `return values`
    fn return_stat(&mut self, values: &[ExprId]) -> Step<()> {
        let first = Reg(self.cur.active_regs);
        if values.is_empty() {
            self.emit_return(first, Some(0));
            return Ok(());
        }
        let mut last = self.expr_list(values)?;
        if last.is_multi() {
            self.set_results(&last, None)?;
            let inside_tbc = self.block_mut().inside_tbc;
            match last.value {
                Value::Call(pc) if values.len() == 1 && !inside_tbc => {
                    self.set_insn(pc, self.insn(pc).with_op(Op::TailCall));
                }
                _ => self.emit_return(first, None),
            }
        } else if values.len() == 1 {
            let reg = self.place_any(&mut last)?;
            self.emit_return(reg, Some(1));
        } else {
            self.place_next(&mut last)?;
            if values.len() > MAX_RETURNS && self.rules.returns_limited_by_name {
                return Err(self.too_many("returns", REPORTED_LIMIT, &self.cur));
            }
            self.emit_return(first, Some(values.len()));
        }
        Ok(())
    }
}
