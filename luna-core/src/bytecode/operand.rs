//! What the fields of an instruction mean, read off the op table.

use super::insn::Insn;
use super::op::{Op, for_each_op};

/// A register, counted from the frame's base.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Reg(pub(crate) u8);

/// Index of a constant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ConstIndex(pub(crate) u32);

/// Index of an upvalue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Upval(pub(crate) u8);

/// One operand of an instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operand {
    /// A register.
    Reg(Reg),
    /// A constant of any type.
    Const(ConstIndex),
    /// A constant that is a short string.
    ShortStr(ConstIndex),
    /// A constant that is a number.
    Number(ConstIndex),
    /// An upvalue.
    Upval(Upval),
    /// A nested prototype.
    Proto(u16),
    /// An unsigned number.
    Unsigned(u32),
    /// A signed number.
    Signed(i32),
    /// Nothing; the field is 0.
    Unused(u32),
}

/// Where an instruction keeps its operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// Three bytes.
    Abc,
    /// A byte and a half-word.
    Abx,
    /// One signed number of 24 bits.
    Sj,
    /// One unsigned number of 24 bits.
    Ax,
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Reg,
    Const,
    ShortStr,
    Number,
    Upval,
    Proto,
    Unsigned,
    Signed,
    Unused,
}

macro_rules! field {
    (R) => {
        Field::Reg
    };
    (K) => {
        Field::Const
    };
    (KS) => {
        Field::ShortStr
    };
    (KN) => {
        Field::Number
    };
    (U) => {
        Field::Upval
    };
    (P) => {
        Field::Proto
    };
    (I) => {
        Field::Unsigned
    };
    (S) => {
        Field::Signed
    };
    (_) => {
        Field::Unused
    };
}

macro_rules! layout {
    (abc) => {
        Layout::Abc
    };
    (abx) => {
        Layout::Abx
    };
    (sj) => {
        Layout::Sj
    };
    (ax) => {
        Layout::Ax
    };
}

macro_rules! define_forms {
    ($($name:ident $form:ident($($field:tt)*) $effect:ident $doc:literal;)*) => {
        /// The operand form of `op`.
        fn form(op: Op) -> (Layout, &'static [Field]) {
            match op { $(Op::$name => (layout!($form), &[$(field!($field)),*]),)* }
        }
    };
}
for_each_op!(define_forms);

/// A field's meaning, given its bits as an unsigned and as a signed number.
fn operand(field: Field, bits: u32, signed: i32) -> Operand {
    match field {
        Field::Reg => Operand::Reg(Reg(bits as u8)),
        Field::Const => Operand::Const(ConstIndex(bits)),
        Field::ShortStr => Operand::ShortStr(ConstIndex(bits)),
        Field::Number => Operand::Number(ConstIndex(bits)),
        Field::Upval => Operand::Upval(Upval(bits as u8)),
        Field::Proto => Operand::Proto(bits as u16),
        Field::Unsigned => Operand::Unsigned(bits),
        Field::Signed => Operand::Signed(signed),
        Field::Unused => Operand::Unused(bits),
    }
}

/// The operands of `insn`, whose op is `op`, in field order; absent ones are `Unused(0)`.
pub(crate) fn operands(op: Op, insn: Insn) -> [Operand; 3] {
    let (layout, fields) = form(op);
    let bits: [(u32, i32); 3] = match layout {
        Layout::Abc => [
            (u32::from(insn.a()), 0),
            (u32::from(insn.b()), i32::from(insn.sb())),
            (u32::from(insn.c()), i32::from(insn.sc())),
        ],
        Layout::Abx => {
            [(u32::from(insn.a()), 0), (u32::from(insn.bx()), i32::from(insn.sbx())), (0, 0)]
        }
        Layout::Sj => [(0, insn.get_sj()), (0, 0), (0, 0)],
        Layout::Ax => [(insn.get_ax(), 0), (0, 0), (0, 0)],
    };
    let mut out = [Operand::Unused(0); 3];
    for (slot, (&field, (unsigned, signed))) in out.iter_mut().zip(fields.iter().zip(bits)) {
        *slot = operand(field, unsigned, signed);
    }
    out
}

/// Whether `op` is a condition, which the next word's jump belongs to.
pub(crate) fn is_condition(op: Op) -> bool {
    matches!(
        op,
        Op::Eq0
            | Op::Eq1
            | Op::Lt0
            | Op::Lt1
            | Op::Le0
            | Op::Le1
            | Op::EqK0
            | Op::EqK1
            | Op::EqI0
            | Op::EqI1
            | Op::LtI0
            | Op::LtI1
            | Op::LeI0
            | Op::LeI1
            | Op::GtI0
            | Op::GtI1
            | Op::GeI0
            | Op::GeI1
            | Op::Test0
            | Op::Test1
            | Op::TestSet0
            | Op::TestSet1
    )
}

/// Whether `op` stores into a table.
pub(crate) fn is_table_store(op: Op) -> bool {
    matches!(
        op,
        Op::SetTabUp
            | Op::SetTabUpK
            | Op::SetTable
            | Op::SetTableK
            | Op::SetI
            | Op::SetIK
            | Op::SetField
            | Op::SetFieldK
    )
}

/// Whether the next word holds an operand of `op`.
pub(crate) fn has_extra_word(op: Op) -> bool {
    matches!(op, Op::LoadKX | Op::NewTableX | Op::SetListX)
}

/// The condition that takes its jump when `op` does not.
pub(crate) fn negated(op: Op) -> Op {
    match op {
        Op::Eq0 => Op::Eq1,
        Op::Eq1 => Op::Eq0,
        Op::Lt0 => Op::Lt1,
        Op::Lt1 => Op::Lt0,
        Op::Le0 => Op::Le1,
        Op::Le1 => Op::Le0,
        Op::EqK0 => Op::EqK1,
        Op::EqK1 => Op::EqK0,
        Op::EqI0 => Op::EqI1,
        Op::EqI1 => Op::EqI0,
        Op::LtI0 => Op::LtI1,
        Op::LtI1 => Op::LtI0,
        Op::LeI0 => Op::LeI1,
        Op::LeI1 => Op::LeI0,
        Op::GtI0 => Op::GtI1,
        Op::GtI1 => Op::GtI0,
        Op::GeI0 => Op::GeI1,
        Op::GeI1 => Op::GeI0,
        Op::Test0 => Op::Test1,
        Op::Test1 => Op::Test0,
        Op::TestSet0 => Op::TestSet1,
        Op::TestSet1 => Op::TestSet0,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_condition_has_its_opposite() {
        for &op in Op::ALL {
            assert_eq!(is_condition(op), negated(op) != op, "{op:?}");
            assert_eq!(negated(negated(op)), op);
        }
    }

    #[test]
    fn operands_follow_the_table() {
        let i = Insn::abc(Op::GetTabUp, 3, 1, 9);
        let expected =
            [Operand::Reg(Reg(3)), Operand::Upval(Upval(1)), Operand::ShortStr(ConstIndex(9))];
        assert_eq!(operands(Op::GetTabUp, i), expected);
        let j = operands(Op::Jmp, Insn::sj(Op::Jmp, -5));
        assert_eq!(j, [Operand::Signed(-5), Operand::Unused(0), Operand::Unused(0)]);
        let f = operands(Op::LoadI, Insn::asbx(Op::LoadI, 2, -3));
        assert_eq!(f[1], Operand::Signed(-3));
    }
}
