//! Jumps and the lists of jumps that wait for a target.

use super::desc::{JumpList, NO_JUMP};
use super::{Compiler, Step};
use crate::bytecode::insn::{Insn, MAX_SJ, MIN_SJ};
use crate::bytecode::op::Op;
use crate::bytecode::operand::{Reg, is_condition};

/// Register of a [`Op::TestSet0`] that has none yet.
pub(super) const NO_REG: u8 = u8::MAX;

impl Compiler<'_> {
    /// Emits a jump without a target.
    pub(super) fn jump(&mut self) -> JumpList {
        JumpList::one(self.emit(Insn::sj(Op::Jmp, 0)))
    }

    /// Emits a condition and its jump; the jump's place is the result.
    pub(super) fn condition(&mut self, op: Op, a: u8, b: u8, c: u8) -> u32 {
        self.emit_abc(op, a, b, c);
        self.jump().head
    }

    /// Says that the next instruction may be jumped to, and where it will stand.
    pub(super) fn label_here(&mut self) -> u32 {
        self.cur.last_target = self.pc();
        self.cur.last_target
    }

    /// Gives the jump at `pc` the target `dest`.
    pub(super) fn fix_jump(&mut self, pc: u32, dest: u32) -> Step<()> {
        let offset = i64::from(dest) - (i64::from(pc) + 1);
        match i32::try_from(offset) {
            Ok(sj) if (MIN_SJ..=MAX_SJ).contains(&sj) => {
                self.set_insn(pc, Insn::sj(Op::Jmp, sj));
                Ok(())
            }
            _ => Err(self.too_long()),
        }
    }

    /// The jump after the one at `pc` in its list.
    fn next_jump(&self, pc: u32) -> u32 {
        match self.insn(pc).get_sj() {
            0 => NO_JUMP,
            distance => pc.wrapping_add_signed(distance),
        }
    }

    /// Appends the list `more` to `list`.
    pub(super) fn join(&mut self, list: &mut JumpList, more: JumpList) -> Step<()> {
        if more.is_empty() {
            return Ok(());
        }
        if list.is_empty() {
            *list = more;
            return Ok(());
        }
        let distance = i64::from(more.head) - i64::from(list.tail);
        match i32::try_from(distance) {
            Ok(link) if (MIN_SJ..=MAX_SJ).contains(&link) => {
                self.set_insn(list.tail, Insn::sj(Op::Jmp, link));
                list.tail = more.tail;
                Ok(())
            }
            _ => Err(self.too_long()),
        }
    }

    /// Place of the condition that the jump at `pc` belongs to, or `pc` itself.
    pub(super) fn jump_control(&self, pc: u32) -> u32 {
        match pc.checked_sub(1) {
            Some(before) if self.insn(before).op().is_some_and(is_condition) => before,
            _ => pc,
        }
    }

    /// Whether the jump at `pc` leaves a value that its condition stores.
    fn stores_value(&self, pc: u32) -> bool {
        let control = self.insn(self.jump_control(pc));
        control.is(Op::TestSet0) || control.is(Op::TestSet1)
    }

    /// Makes the condition of the jump at `pc` store its value in `reg`, or store nothing. False if it has no value.
    fn set_test_reg(&mut self, pc: u32, reg: Option<Reg>) -> bool {
        if !self.stores_value(pc) {
            return false;
        }
        let at = self.jump_control(pc);
        let test = self.insn(at);
        let new = match reg {
            Some(Reg(r)) if r != test.b() => test.with_a(r),
            _ => {
                let op = if test.is(Op::TestSet1) { Op::Test1 } else { Op::Test0 };
                Insn::abc(op, test.b(), 0, 0)
            }
        };
        self.set_insn(at, new);
        true
    }

    /// Makes no jump of a list leave a value.
    pub(super) fn drop_values(&mut self, list: JumpList) {
        let mut pc = list.head;
        while pc != NO_JUMP {
            self.set_test_reg(pc, None);
            pc = self.next_jump(pc);
        }
    }

    /// Whether some jump of a list does not leave a value.
    pub(super) fn needs_value(&self, list: JumpList) -> bool {
        let mut pc = list.head;
        while pc != NO_JUMP {
            if !self.stores_value(pc) {
                return true;
            }
            pc = self.next_jump(pc);
        }
        false
    }

    /// Targets a list: jumps that leave a value put it in `reg` and go to `with_value`, others to `without`.
    pub(super) fn patch_values(
        &mut self,
        list: JumpList,
        reg: Option<Reg>,
        with_value: u32,
        without: u32,
    ) -> Step<()> {
        let mut pc = list.head;
        while pc != NO_JUMP {
            let next = self.next_jump(pc);
            let dest = if self.set_test_reg(pc, reg) { with_value } else { without };
            self.fix_jump(pc, dest)?;
            pc = next;
        }
        Ok(())
    }

    /// Targets a list.
    pub(super) fn patch(&mut self, list: JumpList, target: u32) -> Step<()> {
        self.patch_values(list, None, target, target)
    }

    /// Targets a list at the next instruction.
    pub(super) fn patch_here(&mut self, list: JumpList) -> Step<()> {
        let here = self.label_here();
        self.patch(list, here)
    }
}
