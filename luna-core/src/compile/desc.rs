//! Descriptions of expressions whose value may not be in a register yet.

use crate::bytecode::operand::{ConstIndex, Reg, Upval};
use crate::syntax::ast::StrId;

/// End of a list of jumps.
pub(super) const NO_JUMP: u32 = u32::MAX;

/// A list of jumps that will get the same target. The links are kept in the jumps' own offsets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct JumpList {
    /// The first jump, or [`NO_JUMP`].
    pub(super) head: u32,
    /// The last jump.
    pub(super) tail: u32,
}

impl JumpList {
    /// The list of no jumps.
    pub(super) const EMPTY: JumpList = JumpList { head: NO_JUMP, tail: NO_JUMP };

    /// The list of the jump at `pc`.
    pub(super) fn one(pc: u32) -> JumpList {
        JumpList { head: pc, tail: pc }
    }

    /// Whether it has no jump.
    pub(super) fn is_empty(self) -> bool {
        self.head == NO_JUMP
    }
}

/// Where or what a value is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Value {
    /// No expression at all.
    Absent,
    /// `nil`
    Nil,
    /// `true`
    True,
    /// `false`
    False,
    /// An integer literal.
    Int(i64),
    /// A float literal.
    Float(f64),
    /// A string literal.
    Str(StrId),
    /// A constant of the function.
    Const(ConstIndex),
    /// The result is in this register and stays there.
    Fixed(Reg),
    /// A local variable.
    Local(Reg),
    /// An upvalue.
    Upval(Upval),
    /// A field of an upvalue.
    UpvalField {
        /// The table.
        table: Upval,
        /// The key, a short string.
        key: u8,
    },
    /// An element with a small integer key.
    Element {
        /// The table.
        table: Reg,
        /// The key.
        key: u8,
    },
    /// A field with a short string for a key.
    Field {
        /// The table.
        table: Reg,
        /// The key, a constant.
        key: u8,
    },
    /// An element with any key.
    Indexed {
        /// The table.
        table: Reg,
        /// The key.
        key: Reg,
    },
    /// A comparison: the jump at this place is taken when it holds.
    Jump(u32),
    /// The instruction at this place will put the result in any register.
    Reloc(u32),
    /// A call; its result count is open.
    Call(u32),
    /// A vararg expression; its result count is open.
    Vararg(u32),
}

/// An expression: a value, and the jumps that leave it early.
#[derive(Clone, Copy, Debug)]
pub(super) struct ExprDesc {
    /// The value if no jump is taken.
    pub(super) value: Value,
    /// Jumps taken when the whole expression is true.
    pub(super) on_true: JumpList,
    /// Jumps taken when the whole expression is false.
    pub(super) on_false: JumpList,
}

impl ExprDesc {
    /// An expression without jumps.
    pub(super) fn new(value: Value) -> ExprDesc {
        ExprDesc { value, on_true: JumpList::EMPTY, on_false: JumpList::EMPTY }
    }

    /// Whether some jump leaves it early.
    pub(super) fn has_jumps(&self) -> bool {
        !(self.on_true.is_empty() && self.on_false.is_empty())
    }

    /// Whether it may have any number of results.
    pub(super) fn is_multi(&self) -> bool {
        matches!(self.value, Value::Call(_) | Value::Vararg(_))
    }

    /// The register that holds the value, if it is fixed in one.
    pub(super) fn fixed_reg(&self) -> Option<Reg> {
        match self.value {
            Value::Fixed(r) => Some(r),
            _ => None,
        }
    }
}
