//! Bytecode: the instruction set, prototypes, and what reads and checks them.

pub(crate) mod dump;
mod format;
pub(crate) mod insn;
pub(crate) mod listing;
pub(crate) mod op;
pub(crate) mod operand;
pub(crate) mod proto;
pub(crate) mod undump;
pub(crate) mod verify;
