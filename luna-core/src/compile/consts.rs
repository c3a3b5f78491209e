//! The constants of a function.

use super::{Compiler, Step};
use crate::bytecode::insn::{Insn, MAX_AX};
use crate::bytecode::op::Op;
use crate::bytecode::operand::{ConstIndex, Reg};
use crate::bytecode::proto::Const;
use crate::syntax::ast::StrId;
use crate::value::number::float_to_int_exact;

/// What makes two constants the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum ConstKey {
    /// `nil`
    Nil,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A float, by its bits.
    Float(u64),
    /// A string.
    Str(u32),
}

/// Bytes that an entry of the index of constants takes: its place is at most 8/7 of it and a byte.
pub(super) const INDEX_ENTRY: usize = (size_of::<(ConstKey, u32)>() + 1) * 8 / 7;

/// Entries that the index has room for at first.
const MIN_INDEXED: usize = 3;

/// Longest string that counts as short: those are interned, and instructions may name them as keys.
pub(crate) const MAX_SHORT_STRING: usize = 40;

impl Compiler<'_> {
    /// The index of a constant, added if it is new.
    pub(super) fn constant(&mut self, key: ConstKey) -> Step<ConstIndex> {
        if let Some(&index) = self.cur.const_index.get(&key) {
            return Ok(ConstIndex(index));
        }
        let index = self.cur.proto.consts.len() as u32;
        if index > MAX_AX {
            return Err(self.list_full("constants", MAX_AX));
        }
        let value = match key {
            ConstKey::Nil => Const::Nil,
            ConstKey::Bool(b) => Const::Bool(b),
            ConstKey::Int(i) => Const::Int(i),
            ConstKey::Float(bits) => Const::Float(f64::from_bits(bits)),
            ConstKey::Str(id) => Const::Str(self.string(StrId(id))),
        };
        self.meter.push(&mut self.cur.proto.consts, value);
        if self.cur.const_index.len() == self.cur.const_index.capacity() {
            let entries = self.cur.const_index.capacity().max(MIN_INDEXED);
            self.meter.charge(entries * INDEX_ENTRY);
        }
        if !self.meter.is_refused() {
            self.cur.const_index.insert(key, index);
        }
        Ok(ConstIndex(index))
    }

    /// The index of a string constant.
    pub(super) fn string_constant(&mut self, id: StrId) -> Step<ConstIndex> {
        self.constant(ConstKey::Str(id.0))
    }

    /// The constant as a byte operand that names a key, if it is a short string low enough in the table.
    pub(super) fn as_short_key(&self, index: ConstIndex) -> Option<u8> {
        let byte = u8::try_from(index.0).ok()?;
        match &self.cur.proto.consts[usize::from(byte)] {
            Const::Str(s) if s.len() <= MAX_SHORT_STRING => Some(byte),
            _ => None,
        }
    }

    /// Emits `reg := constant`.
    pub(super) fn load_constant(&mut self, Reg(reg): Reg, ConstIndex(index): ConstIndex) {
        if let Ok(bx) = u16::try_from(index) {
            self.emit(Insn::abx(Op::LoadK, reg, bx));
        } else {
            self.emit(Insn::abx(Op::LoadKX, reg, 0));
            self.emit(Insn::ax(Op::ExtraArg, index));
        }
    }

    /// Emits `reg := i`.
    pub(super) fn load_int(&mut self, reg: Reg, i: i64) -> Step<()> {
        if let Ok(small) = i16::try_from(i) {
            self.emit(Insn::asbx(Op::LoadI, reg.0, small));
        } else {
            let index = self.constant(ConstKey::Int(i))?;
            self.load_constant(reg, index);
        }
        Ok(())
    }

    /// Emits `reg := f`.
    pub(super) fn load_float(&mut self, reg: Reg, f: f64) -> Step<()> {
        let whole = if f == 0.0 && f.is_sign_negative() { None } else { float_to_int_exact(f) };
        if let Some(small) = whole.and_then(|i| i16::try_from(i).ok()) {
            self.emit(Insn::asbx(Op::LoadF, reg.0, small));
        } else {
            let index = self.constant(ConstKey::Float(f.to_bits()))?;
            self.load_constant(reg, index);
        }
        Ok(())
    }
}
