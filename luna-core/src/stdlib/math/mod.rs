//! The math library.

pub(crate) mod random;
