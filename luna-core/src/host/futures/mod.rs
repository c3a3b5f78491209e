//! Coroutines as futures: polls of the host, and natives that wait for futures of their own.

pub(crate) mod await_native;
pub(crate) mod eval;
pub(crate) mod poll;
pub(crate) mod typed;
