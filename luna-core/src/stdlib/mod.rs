//! The standard library.

pub(crate) mod pattern;
pub(crate) mod string;
