//! What the standard library and the host may touch of the Vm, behind a safe face.

pub(crate) mod buffer;
pub(crate) mod class;
pub(crate) mod collections;
pub(crate) mod convert;
pub(crate) mod coroutine;
pub(crate) mod debug;
pub(crate) mod handles;
pub(crate) mod heap;
pub(crate) mod host_fn;
pub(crate) mod host_io;
pub(crate) mod lent;
pub(crate) mod libraries;
pub(crate) mod limits;
pub(crate) mod native;
pub(crate) mod panics;
pub(crate) mod payload;
#[cfg(any(gc_zeal, asan))]
pub(crate) mod planted;
pub(crate) mod raw;
pub(crate) mod roots;
pub(crate) mod sandbox;
pub(crate) mod serial;
pub(crate) mod services;
pub(crate) mod signature;
pub(crate) mod signatures;
pub(crate) mod suggest;
pub(crate) mod system_io;
pub(crate) mod tables;
pub(crate) mod typed;
pub(crate) mod userdata;
pub(crate) mod value;
pub(crate) mod view;
pub(crate) mod vm;
