//! Bytecode: the instruction set, prototypes, and what reads and checks them.

pub(crate) mod op;
pub(crate) mod proto;
