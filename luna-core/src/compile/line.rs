//! Emitting instructions, each with its line.
//!
//! `cur.line` is the line of the token that a single-pass parser would have consumed last. The walk sets it where tokens
//! are passed; an instruction gets it when emitted, and some are corrected right after.

use super::Compiler;
use crate::bytecode::insn::Insn;
use crate::bytecode::op::Op;

impl Compiler<'_> {
    /// Appends an instruction and says where it stands.
    pub(super) fn emit(&mut self, insn: Insn) -> u32 {
        let pc = self.pc();
        self.meter.push(&mut self.cur.proto.code, insn.0);
        self.meter.push(&mut self.cur.proto.lines, self.cur.line);
        pc
    }

    /// Appends an instruction of three bytes.
    pub(super) fn emit_abc(&mut self, op: Op, a: u8, b: u8, c: u8) -> u32 {
        self.emit(Insn::abc(op, a, b, c))
    }

    /// Place of the next instruction.
    pub(super) fn pc(&self) -> u32 {
        self.cur.proto.code.len() as u32
    }

    /// The instruction at `pc`.
    pub(super) fn insn(&self, pc: u32) -> Insn {
        Insn(self.cur.proto.code[pc as usize])
    }

    /// Replaces the instruction at `pc`.
    pub(super) fn set_insn(&mut self, pc: u32, insn: Insn) {
        self.cur.proto.code[pc as usize] = insn.0;
    }

    /// Gives the last instruction the line `line`.
    pub(super) fn fix_line(&mut self, line: u32) {
        if let Some(last) = self.cur.proto.lines.last_mut() {
            *last = line;
        }
    }

    /// Takes the last instruction back.
    pub(super) fn remove_last(&mut self) {
        self.cur.proto.code.pop();
        self.cur.proto.lines.pop();
    }

    /// The last instruction, unless a jump may lead to the next one.
    pub(super) fn previous(&self) -> Option<Insn> {
        if self.pc() > self.cur.last_target {
            self.cur.proto.code.last().copied().map(Insn)
        } else {
            None
        }
    }
}
