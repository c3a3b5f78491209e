//! Userdata of any type.

use luna_core::runtime::Value as RawValue;
use luna_core::vm::{LuaUserdata, UserdataRef, UserdataRefMut};

use crate::error::Result;
use crate::handle::{Handle, handle_conversions};

/// A userdata whose type is not known statically.
#[derive(Clone, Debug)]
pub struct AnyUserdata(pub(crate) Handle);

handle_conversions!(AnyUserdata, RawValue::Userdata(_), "userdata");

impl AnyUserdata {
    /// Borrows the value.
    ///
    /// # Errors
    /// Another type, a destroyed value, or a borrow in conflict.
    pub fn borrow<T: LuaUserdata>(&self) -> Result<UserdataRef<T>> {
        self.0.try_with(|vm, value| vm.borrow_userdata(value))
    }

    /// Borrows the value exclusively.
    ///
    /// # Errors
    /// As [`AnyUserdata::borrow`].
    pub fn borrow_mut<T: LuaUserdata>(&self) -> Result<UserdataRefMut<T>> {
        self.0.try_with(|vm, value| vm.borrow_userdata_mut(value))
    }

    /// Moves the value out.
    ///
    /// # Errors
    /// As [`AnyUserdata::borrow`].
    pub fn take<T: LuaUserdata>(&self) -> Result<T> {
        self.0.try_with(|vm, value| vm.take_userdata(value))
    }
}
