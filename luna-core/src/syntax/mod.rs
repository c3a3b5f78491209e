//! Source bytes to syntax tree.

pub(crate) mod ast;
