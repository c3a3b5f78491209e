//! Labels, and the jumps to them.

use super::desc::JumpList;
use super::scope::NO_VAR;
use super::{CompileError, Compiler, Step};
use crate::bytecode::insn::Insn;
use crate::bytecode::op::Op;
use crate::syntax::ast::StrId;

/// Labels, and jumps without one, that may be open at a time.
const MAX_LABELS: usize = 32767;

/// A visible label.
#[derive(Clone, Copy, Debug)]
pub(super) struct Label {
    /// Its name.
    name: StrId,
    /// Where it is.
    pc: u32,
    /// Its line.
    line: u32,
    /// Registers of the locals in its scope.
    regs: u8,
    /// The label of an enclosing function that it hides.
    hides: u32,
}

/// A jump whose label is not known yet.
#[derive(Clone, Copy, Debug)]
pub(super) struct PendingGoto {
    /// The label's name; `break` has none.
    name: Option<StrId>,
    /// The jumps.
    jumps: JumpList,
    /// Line of the statement.
    line: u32,
    /// Active variables at the jump, or outside of the block that it leaves.
    vars: u32,
    /// Registers of those variables.
    regs: u8,
    /// Whether it leaves the scope of variables to close.
    close: bool,
}

impl Compiler<'_> {
    /// The visible label of this name in the current function.
    fn find_label(&self, name: StrId) -> Option<Label> {
        let index = self.innermost_label[name.0 as usize];
        if index == NO_VAR || index < self.cur.first_label {
            None
        } else {
            Some(self.labels[index as usize])
        }
    }

    /// Adds jumps that wait for a label, or for the end of a loop.
    pub(super) fn add_goto(&mut self, name: Option<StrId>, jumps: JumpList, line: u32) -> Step<()> {
        if self.gotos.len() >= MAX_LABELS {
            return Err(self.list_full("labels/gotos", MAX_LABELS as u32));
        }
        if self.rules.jumps_close_scopes {
            // Never executed; the jump moves here if the instruction that closes has to take its place.
            self.emit(Insn::sj(Op::Jmp, 0));
        }
        let (vars, regs) = (self.var_count(), self.cur.active_regs);
        let goto = PendingGoto { name, jumps, line, vars, regs, close: false };
        self.meter.push(&mut self.gotos, goto);
        Ok(())
    }

    /// `goto name`
    pub(super) fn goto_stat(&mut self, name: StrId, line: u32) -> Step<()> {
        let Some(label) = self.find_label(name) else {
            let jumps = self.jump();
            return self.add_goto(Some(name), jumps, line);
        };
        if self.cur.active_regs > label.regs {
            self.emit_abc(Op::Close, label.regs, 0, 0);
        }
        let back = self.jump();
        self.patch(back, label.pc)
    }

    /// `break`
    pub(super) fn break_stat(&mut self, line: u32) -> Step<()> {
        self.check_break(line)?;
        let jumps = self.jump();
        self.add_goto(None, jumps, line)
    }

    /// Refuses a `break` outside of loops, where the dialect does so at once.
    pub(super) fn check_break(&self, line: u32) -> Step<()> {
        if self.rules.break_needs_loop_at_once && !self.cur.blocks.iter().any(|b| b.is_loop) {
            return Err(self.error_at(line, "break outside loop near 'break'"));
        }
        Ok(())
    }

    /// `::name::`; `last` says that nothing but labels follows in the block.
    pub(super) fn label_stat(&mut self, name: StrId, line: u32, last: bool) -> Step<()> {
        if let Some(label) = self.find_label(name) {
            let after = format!("' already defined on line {}", label.line);
            return Err(self.error_about("label '", name, &after));
        }
        if self.labels.len() >= MAX_LABELS {
            return Err(self.list_full("labels/gotos", MAX_LABELS as u32));
        }
        let block = self.block_mut();
        let (mut vars, mut regs) = (block.first_var, block.regs);
        if !last {
            (vars, regs) = (self.var_count(), self.cur.active_regs);
        }
        let pc = self.label_here();
        let index = self.labels.len() as u32;
        let hides = std::mem::replace(&mut self.innermost_label[name.0 as usize], index);
        self.meter.push(&mut self.labels, Label { name, pc, line, regs, hides });
        let close = self.solve_gotos(Some(name), pc, vars, regs)?;
        if close {
            self.emit_abc(Op::Close, self.cur.active_regs, 0, 0);
        }
        Ok(())
    }

    /// Targets the pending jumps of the innermost block that wait for the label `name` at `pc`, in whose scope are `vars`
    /// variables with `regs` registers. True if one of them leaves variables that are closed at the label.
    fn solve_gotos(&mut self, name: Option<StrId>, pc: u32, vars: u32, regs: u8) -> Step<bool> {
        let block = self.block_mut();
        let (first, has_upvals) = (block.first_goto, block.has_upvals);
        let mut close = false;
        let mut kept = first;
        for i in first..self.gotos.len() {
            let goto = self.gotos[i];
            if goto.name != name {
                self.gotos[kept] = goto;
                kept += 1;
                continue;
            }
            if goto.vars < vars {
                self.scope_error(goto)?;
            }
            let mut jumps = goto.jumps;
            if !self.rules.jumps_close_scopes {
                close |= goto.close;
            } else if goto.close || (goto.vars > vars && has_upvals) {
                let at = jumps.head;
                self.set_insn(at + 1, self.insn(at));
                self.set_insn(at, Insn::abc(Op::Close, regs, 0, 0));
                jumps = JumpList::one(at + 1);
            }
            self.patch(jumps, pc)?;
        }
        self.gotos.truncate(kept);
        Ok(close)
    }

    /// The error that a jump enters the scope of a variable; where the dialect says so only at the end of the block, it is
    /// kept until then.
    fn scope_error(&mut self, goto: PendingGoto) -> Step<()> {
        let label = goto.name.map_or(b"break".as_slice(), |id| self.ast.str(id));
        let entered =
            self.vars[goto.vars as usize].name.map_or(b"*".as_slice(), |id| self.ast.str(id));
        let mut msg = b"<goto ".to_vec();
        msg.extend_from_slice(label);
        msg.extend_from_slice(
            format!("> at line {} jumps into the scope of ", goto.line).as_bytes(),
        );
        msg.extend_from_slice(self.rules.goto_scope_noun.as_bytes());
        msg.push(b'\'');
        msg.extend_from_slice(entered);
        msg.push(b'\'');
        if self.rules.gotos_checked_at_block_end {
            self.block_mut().goto_error.get_or_insert(msg);
            return Ok(());
        }
        Err(Box::new(CompileError::After(msg)))
    }

    /// Closes the innermost block.
    pub(super) fn leave_block(&mut self) -> Step<()> {
        let block = self.block_mut();
        let (vars, regs) = (block.first_var, block.regs);
        let (has_upvals, is_loop) = (block.has_upvals, block.is_loop);
        let (first_label, first_goto) = (block.first_label, block.first_goto);
        if let Some(msg) = block.goto_error.take() {
            return Err(self.error_at(self.cur.line, msg));
        }
        if !self.rules.scope_lasts_while_closing {
            self.remove_vars(vars, regs);
        }
        let mut closes = has_upvals && self.cur.blocks.len() > 1;
        let jumps_close = self.rules.jumps_close_scopes;
        if jumps_close && closes {
            self.emit_abc(Op::Close, regs, 0, 0);
        }
        if is_loop {
            let here = self.label_here();
            closes |= self.solve_gotos(None, here, vars, regs)?;
        }
        if !jumps_close && closes {
            self.emit_abc(Op::Close, regs, 0, 0);
        }
        self.remove_vars(vars, regs);
        self.cur.free_reg = regs;
        while self.labels.len() > first_label {
            if let Some(label) = self.labels.pop() {
                self.innermost_label[label.name.0 as usize] = label.hides;
            }
        }
        self.cur.blocks.pop();
        for goto in &mut self.gotos[first_goto..] {
            if goto.regs > regs {
                goto.close |= has_upvals;
            }
            (goto.vars, goto.regs) = (vars, regs);
        }
        if self.cur.blocks.is_empty() { self.check_pending(first_goto) } else { Ok(()) }
    }

    /// Refuses jumps of the function just ended that have found no label.
    fn check_pending(&self, first: usize) -> Step<()> {
        let Some(goto) = self.gotos.get(first) else { return Ok(()) };
        let after = format!("' for <goto> at line {}", goto.line);
        match goto.name {
            Some(name) => Err(self.error_about("no visible label '", name, &after)),
            None => {
                let msg = format!("break outside loop at line {}", goto.line);
                Err(Box::new(CompileError::After(msg.into_bytes())))
            }
        }
    }
}
