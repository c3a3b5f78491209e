//! Checks that follow control: what holds at an instruction on every way to it.
//!
//! The code is swept in order, with the state at each jump target kept and joined, until jumps backwards add nothing.
//! States only get weaker, so a fault found in any sweep is one.

use super::regset::RegSet;
use super::words::{JumpTargets, jump_target};
use super::{Check, require_at};
use crate::bytecode::insn::Insn;
use crate::bytecode::op::Op;
use crate::bytecode::operand::is_condition;
use crate::bytecode::proto::ProtoDef;

/// What is known at some place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct State {
    /// Registers that certainly have a value of this function's.
    written: RegSet,
    /// First registers of numeric loops that are certainly started, their state untouched.
    loops: RegSet,
    /// Registers that may be marked to be closed.
    marked: RegSet,
    /// Registers that may be captured by a closure.
    captured: RegSet,
}

impl State {
    /// What holds whichever of two states is the case.
    fn join(self, other: State) -> State {
        State {
            written: self.written.common(other.written),
            loops: self.loops.common(other.loops),
            marked: self.marked.union(other.marked),
            captured: self.captured.union(other.captured),
        }
    }
}

/// What an instruction does to registers.
#[derive(Clone, Copy, Debug, Default)]
struct Effect {
    /// Those it reads.
    reads: RegSet,
    /// Those it gives a value.
    writes: RegSet,
    /// Those it leaves without a defined value.
    spoils: RegSet,
}

/// One register.
fn one(r: u8) -> RegSet {
    RegSet::range(r, 1)
}

/// Two registers.
fn two(a: u8, b: u8) -> RegSet {
    one(a).union(one(b))
}

/// The effect of reading and of writing.
fn effect(reads: RegSet, writes: RegSet) -> Effect {
    Effect { reads, writes, spoils: RegSet::default() }
}

/// The effect of `insn` on registers where it goes on to the next instruction. `open` is where an open list starts that
/// it uses up.
fn effect_of(op: Op, insn: Insn, open: u8) -> Effect {
    use Op as O;
    let none = RegSet::default();
    let (a, b, c) = (insn.a(), insn.b(), insn.c());
    match op {
        O::LoadI | O::LoadF | O::LoadK | O::LoadKX | O::LoadFalse | O::LFalseSkip | O::LoadTrue => {
            effect(none, one(a))
        }
        O::LoadNil => effect(none, RegSet::range(a, usize::from(b) + 1)),
        O::GetUpval | O::GetTabUp | O::NewTable | O::NewTableX | O::VarArgTab | O::Closure => {
            effect(none, one(a))
        }
        O::SetUpval | O::SetIK | O::SetFieldK | O::Tbc | O::ErrNNil | O::Return1 => {
            effect(one(a), none)
        }
        O::SetTabUp => effect(one(c), none),
        O::SetTabUpK | O::Close | O::Jmp | O::Return0 | O::ExtraArg => effect(none, none),
        O::Move | O::GetI | O::GetField | O::Unm | O::BNot | O::Not | O::Len => {
            effect(one(b), one(a))
        }
        O::AddI | O::IAdd | O::SubI | O::ShlI | O::IShl | O::ShrI => effect(one(b), one(a)),
        O::AddK | O::KAdd | O::SubK | O::KSub | O::MulK | O::KMul | O::ModK | O::PowK => {
            effect(one(b), one(a))
        }
        O::DivK | O::KDiv | O::IDivK | O::BAndK | O::BOrK | O::BXorK => effect(one(b), one(a)),
        O::GetTable | O::Add | O::Sub | O::Mul | O::Mod | O::Pow | O::Div | O::IDiv => {
            effect(two(b, c), one(a))
        }
        O::BAnd | O::BOr | O::BXor | O::Shl | O::Shr => effect(two(b, c), one(a)),
        O::SetTable => effect(two(a, b).union(one(c)), none),
        O::SetTableK => effect(two(a, b), none),
        O::SetI | O::SetField => effect(two(a, c), none),
        O::SelfK => effect(one(b), two(a, a + 1)),
        O::Eq0 | O::Eq1 | O::Lt0 | O::Lt1 | O::Le0 | O::Le1 => effect(two(a, b), none),
        O::EqK0 | O::EqK1 | O::EqI0 | O::EqI1 | O::LtI0 | O::LtI1 | O::LeI0 | O::LeI1 => {
            effect(one(a), none)
        }
        O::GtI0 | O::GtI1 | O::GeI0 | O::GeI1 | O::Test0 | O::Test1 => effect(one(a), none),
        O::TestSet0 | O::TestSet1 => effect(one(b), none),
        O::TailCall => effect(one(a).union(list(a + 1, b, open)), none),
        O::Return | O::ReturnX => effect(list(a, b, open), none),
        O::ForPrep => effect(RegSet::range(a, 3), RegSet::range(a, 4)),
        O::ForLoop => effect(RegSet::range(a, 3), RegSet::range(a, 3)),
        O::TForPrep => effect(RegSet::range(a, 4), none),
        O::TForLoop => effect(one(a + 4), none),
        O::VarArg => effect(none, results(a, c)),
        O::GetVarg => effect(one(c), one(a)),
        O::VarArgFrom => effect(one(b), results(a, c)),
        O::Concat | O::Call | O::TForCall | O::SetList | O::SetListX => {
            window_effect(op, insn, open)
        }
    }
}

