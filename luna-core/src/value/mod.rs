//! Values: what a register, a constant or a table slot holds.

pub(crate) mod number;
pub(crate) mod numfmt;
