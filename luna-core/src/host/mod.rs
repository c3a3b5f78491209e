//! What the standard library and the host may touch of the Vm, behind a safe face.

pub(crate) mod debug;
pub(crate) mod native;
pub(crate) mod services;
pub(crate) mod value;
pub(crate) mod userdata;
pub(crate) mod view;
pub(crate) mod vm;