/// The effect of an instruction that works on a window of registers.
fn window_effect(op: Op, insn: Insn, open: u8) -> Effect {
    let (a, b, c) = (insn.a(), insn.b(), insn.c());
    let (reads, writes, spoils) = match op {
        Op::Concat => (RegSet::range(a, usize::from(b)), one(a), RegSet::range(a, usize::from(b))),
        Op::Call => (one(a).union(list(a + 1, b, open)), results(a, c), RegSet::from(a)),
        Op::TForCall => (RegSet::range(a, 3), results(a + 4, c), RegSet::from(a + 4)),
        _ => {
            let count = if b == 0 { 0 } else { b + 1 };
            (one(a).union(list(a + 1, count, open)), RegSet::default(), RegSet::default())
        }
    };
    Effect { reads, writes, spoils: spoils.without(writes) }
}

/// The registers of a list at `first`: `count` less one, or with 0 those up to `open`, where the rest of it starts.
fn list(first: u8, count: u8, open: u8) -> RegSet {
    let length = if count == 0 { open.saturating_sub(first) } else { count - 1 };
    RegSet::range(first, usize::from(length))
}

/// The registers of results at `first`: `count` less one; with 0 they are an open list.
fn results(first: u8, count: u8) -> RegSet {
    RegSet::range(first, usize::from(count.saturating_sub(1)))
}

/// The sweep over a function.
#[derive(Debug)]
struct Flow<'p> {
    /// The function.
    proto: &'p ProtoDef,
    /// Which instructions are jumped to.
    jumps: &'p JumpTargets,
    /// For each jump target in order: its place, and its state once something leads there.
    targets: Vec<(usize, Option<State>)>,
    /// Whether a state changed that has been passed already.
    again: bool,
}

/// Checks the flow of a function whose words are sound.
pub(super) fn check(proto: &ProtoDef, jumps: &JumpTargets) -> Check {
    let targets = (0..proto.code.len()).filter(|&pc| jumps.has(pc)).map(|pc| (pc, None)).collect();
    let mut flow = Flow { proto, jumps, targets, again: true };
    while flow.again {
        flow.again = false;
        flow.sweep()?;
    }
    Ok(())
}

