//! What all handle types share: a pinned value, and the way to the Vm it belongs to.

use luna_core::Vm;
use luna_core::runtime::Value as RawValue;
use luna_core::vm::{ConvError, Handle, LuaError, Unavailable};

use crate::error::{Error, Result};

impl From<Unavailable> for Error {
    fn from(reason: Unavailable) -> Error {
        Error::new(reason.to_string())
    }
}

/// Runs with the Vm and a handle's value.
pub(crate) fn with<R>(handle: &Handle, run: impl FnOnce(&mut Vm, RawValue) -> R) -> Result<R> {
    handle.with(run).map_err(Error::from)
}

/// Runs something that may raise with the Vm and a handle's value.
pub(crate) fn try_with<R>(
    handle: &Handle,
    run: impl FnOnce(&mut Vm, RawValue) -> std::result::Result<R, LuaError>,
) -> Result<R> {
    handle.with(|vm, value| run(vm, value).map_err(|error| Error::from_lua(error, vm)))?
}

/// Runs something that may raise with the Vm of a handle.
#[inline]
pub(crate) fn enter<R>(
    handle: &Handle,
    run: impl FnOnce(&mut Vm) -> std::result::Result<R, LuaError>,
) -> Result<R> {
    handle.table().with(|vm| run(vm).map_err(|error| Error::from_lua(error, vm)))?
}

/// A handle's value for use in `vm`.
pub(crate) fn value_in(handle: &Handle, vm: &mut Vm) -> std::result::Result<RawValue, LuaError> {
    handle.value_in(vm).map_err(|reason| ConvError::message(reason.to_string()).into_error(vm))
}

/// Conversions and comparison of a handle type that holds one kind of value.
macro_rules! handle_conversions {
    ($type:ident, $pattern:pat, $name:literal) => {
        impl luna_core::vm::IntoValue for $type {
            const HANDLE: Option<fn(&$type) -> &luna_core::vm::Handle> = Some(|this| &this.0);

            /// # Panics
            /// If the handle belongs to another Lua.
            fn into_value(self, vm: &mut luna_core::Vm) -> luna_core::runtime::Value {
                self.0.value_in(vm).expect("the handle belongs to this Lua")
            }

            fn try_into_value(
                self,
                vm: &mut luna_core::Vm,
            ) -> std::result::Result<luna_core::runtime::Value, luna_core::vm::LuaError> {
                $crate::handle::value_in(&self.0, vm)
            }
        }

        impl luna_core::vm::IntoValue for &$type {
            const HANDLE: Option<fn(&Self) -> &luna_core::vm::Handle> = Some(|this| &this.0);

            /// # Panics
            /// If the handle belongs to another Lua.
            fn into_value(self, vm: &mut luna_core::Vm) -> luna_core::runtime::Value {
                self.0.value_in(vm).expect("the handle belongs to this Lua")
            }

            fn try_into_value(
                self,
                vm: &mut luna_core::Vm,
            ) -> std::result::Result<luna_core::runtime::Value, luna_core::vm::LuaError> {
                $crate::handle::value_in(&self.0, vm)
            }
        }

        impl luna_core::vm::FromLuaValue for $type {
            const PINNED: Option<luna_core::vm::Pinned<$type>> = Some(luna_core::vm::Pinned {
                accepts: |value| matches!(value, $pattern),
                wrap: $type,
            });

            fn from_lua_value(
                value: luna_core::runtime::Value,
                vm: &mut luna_core::Vm,
            ) -> std::result::Result<Self, luna_core::vm::ConvError> {
                match value {
                    $pattern => Ok($type(luna_core::vm::Handle::new(vm, value))),
                    _ => Err(luna_core::vm::ConvError::expected($name, value, vm)),
                }
            }
        }

        /// Handles are equal if they name the same object.
        impl PartialEq for $type {
            fn eq(&self, other: &$type) -> bool {
                self.0.same(&other.0)
            }
        }
    };
}
pub(crate) use handle_conversions;
