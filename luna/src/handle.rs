//! Handles: pinned values that let go when they are dropped.

use std::rc::{Rc, Weak};

use luna_core::Vm;
use luna_core::runtime::Value as RawValue;
use luna_core::vm::{HostRootTicket, LuaError};

use crate::error::{Error, Result};
use crate::lua::{Inner, Lua};

/// A pinned value. Clones share the pin.
#[derive(Clone, Debug)]
pub(crate) struct Handle(Rc<Pinned>);

/// A pin, given back when dropped.
#[derive(Debug)]
struct Pinned {
    owner: Weak<Inner>,
    ticket: HostRootTicket,
}

impl Drop for Pinned {
    fn drop(&mut self) {
        if let Some(inner) = self.owner.upgrade() {
            inner.discard(self.ticket);
        }
    }
}

/// The `Lua` that a Vm belongs to; `None` once it is closing.
pub(crate) fn owner_of(vm: &Vm) -> Option<Weak<Inner>> {
    let owner = vm.app_data::<Weak<Inner>>()?;
    (owner.strong_count() > 0).then(|| Weak::clone(&owner))
}

impl Handle {
    /// Pins a live value.
    pub(crate) fn new(vm: &mut Vm, owner: &Weak<Inner>, value: RawValue) -> Handle {
        if let Some(inner) = owner.upgrade() {
            inner.unpin_discarded(vm);
        }
        Handle(Rc::new(Pinned { owner: Weak::clone(owner), ticket: vm.pin_host(value) }))
    }

    /// Pins a value that a Vm gave out.
    pub(crate) fn adopt(
        vm: &mut Vm,
        value: RawValue,
    ) -> std::result::Result<Handle, luna_core::vm::ConvError> {
        match owner_of(vm) {
            Some(owner) => Ok(Handle::new(vm, &owner, value)),
            None => Err(luna_core::vm::ConvError::message("the Vm belongs to no open Lua")),
        }
    }

    /// The `Lua` the handle belongs to.
    pub(crate) fn lua(&self) -> Result<Lua> {
        Lua::upgrade(&self.0.owner).ok_or_else(|| Error::new("the Lua of this handle is closed"))
    }

    /// Runs with the Vm and the value.
    pub(crate) fn with<R>(&self, run: impl FnOnce(&mut Vm, RawValue) -> R) -> Result<R> {
        self.lua()?.with(|vm| match vm.read_host(self.0.ticket) {
            Some(value) => Ok(run(vm, value)),
            None => Err(Error::new("the handle has expired")),
        })?
    }

    /// Runs something that may raise with the Vm and the value.
    pub(crate) fn try_with<R>(
        &self,
        run: impl FnOnce(&mut Vm, RawValue) -> std::result::Result<R, LuaError>,
    ) -> Result<R> {
        self.with(|vm, value| run(vm, value).map_err(|error| Error::from_lua(error, vm)))?
    }

    /// The value for use in `vm`.
    pub(crate) fn value_in(&self, vm: &mut Vm) -> std::result::Result<RawValue, LuaError> {
        let same = owner_of(vm).is_some_and(|owner| owner.ptr_eq(&self.0.owner));
        match vm.read_host(self.0.ticket) {
            Some(value) if same => Ok(value),
            _ => {
                let text = if same {
                    "the handle has expired"
                } else {
                    "the handle belongs to another Lua"
                };
                Err(LuaError::new(RawValue::Str(vm.intern_str(text))))
            }
        }
    }
}

/// Conversions of a handle type that holds one kind of value.
macro_rules! handle_conversions {
    ($type:ident, $pattern:pat, $name:literal) => {
        impl luna_core::vm::IntoValue for $type {
            /// # Panics
            /// If the handle belongs to another Lua.
            fn into_value(self, vm: &mut luna_core::Vm) -> luna_core::runtime::Value {
                self.0.value_in(vm).expect("the handle belongs to this Lua")
            }

            fn try_into_value(
                self,
                vm: &mut luna_core::Vm,
            ) -> std::result::Result<luna_core::runtime::Value, luna_core::vm::LuaError> {
                self.0.value_in(vm)
            }
        }

        impl luna_core::vm::IntoValue for &$type {
            /// # Panics
            /// If the handle belongs to another Lua.
            fn into_value(self, vm: &mut luna_core::Vm) -> luna_core::runtime::Value {
                self.0.value_in(vm).expect("the handle belongs to this Lua")
            }

            fn try_into_value(
                self,
                vm: &mut luna_core::Vm,
            ) -> std::result::Result<luna_core::runtime::Value, luna_core::vm::LuaError> {
                self.0.value_in(vm)
            }
        }

        impl luna_core::vm::FromLuaValue for $type {
            fn from_lua_value(
                value: luna_core::runtime::Value,
                vm: &mut luna_core::Vm,
            ) -> std::result::Result<Self, luna_core::vm::ConvError> {
                match value {
                    $pattern => $crate::handle::Handle::adopt(vm, value).map($type),
                    _ => Err(luna_core::vm::ConvError::expected($name, value, vm)),
                }
            }
        }
    };
}
pub(crate) use handle_conversions;
