//! The 32-bit instruction word: encoding and decoding.
//!
//! The layout stands in [`super::op`]. Signed fields are two's complement, so that decoding is a sign extension.

use super::op::Op;

/// Largest value of an `Ax` field.
pub(crate) const MAX_AX: u32 = (1 << 24) - 1;
/// Largest value of an `sJ` field.
pub(crate) const MAX_SJ: i32 = (1 << 23) - 1;
/// Smallest value of an `sJ` field.
pub(crate) const MIN_SJ: i32 = -(1 << 23);

/// An instruction word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(transparent)]
pub(crate) struct Insn(pub(crate) u32);

impl Insn {
    /// A word of the form `op A B C`.
    pub(crate) fn abc(op: Op, a: u8, b: u8, c: u8) -> Insn {
        Insn(u32::from_le_bytes([op as u8, a, b, c]))
    }

    /// A word of the form `op A Bx`.
    pub(crate) fn abx(op: Op, a: u8, bx: u16) -> Insn {
        let [low, high] = bx.to_le_bytes();
        Insn::abc(op, a, low, high)
    }

    /// A word of the form `op A sBx`.
    pub(crate) fn asbx(op: Op, a: u8, sbx: i16) -> Insn {
        Insn::abx(op, a, sbx.cast_unsigned())
    }

    /// A word of the form `op sJ`; `sj` fits 24 bits.
    pub(crate) fn sj(op: Op, sj: i32) -> Insn {
        debug_assert!((MIN_SJ..=MAX_SJ).contains(&sj));
        Insn((sj.cast_unsigned() << 8) | u32::from(op as u8))
    }

    /// A word of the form `op Ax`; `ax` fits 24 bits.
    pub(crate) fn ax(op: Op, ax: u32) -> Insn {
        debug_assert!(ax <= MAX_AX);
        Insn((ax << 8) | u32::from(op as u8))
    }

    /// The op, if the code is one.
    pub(crate) fn op(self) -> Option<Op> {
        Op::from_code(self.bytes()[0])
    }

    /// Whether the op is `op`.
    pub(crate) fn is(self, op: Op) -> bool {
        self.bytes()[0] == op as u8
    }

    /// The word's bytes: op, A, B, C.
    fn bytes(self) -> [u8; 4] {
        self.0.to_le_bytes()
    }

    /// Field A.
    pub(crate) fn a(self) -> u8 {
        self.bytes()[1]
    }

    /// Field B.
    pub(crate) fn b(self) -> u8 {
        self.bytes()[2]
    }

    /// Field C.
    pub(crate) fn c(self) -> u8 {
        self.bytes()[3]
    }

    /// Field B as a signed number.
    pub(crate) fn sb(self) -> i8 {
        self.b().cast_signed()
    }

    /// Field C as a signed number.
    pub(crate) fn sc(self) -> i8 {
        self.c().cast_signed()
    }

    /// Field Bx.
    pub(crate) fn bx(self) -> u16 {
        u16::from_le_bytes([self.b(), self.c()])
    }

    /// Field Bx as a signed number.
    pub(crate) fn sbx(self) -> i16 {
        self.bx().cast_signed()
    }

    /// Field sJ.
    pub(crate) fn get_sj(self) -> i32 {
        self.0.cast_signed() >> 8
    }

    /// Field Ax.
    pub(crate) fn get_ax(self) -> u32 {
        self.0 >> 8
    }

    /// The same word with another op.
    pub(crate) fn with_op(self, op: Op) -> Insn {
        let [_, a, b, c] = self.bytes();
        Insn::abc(op, a, b, c)
    }

    /// The same word with another A.
    pub(crate) fn with_a(self, a: u8) -> Insn {
        let [op, _, b, c] = self.bytes();
        Insn(u32::from_le_bytes([op, a, b, c]))
    }

    /// The same word with another B.
    pub(crate) fn with_b(self, b: u8) -> Insn {
        let [op, a, _, c] = self.bytes();
        Insn(u32::from_le_bytes([op, a, b, c]))
    }

    /// The same word with another C.
    pub(crate) fn with_c(self, c: u8) -> Insn {
        let [op, a, b, _] = self.bytes();
        Insn(u32::from_le_bytes([op, a, b, c]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_read_back() {
        let i = Insn::abc(Op::AddI, 7, 200, 0x80);
        assert_eq!((i.op(), i.a(), i.b(), i.c(), i.sc()), (Some(Op::AddI), 7, 200, 0x80, -128));
        assert_eq!(Insn::abx(Op::LoadK, 1, 0xfedc).bx(), 0xfedc);
        assert_eq!(Insn::asbx(Op::LoadI, 1, -2).sbx(), -2);
        assert_eq!(Insn::abc(Op::EqI0, 1, 0xff, 0).sb(), -1);
        for j in [MIN_SJ, -1, 0, 1, MAX_SJ] {
            assert_eq!(Insn::sj(Op::Jmp, j).get_sj(), j);
        }
        assert_eq!(Insn::ax(Op::ExtraArg, MAX_AX).get_ax(), MAX_AX);
        let changed = i.with_op(Op::Add).with_a(1).with_b(2).with_c(3);
        assert_eq!(changed, Insn::abc(Op::Add, 1, 2, 3));
    }

    #[test]
    fn unknown_codes_have_no_op() {
        assert_eq!(Insn(0xff).op(), None);
        for &op in Op::ALL {
            assert_eq!(Insn::abc(op, 0, 0, 0).op(), Some(op));
        }
    }
}
