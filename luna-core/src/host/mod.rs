//! What the standard library and the host may touch of the Vm, behind a safe face.

pub(crate) mod class;
pub(crate) mod convert;
pub(crate) mod debug;
pub(crate) mod host_io;
pub(crate) mod limits;
pub(crate) mod native;
pub(crate) mod payload;
pub(crate) mod raw;
pub(crate) mod roots;
pub(crate) mod sandbox;
pub(crate) mod services;
pub(crate) mod system_io;
pub(crate) mod tables;
pub(crate) mod typed;
pub(crate) mod userdata;
pub(crate) mod value;
pub(crate) mod view;
pub(crate) mod vm;
