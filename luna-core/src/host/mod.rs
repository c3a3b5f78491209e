//! What the standard library and the host may touch of the Vm, behind a safe face.
//!
//! [`vm`] is the owner of a state with all a program asks of it by topic, [`value`] what it gets back, [`convert`] the way between that and
//! Rust's types, [`userdata`] Rust's types as Lua sees them, [`roots`] what is kept for the host. [`typed`] makes natives of a program's
//! functions, [`native`] those of the library; [`io`] is the world outside.

pub(crate) mod convert;
pub(crate) mod futures;
pub(crate) mod io;
pub(crate) mod native;
pub(crate) mod panics;
#[cfg(any(gc_zeal, asan))]
pub(crate) mod planted;
pub(crate) mod roots;
pub(crate) mod typed;
pub(crate) mod userdata;
pub(crate) mod value;
pub(crate) mod vm;
