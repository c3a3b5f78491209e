//! Checks that look at one instruction and its neighbours.

use super::{Check, VerifyError, require, require_at};
use crate::bytecode::insn::Insn;
use crate::bytecode::op::Op;
use crate::bytecode::operand::{
    ConstIndex, Operand, Reg, Upval, has_extra_word, is_condition, operands,
};
use crate::bytecode::proto::{Const, ProtoDef};

/// Longest string that may be a key operand.
const MAX_SHORT_STRING: usize = 40;
/// Largest size hint for the node part of a new table.
const MAX_NODE_HINT: u8 = 25;

/// The instructions that jumps lead to.
#[derive(Debug)]
pub(super) struct JumpTargets {
    /// One bit per instruction.
    bits: Vec<u64>,
}

impl JumpTargets {
    /// No targets yet, for `len` instructions.
    fn new(len: usize) -> JumpTargets {
        JumpTargets { bits: vec![0; len.div_ceil(64)] }
    }

    /// Adds a target.
    fn add(&mut self, pc: usize) {
        self.bits[pc / 64] |= 1 << (pc % 64);
    }

    /// Whether a jump leads to `pc`.
    pub(super) fn has(&self, pc: usize) -> bool {
        self.bits.get(pc / 64).is_some_and(|word| word >> (pc % 64) & 1 == 1)
    }
}

/// A function with what its checks need to know.
#[derive(Clone, Copy, Debug)]
struct Words<'p> {
    /// The function.
    proto: &'p ProtoDef,
    /// Whether leaving it may have to close variables.
    needs_close: bool,
}

/// Where the instruction `insn` at `pc` may lead other than to the next one, as far as this is one place.
pub(super) fn jump_target(op: Op, insn: Insn, pc: usize) -> Option<i64> {
    let next = pc as i64 + 1;
    let bx = i64::from(insn.bx());
    match op {
        Op::Jmp => Some(next + i64::from(insn.get_sj())),
        Op::ForPrep => Some(next + bx + 1),
        Op::TForPrep => Some(next + bx),
        Op::ForLoop | Op::TForLoop => Some(next - bx),
        Op::LFalseSkip => Some(next + 1),
        _ => None,
    }
}

/// Checks the instructions of a function.
pub(super) fn check(proto: &ProtoDef) -> Result<JumpTargets, VerifyError> {
    let captures = proto.protos.iter().any(|p| p.upvals.iter().any(|up| up.in_stack));
    let marks = proto.code.iter().any(|&w| Insn(w).is(Op::Tbc) || Insn(w).is(Op::TForPrep));
    let words = Words { proto, needs_close: captures || marks };
    let mut targets = JumpTargets::new(proto.code.len());
    for (pc, &word) in proto.code.iter().enumerate() {
        let insn = Insn(word);
        let Some(op) = insn.op() else {
            return Err(VerifyError { pc: Some(pc), reason: "unknown instruction" });
        };
        words.fields(pc, op, insn)?;
        words.implied(pc, op, insn)?;
        words.context(pc, op, insn)?;
        words.neighbours(pc, op, insn)?;
        if let Some(target) = jump_target(op, insn, pc) {
            let inside = usize::try_from(target)
                .is_ok_and(|t| t < proto.code.len() && !words.is(t, Op::ExtraArg));
            require_at(inside, pc, "jump to no instruction")?;
            targets.add(target as usize);
        }
    }
    let last = proto.code.last().and_then(|&w| Insn(w).op());
    let returns = matches!(last, Some(Op::Return | Op::Return0 | Op::Return1 | Op::ReturnX));
    require(returns, "code does not end in a return")?;
    words.open_lists(&targets)?;
    Ok(targets)
}

