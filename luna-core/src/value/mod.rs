//! Values: what a register, a constant or a table slot holds.

pub(crate) mod function;
pub(crate) mod intern;
pub(crate) mod number;
pub(crate) mod numfmt;
pub(crate) mod repr;
pub(crate) mod string;
pub(crate) mod table;
pub(crate) mod thread;
pub(crate) mod upvalue;
pub(crate) mod userdata;