impl Flow<'_> {
    /// Goes over the code once.
    fn sweep(&mut self) -> Check {
        let mut state = Some(State {
            written: RegSet::below(self.proto.num_params),
            loops: RegSet::default(),
            marked: RegSet::default(),
            captured: RegSet::default(),
        });
        let (mut next_target, mut open) = (0, 0);
        let mut pc = 0;
        while let Some(&word) = self.proto.code.get(pc) {
            if self.jumps.has(pc) {
                let known = &mut self.targets[next_target].1;
                next_target += 1;
                *known = match (*known, state) {
                    (Some(a), Some(b)) => Some(a.join(b)),
                    (a, b) => a.or(b),
                };
                state = *known;
            }
            let insn = Insn(word);
            if let (Some(before), Some(op)) = (state, insn.op()) {
                state = self.step(pc, op, insn, before, open)?;
                open = insn.a();
                if is_condition(op) {
                    // The jump after it is part of it. It may be a target, but then it is a plain jump.
                    pc += 1;
                    if self.jumps.has(pc) {
                        self.jump_alone(pc, next_target);
                        next_target += 1;
                    }
                }
            }
            pc += 1;
        }
        Ok(())
    }

    /// Follows the jump at `pc`, which belongs to a condition but is also led to from elsewhere.
    fn jump_alone(&mut self, pc: usize, target: usize) {
        if let Some(state) = self.targets[target].1 {
            self.follow(pc, pc, state);
        }
    }

    /// Joins `state` into the target of the jump at `jump`, which the instruction at `pc` takes.
    fn follow(&mut self, pc: usize, jump: usize, state: State) {
        let insn = Insn(self.proto.code[jump]);
        let Some(target) = insn.op().and_then(|op| jump_target(op, insn, jump)) else { return };
        let target = target as usize;
        let Ok(slot) = self.targets.binary_search_by_key(&target, |t| t.0) else { return };
        let known = &mut self.targets[slot].1;
        let joined = known.map_or(state, |k| k.join(state));
        if *known != Some(joined) {
            *known = Some(joined);
            self.again |= target <= pc;
        }
    }

    /// Checks an instruction and says what holds after it, if it can go on to the next one. Where it jumps, the state goes
    /// to the target.
    fn step(
        &mut self,
        pc: usize,
        op: Op,
        insn: Insn,
        before: State,
        open: u8,
    ) -> Result<Option<State>, super::VerifyError> {
        let a = insn.a();
        let effect = effect_of(op, insn, open);
        require_at(
            before.written.contains(effect.reads),
            pc,
            "register is read before it is written",
        )?;
        let mut after = touch(pc, before, effect)?;
        match op {
            Op::Closure => after.captured = after.captured.union(self.captures(pc, insn, before)?),
            Op::Tbc => after.marked = mark(pc, after.marked, a)?,
            Op::Close => {
                after.marked = after.marked.without(RegSet::from(a));
                after.captured = after.captured.without(RegSet::from(a));
            }
            Op::Call | Op::TailCall | Op::TForCall => {
                let window = RegSet::from(if op == Op::TForCall { a + 4 } else { a });
                let free = before.captured.common(window).is_empty();
                require_at(free, pc, "call over captured registers")?;
                if op == Op::TailCall {
                    require_at(
                        before.marked.is_empty(),
                        pc,
                        "tail call leaves variables to close",
                    )?;
                    return Ok(None);
                }
            }
            Op::ForPrep => {
                self.follow(pc, pc, State { written: before.written, ..after });
                after.loops = after.loops.union(one(a));
            }
            Op::ForLoop => {
                require_at(before.loops.contains(one(a)), pc, "loop that was not started")?;
                let mut again = touch(pc, before, effect_of(Op::ForPrep, insn, 0))?;
                again.loops = again.loops.union(one(a));
                self.follow(pc, pc, again);
            }
            Op::TForPrep => {
                after.marked = mark(pc, after.marked, a + 3)?;
                self.follow(pc, pc, after);
                return Ok(None);
            }
            Op::TForLoop => {
                let step = effect_of(Op::LoadK, insn.with_a(a + 2), 0);
                self.follow(pc, pc, touch(pc, before, step)?);
            }
            Op::Jmp | Op::LFalseSkip => {
                self.follow(pc, pc, after);
                return Ok(None);
            }
            Op::TestSet0 | Op::TestSet1 => {
                self.follow(pc, pc + 1, touch(pc, before, effect_of(Op::LoadK, insn, 0))?);
            }
            Op::Return | Op::Return0 | Op::Return1 | Op::ReturnX => return Ok(None),
            _ if is_condition(op) => self.follow(pc, pc + 1, after),
            _ => {}
        }
        Ok(Some(after))
    }

    /// The registers that the closure made at `pc` captures.
    fn captures(&self, pc: usize, insn: Insn, before: State) -> Result<RegSet, super::VerifyError> {
        let mut captured = RegSet::default();
        for up in &self.proto.protos[usize::from(insn.bx())].upvals {
            if up.in_stack {
                captured = captured.union(one(up.index));
            }
        }
        // A function may capture the variable that it is about to be put in.
        let known = before.written.union(one(insn.a()));
        require_at(known.contains(captured), pc, "register is captured before it is written")?;
        Ok(captured)
    }
}

/// The state after registers were written and spoiled.
fn touch(pc: usize, before: State, effect: Effect) -> Result<State, super::VerifyError> {
    let touched = effect.writes.union(effect.spoils);
    require_at(
        before.marked.common(touched).is_empty(),
        pc,
        "variable to be closed is overwritten",
    )?;
    // A loop's state is its first register and the two after it.
    let mut loops = before.loops;
    for distance in 0..3 {
        loops = loops.without(touched.shifted_down(distance));
    }
    Ok(State {
        written: before.written.without(effect.spoils).union(effect.writes),
        loops,
        ..before
    })
}

/// Marks a register to be closed. Those above it must have been closed.
fn mark(pc: usize, marked: RegSet, reg: u8) -> Result<RegSet, super::VerifyError> {
    let ordered = marked.common(RegSet::from(reg)).is_empty();
    require_at(ordered, pc, "variable to be closed is marked out of order")?;
    Ok(marked.union(one(reg)))
}
