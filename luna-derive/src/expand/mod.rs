//! Quoting: no decisions are made here.

pub(crate) mod call;
pub(crate) mod convert;
mod describe;
pub(crate) mod impls;
mod lent;
mod making;
pub(crate) mod methods;
pub(crate) mod module;
pub(crate) mod userdata;
