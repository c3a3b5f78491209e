//! The standard library.

pub(crate) mod pattern;
