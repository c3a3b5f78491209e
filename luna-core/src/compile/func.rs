//! Functions: opening, closing, and the last pass over their code.

use std::collections::HashMap;
use std::rc::Rc;

use super::consts::{ConstKey, INDEX_ENTRY};
use super::desc::{ExprDesc, Value};
use super::scope::BlockScope;
use super::{Compiler, Step};
use crate::bytecode::insn::{Insn, MAX_SJ, MIN_SJ};
use crate::bytecode::op::Op;
use crate::bytecode::operand::{Reg, Upval};
use crate::bytecode::proto::{ProtoDef, VarKind};
use crate::syntax::ast::FuncBody;

/// Nested functions a function may have.
const MAX_PROTOS: u32 = u16::MAX as u32;

/// How many jumps to jumps are followed.
const MAX_JUMP_CHAIN: u32 = 100;

/// The state of a function being compiled.
#[derive(Debug, Default)]
pub(super) struct FuncState {
    /// What has been made so far.
    pub(super) proto: ProtoDef,
    /// Where each constant is.
    pub(super) const_index: HashMap<ConstKey, u32>,
    /// The variable behind each upvalue.
    pub(super) upval_vars: Vec<u32>,
    /// The upvalue that is `_ENV` of the main function.
    pub(super) env_upval: Option<Upval>,
    /// Open blocks, innermost last.
    pub(super) blocks: Vec<BlockScope>,
    /// Labels of enclosing functions.
    pub(super) first_label: u32,
    /// Place of the last label: nothing before it may be merged with what follows.
    pub(super) last_target: u32,
    /// The first free register.
    pub(super) free_reg: u8,
    /// Registers taken by active locals.
    pub(super) active_regs: u8,
    /// Whether leaving it may have to close variables.
    pub(super) needs_close: bool,
    /// Register of a named vararg parameter.
    pub(super) vararg_reg: Option<Reg>,
    /// Whether the vararg parameter is used by its name.
    pub(super) vararg_used: bool,
    /// Line of the token passed last.
    pub(super) line: u32,
}

