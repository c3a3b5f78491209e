//! The string library.

pub(crate) mod packfmt;
pub(crate) mod spec;
