//! The core of luna: dialects, compiler, heap, interpreter, standard library and host API.

pub(crate) mod bytecode;
pub(crate) mod compile;
pub(crate) mod dialect;
pub(crate) mod stdlib;
pub(crate) mod syntax;
pub(crate) mod value;