impl Words<'_> {
    /// The instruction at `pc`, if there is one.
    fn at(&self, pc: usize) -> Option<Insn> {
        self.proto.code.get(pc).copied().map(Insn)
    }

    /// Whether the instruction at `pc` exists and is `op`.
    fn is(&self, pc: usize, op: Op) -> bool {
        self.at(pc).is_some_and(|insn| insn.is(op))
    }

    /// Checks the operands that the op table names.
    fn fields(&self, pc: usize, op: Op, insn: Insn) -> Check {
        let constant = |ConstIndex(k): ConstIndex| self.proto.consts.get(k as usize);
        for operand in operands(op, insn) {
            let (ok, reason) = match operand {
                Operand::Reg(Reg(r)) => (r < self.proto.max_stack, "register outside of the frame"),
                Operand::Const(k) => (constant(k).is_some(), "constant does not exist"),
                Operand::ShortStr(k) => {
                    let short =
                        matches!(constant(k), Some(Const::Str(s)) if s.len() <= MAX_SHORT_STRING);
                    (short, "key is not a short string")
                }
                Operand::Number(k) => (
                    matches!(constant(k), Some(Const::Int(_) | Const::Float(_))),
                    "constant is not a number",
                ),
                Operand::Upval(Upval(u)) => {
                    (usize::from(u) < self.proto.upvals.len(), "upvalue does not exist")
                }
                Operand::Proto(p) => {
                    (usize::from(p) < self.proto.protos.len(), "function does not exist")
                }
                Operand::Unsigned(_) | Operand::Signed(_) => (true, ""),
                Operand::Unused(bits) => (bits == 0, "unused field is not 0"),
            };
            require_at(ok, pc, reason)?;
        }
        Ok(())
    }

    /// Checks the registers that an instruction uses without naming each, and the range of its counts.
    fn implied(&self, pc: usize, op: Op, insn: Insn) -> Check {
        let [a, b, c] = [insn.a(), insn.b(), insn.c()].map(usize::from);
        let (last, count_ok) = match op {
            Op::LoadNil => (a + b, true),
            Op::SelfK => (a + 1, true),
            Op::Concat => (a + b.saturating_sub(1), b >= 2),
            Op::ForPrep | Op::ForLoop | Op::TForPrep => (a + 3, true),
            Op::TForCall => ((a + 6).max(a + c + 2), c >= 2),
            Op::TForLoop => (a + 4, true),
            Op::Call => ((a + b.saturating_sub(1)).max(a + c.saturating_sub(2)), true),
            Op::TailCall => (a + b.saturating_sub(1), c <= 1),
            Op::Return => (a + b.saturating_sub(2), true),
            Op::ReturnX => (a + b.saturating_sub(2), c <= 1),
            Op::SetList | Op::SetListX => (a + b, true),
            Op::VarArg | Op::VarArgFrom => (a + c.saturating_sub(2), true),
            Op::NewTable | Op::NewTableX => (a, insn.b() <= MAX_NODE_HINT),
            Op::LtI0
            | Op::LtI1
            | Op::LeI0
            | Op::LeI1
            | Op::GtI0
            | Op::GtI1
            | Op::GeI0
            | Op::GeI1 => (a, c <= 1),
            _ => (0, true),
        };
        require_at(count_ok, pc, "count out of range")?;
        require_at(last < usize::from(self.proto.max_stack), pc, "registers outside of the frame")
    }

    /// Checks that an instruction fits the kind of function.
    fn context(&self, pc: usize, op: Op, insn: Insn) -> Check {
        let closes = !self.needs_close || insn.c() == 1;
        match op {
            Op::Return | Op::Return0 | Op::Return1 => {
                let plain = !self.proto.is_vararg && !self.needs_close;
                require_at(plain, pc, "plain return from a function that has more to do")
            }
            Op::ReturnX | Op::TailCall => require_at(closes, pc, "return leaves variables open"),
            Op::VarArg | Op::VarArgTab | Op::VarArgFrom | Op::GetVarg => {
                require_at(self.proto.is_vararg, pc, "function has no varargs")
            }
            _ => Ok(()),
        }
    }

    /// Checks that instructions which belong together stand together.
    fn neighbours(&self, pc: usize, op: Op, insn: Insn) -> Check {
        if is_condition(op) {
            return require_at(self.is(pc + 1, Op::Jmp), pc, "condition without its jump");
        }
        if has_extra_word(op) {
            let ok = match self.at(pc + 1) {
                Some(extra) if extra.is(Op::ExtraArg) => {
                    op != Op::LoadKX || (extra.get_ax() as usize) < self.proto.consts.len()
                }
                _ => false,
            };
            return require_at(ok, pc, "bad second word");
        }
        let before = |back: usize| pc.checked_sub(back).and_then(|at| self.at(at));
        let same = |pc: usize, op: Op| self.at(pc).is_some_and(|i| i.is(op) && i.a() == insn.a());
        let bx = usize::from(insn.bx());
        match op {
            Op::ExtraArg => {
                let owned = before(1).and_then(Insn::op).is_some_and(has_extra_word);
                require_at(owned, pc, "second word without a first")
            }
            Op::ForPrep => {
                let end = pc + 1 + bx;
                let back = self.at(end).is_some_and(|i| usize::from(i.bx()) == bx + 1);
                require_at(same(end, Op::ForLoop) && back, pc, "loop without its end")
            }
            Op::ForLoop => {
                // The start is the instruction before the one that is gone back to.
                let start = (pc + 1).checked_sub(bx + 1);
                let ok = start.is_some_and(|s| same(s, Op::ForPrep) && self.forward(s) == Some(pc));
                require_at(ok, pc, "loop without its start")
            }
            Op::TForPrep => {
                let call = pc + 1 + bx;
                let back = self.at(call + 1).is_some_and(|i| usize::from(i.bx()) == bx + 2);
                let ok = same(call, Op::TForCall) && same(call + 1, Op::TForLoop) && back;
                require_at(ok, pc, "loop without its end")
            }
            Op::TForCall => {
                require_at(same(pc + 1, Op::TForLoop), pc, "call of an iterator without its loop")
            }
            Op::TForLoop => {
                let start = (pc + 1).checked_sub(bx + 1);
                let ok =
                    start.is_some_and(|s| same(s, Op::TForPrep) && self.forward(s) == Some(pc - 1));
                require_at(
                    ok && before(1).is_some_and(|i| i.is(Op::TForCall)),
                    pc,
                    "loop without its start",
                )
            }
            _ => Ok(()),
        }
    }

    /// Where the start of a loop at `pc` says that its end is.
    fn forward(&self, pc: usize) -> Option<usize> {
        Some(pc + 1 + usize::from(self.at(pc)?.bx()))
    }

    /// Checks that each open list of values is made by one instruction and used up by the next one.
    fn open_lists(&self, targets: &JumpTargets) -> Check {
        let mut open: Option<u8> = None;
        for (pc, &word) in self.proto.code.iter().enumerate() {
            let insn = Insn(word);
            let first = match insn.op() {
                Some(Op::Call | Op::TailCall | Op::SetList | Op::SetListX) if insn.b() == 0 => {
                    Some(insn.a() + 1)
                }
                Some(Op::Return | Op::ReturnX) if insn.b() == 0 => Some(insn.a()),
                _ => None,
            };
            match (open, first) {
                (Some(made), Some(used)) => {
                    require_at(
                        made >= used && !targets.has(pc),
                        pc,
                        "open list is not what came before",
                    )?;
                }
                (None, None) => {}
                (Some(_), None) => return require_at(false, pc, "open list is not used"),
                (None, Some(_)) => return require_at(false, pc, "no open list to use"),
            }
            open = match insn.op() {
                Some(Op::Call | Op::VarArg | Op::VarArgFrom) if insn.c() == 0 => Some(insn.a()),
                _ => None,
            };
        }
        Ok(())
    }
}
