//! The standard library.

pub(crate) mod codepoint;
pub(crate) mod math;
pub(crate) mod os;
pub(crate) mod pattern;
pub(crate) mod string;
