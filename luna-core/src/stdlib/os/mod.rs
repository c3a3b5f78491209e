//! The os library.

pub(crate) mod calendar;