impl Compiler<'_> {
    /// Compiles the main function.
    pub(super) fn chunk(mut self) -> Step<ProtoDef> {
        let main = &self.ast.main;
        self.cur.proto.source = Some(Rc::clone(&self.source));
        self.cur.proto.is_vararg = true;
        self.cur.proto.max_stack = 2;
        self.cur.line = 1;
        self.enter_block(false);
        self.capture_env()?;
        self.statements(&main.body)?;
        self.close_function()?;
        Ok(self.cur.proto)
    }

    /// Compiles a nested function and emits the closure of it.
    pub(super) fn function(&mut self, body: &FuncBody) -> Step<ExprDesc> {
        self.open_function(body)?;
        self.statements(&body.body)?;
        self.cur.line = body.last_line;
        self.close_function()?;
        self.closure(body.last_line)
    }

    /// Starts a nested function. Apart from [`Self::function`], to keep the state off the stack while functions nest.
    #[inline(never)]
    fn open_function(&mut self, body: &FuncBody) -> Step<()> {
        let inner = FuncState {
            proto: ProtoDef {
                source: Some(Rc::clone(&self.source)),
                line_defined: body.line_defined,
                last_line: body.last_line,
                max_stack: 2,
                ..ProtoDef::default()
            },
            first_label: self.labels.len() as u32,
            line: body.line_defined,
            ..FuncState::default()
        };
        self.outer.push(std::mem::replace(&mut self.cur, inner));
        self.enter_block(false);
        self.parameters(body)?;
        self.cur.line = body.body.start_line;
        Ok(())
    }

    /// Goes back to the enclosing function and emits the closure of the one that ended on `line`.
    #[inline(never)]
    fn closure(&mut self, line: u32) -> Step<ExprDesc> {
        let outer =
            self.outer.pop().expect("the enclosing function was pushed when this one was opened");
        let inner = std::mem::replace(&mut self.cur, outer);
        self.meter.release(inner.const_index.capacity() * INDEX_ENTRY);
        let proto = inner.proto;
        self.cur.line = line;
        let Some(index) = u16::try_from(self.cur.proto.protos.len()).ok().filter(|&i| i < u16::MAX)
        else {
            return Err(self.list_full("functions", MAX_PROTOS));
        };
        self.meter.push(&mut self.cur.proto.protos, proto);
        let mut e = ExprDesc::new(Value::Reloc(self.emit(Insn::abx(Op::Closure, 0, index))));
        // Into a fresh register: at a collection here nothing above it is live.
        self.place_next(&mut e)?;
        Ok(e)
    }

    /// Declares the parameters.
    fn parameters(&mut self, body: &FuncBody) -> Step<()> {
        self.reserve(body.params.len())?;
        self.cur.proto.num_params = self.cur.free_reg;
        for &name in &body.params {
            self.add_local(name, VarKind::Regular);
        }
        self.cur.proto.is_vararg = body.is_vararg;
        if body.is_vararg && self.rules.named_vararg {
            let reg = self.reserve_one()?;
            match body.vararg_name {
                None => _ = self.add_hidden(Some(b"(vararg table)")),
                Some(name) => {
                    self.cur.vararg_reg = Some(reg);
                    self.emit_abc(Op::VarArgTab, reg.0, 0, 0);
                    self.add_local(name, VarKind::Const);
                }
            }
        }
        Ok(())
    }

    /// Ends the current function.
    fn close_function(&mut self) -> Step<()> {
        self.emit_return(Reg(0), Some(0));
        self.leave_block()?;
        self.finish();
        Ok(())
    }

    /// Emits a return of `count` values from `first`, or of all up to the top.
    pub(super) fn emit_return(&mut self, first: Reg, count: Option<usize>) {
        let (op, a, b) = match count {
            Some(0) => (Op::Return0, 0, 0),
            Some(1) => (Op::Return1, first.0, 0),
            Some(n) => (Op::Return, first.0, n as u8 + 1),
            None => (Op::Return, first.0, 0),
        };
        self.emit_abc(op, a, b, 0);
    }

    /// Settles what is known only at the end: kinds of return, where varargs are, targets of jumps to jumps.
    fn finish(&mut self) {
        let table = self.cur.vararg_reg.filter(|_| self.cur.vararg_used);
        if self.cur.vararg_reg.is_some() && table.is_none() {
            self.remove_first();
        }
        let close = u8::from(self.cur.needs_close);
        let special = self.cur.needs_close || self.cur.proto.is_vararg;
        for pc in 0..self.pc() {
            let insn = self.insn(pc);
            let new = match insn.op() {
                Some(Op::Return0) if special => Insn::abc(Op::ReturnX, 0, 1, close),
                Some(Op::Return1) if special => Insn::abc(Op::ReturnX, insn.a(), 2, close),
                Some(Op::Return) if special => Insn::abc(Op::ReturnX, insn.a(), insn.b(), close),
                Some(Op::TailCall) => insn.with_c(close),
                Some(Op::VarArg) => match table {
                    Some(Reg(reg)) => Insn::abc(Op::VarArgFrom, insn.a(), reg, insn.c()),
                    None => insn,
                },
                Some(Op::GetTable)
                    if table.is_none() && self.cur.vararg_reg == Some(Reg(insn.b())) =>
                {
                    Insn::abc(Op::GetVarg, insn.a(), 0, insn.c())
                }
                Some(Op::Jmp) => self.straight(pc, insn),
                _ => insn,
            };
            self.set_insn(pc, new);
        }
    }

    /// The jump at `pc` to where the jumps at its target lead.
    fn straight(&self, pc: u32, jump: Insn) -> Insn {
        let mut target = pc;
        let mut insn = jump;
        for _ in 0..MAX_JUMP_CHAIN {
            if !insn.is(Op::Jmp) {
                break;
            }
            target = target.wrapping_add_signed(insn.get_sj() + 1);
            insn = self.insn(target);
        }
        let offset = i64::from(target) - i64::from(pc) - 1;
        match i32::try_from(offset) {
            Ok(sj) if (MIN_SJ..=MAX_SJ).contains(&sj) => Insn::sj(Op::Jmp, sj),
            _ => jump,
        }
    }

    /// Takes the first instruction out; no jump leads to it.
    fn remove_first(&mut self) {
        self.cur.proto.code.remove(0);
        self.cur.proto.lines.remove(0);
        for local in &mut self.cur.proto.locals {
            local.start_pc = local.start_pc.saturating_sub(1);
            local.end_pc = local.end_pc.saturating_sub(1);
        }
    }
}
