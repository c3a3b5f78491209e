//! Control structures: `if` and the loops.

use super::desc::{JumpList, Value};
use super::{CompileError, Compiler, Step};
use crate::bytecode::insn::Insn;
use crate::bytecode::op::Op;
use crate::bytecode::operand::Reg;
use crate::bytecode::proto::VarKind;
use crate::syntax::ast::{Block, ExprId, StatKind, StrId};

/// Debug name of the registers that a loop keeps its state in.
const FOR_STATE: &[u8] = b"(for state)";

/// Registers of a generic `for` before its variables.
const GENERIC_STATE: usize = 4;

/// Registers that the call of an iterator needs after those.
const ITERATOR_CALL: usize = 3;

/// Where a `for` loop stands while its body is compiled.
#[derive(Clone, Copy, Debug)]
struct ForLoop {
    /// Its first register.
    base: Reg,
    /// Whether it is a generic one.
    generic: bool,
    /// Place of the instruction that starts it.
    prepare: u32,
    /// Where the repeating instructions stand apart: the jumps to the body and over it.
    apart: Option<[JumpList; 2]>,
    /// The number of variables.
    vars: usize,
    /// Line of the repeating instructions.
    line: u32,
}

impl Compiler<'_> {
    /// Compiles a condition; the result are the jumps taken when it is false. `line` is where those are said to be.
    fn condition_expr(&mut self, cond: ExprId, line: Option<u32>) -> Step<JumpList> {
        let mut e = self.expr(cond)?;
        if let Some(line) = line {
            self.cur.line = line;
        }
        if matches!(e.value, Value::Nil) {
            e.value = Value::False;
        }
        self.go_if_true(&mut e)?;
        Ok(e.on_false)
    }

    /// `if`
    pub(super) fn if_stat(
        &mut self,
        arms: &[(ExprId, Block)],
        otherwise: Option<&Block>,
    ) -> Step<()> {
        let mut escapes = JumpList::EMPTY;
        for (i, (cond, body)) in arms.iter().enumerate() {
            let followed = otherwise.is_some() || i + 1 < arms.len();
            self.arm(*cond, body, followed, &mut escapes)?;
            // The next arm starts after its keyword, which ends this block.
            self.cur.line = body.end_line;
        }
        if let Some(body) = otherwise {
            self.block(body)?;
        }
        self.patch_here(escapes)
    }

    /// A condition with its block; what follows is jumped over.
    fn arm(
        &mut self,
        cond: ExprId,
        body: &Block,
        followed: bool,
        escapes: &mut JumpList,
    ) -> Step<()> {
        let starts_with_break =
            matches!(body.stats.first().map(|s| &s.kind), Some(StatKind::Break));
        let on_false = if self.rules.fuse_if_break && starts_with_break {
            let mut e = self.expr(cond)?;
            self.cur.line = body.start_line;
            self.go_if_false(&mut e)?;
            let line = body.stats[0].line;
            self.cur.line = line;
            self.enter_block(false);
            self.add_goto(None, e.on_true, line)?;
            if body.stats.len() == 1 {
                return self.leave_block();
            }
            let skip = self.jump();
            self.rest_of_block(body)?;
            skip
        } else {
            let line = self.rules.fuse_if_break.then_some(body.start_line);
            let on_false = self.condition_expr(cond, line)?;
            self.block(body)?;
            on_false
        };
        if followed {
            let escape = self.jump();
            self.join(escapes, escape)?;
        }
        self.patch_here(on_false)
    }

    /// The statements of an open block after its first one, and the end of the block.
    fn rest_of_block(&mut self, body: &Block) -> Step<()> {
        self.statements_from(body, 1)?;
        self.leave_block()
    }

    /// `while`
    pub(super) fn while_stat(&mut self, cond: ExprId, body: &Block) -> Step<()> {
        let start = self.label_here();
        let exit = self.condition_expr(cond, None)?;
        self.enter_block(true);
        self.block(body)?;
        let back = self.jump();
        self.patch(back, start)?;
        self.cur.line = body.end_line;
        self.leave_block()?;
        self.patch_here(exit)
    }

    /// `repeat`
    pub(super) fn repeat_stat(&mut self, body: &Block, cond: ExprId) -> Step<()> {
        let start = self.label_here();
        self.enter_block(true);
        self.enter_block(false);
        self.cur.line = body.start_line;
        self.statements(body)?;
        self.cur.line = body.end_line;
        let mut again = self.condition_expr(cond, None)?;
        let block = self.block_mut();
        let (has_upvals, regs) = (block.has_upvals, block.regs);
        let in_scope = self.rules.scope_lasts_while_closing;
        if !in_scope {
            self.leave_block()?;
        }
        if has_upvals {
            let exit = self.jump();
            self.patch_here(again)?;
            self.emit_abc(Op::Close, regs, 0, 0);
            again = self.jump();
            self.patch_here(exit)?;
        }
        self.patch(again, start)?;
        if in_scope {
            self.leave_block()?;
        }
        self.leave_block()
    }

    /// `for name = start, limit, step`
    pub(super) fn numeric_for_stat(
        &mut self,
        name: StrId,
        bounds: [ExprId; 2],
        step: Option<ExprId>,
        body: &Block,
        line: u32,
    ) -> Step<()> {
        self.enter_block(true);
        let base = Reg(self.cur.free_reg);
        for id in bounds.into_iter().chain(step) {
            let mut e = self.expr(id)?;
            self.place_next(&mut e)?;
        }
        if step.is_none() {
            let reg = self.reserve_one()?;
            self.load_int(reg, 1)?;
        }
        self.for_state(3, 2);
        let start = self.open_for(base, false, 1, body, line)?;
        self.for_body(start, &[name], body)
    }

    /// `for names in values`
    pub(super) fn generic_for_stat(
        &mut self,
        names: &[StrId],
        values: &[ExprId],
        body: &Block,
    ) -> Step<()> {
        self.enter_block(true);
        let base = Reg(self.cur.free_reg);
        let line = values.first().map_or(body.start_line, |&v| self.ast.expr(v).line);
        let mut last = self.expr_list(values)?;
        self.adjust(GENERIC_STATE, values.len(), &mut last)?;
        self.for_state(GENERIC_STATE, 2);
        self.mark_tbc();
        self.check_stack(ITERATOR_CALL)?;
        let start = self.open_for(base, true, names.len(), body, line)?;
        self.for_body(start, names, body)
    }

    /// Starts the scope of a loop's `count` hidden variables. The one at `unseen` is not known to debuggers where the
    /// dialect's own loops do without it.
    fn for_state(&mut self, count: usize, unseen: usize) {
        for i in 0..count {
            let seen = i != unseen || self.rules.loops_keep_control_apart;
            self.add_hidden(seen.then_some(FOR_STATE));
        }
    }

    /// Emits what starts a `for` loop.
    fn open_for(
        &mut self,
        base: Reg,
        generic: bool,
        vars: usize,
        body: &Block,
        line: u32,
    ) -> Step<ForLoop> {
        self.cur.line = body.start_line;
        let op = if generic { Op::TForPrep } else { Op::ForPrep };
        let prepare = self.emit(Insn::abx(op, base.0, 0));
        let mut state = ForLoop { base, generic, prepare, apart: None, vars, line };
        if self.long_loops {
            let to_body = self.jump();
            self.close_for(&state)?;
            let over_body = self.jump();
            self.patch_here(to_body)?;
            state.apart = Some([to_body, over_body]);
        }
        Ok(state)
    }

    /// Emits what repeats a `for` loop, and makes it and the start lead to each other.
    fn close_for(&mut self, state: &ForLoop) -> Step<()> {
        let first = state.prepare + 1;
        let Ok(forward) = u16::try_from(self.label_here() - first) else {
            return Err(Box::new(CompileError::LongLoop));
        };
        let prepare = Insn::abx(
            if state.generic { Op::TForPrep } else { Op::ForPrep },
            state.base.0,
            forward,
        );
        self.set_insn(state.prepare, prepare);
        if state.generic {
            self.emit_abc(Op::TForCall, state.base.0, 0, state.vars as u8 + 1);
            self.fix_line(state.line);
        }
        let Ok(back) = u16::try_from(self.pc() + 1 - first) else {
            return Err(Box::new(CompileError::LongLoop));
        };
        let op = if state.generic { Op::TForLoop } else { Op::ForLoop };
        self.emit(Insn::abx(op, state.base.0, back));
        self.fix_line(state.line);
        Ok(())
    }

    /// Compiles the body of a `for` loop and ends the loop.
    fn for_body(&mut self, state: ForLoop, names: &[StrId], body: &Block) -> Step<()> {
        self.enter_block(false);
        self.reserve(names.len())?;
        for (i, &name) in names.iter().enumerate() {
            let is_const = i == 0 && self.rules.const_loop_vars;
            self.add_local(name, if is_const { VarKind::Const } else { VarKind::Regular });
        }
        self.block(body)?;
        self.leave_block()?;
        match state.apart {
            None => self.close_for(&state)?,
            Some([_, over_body]) => {
                let back = self.jump();
                self.patch(back, state.prepare + 2)?;
                self.patch_here(over_body)?;
            }
        }
        self.cur.line = body.end_line;
        self.leave_block()
    }
}
