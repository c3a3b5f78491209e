//! Values that the host keeps by name where no script sees them, and conversions as Lua makes them.

use std::rc::Rc;

use luna_core::Vm;
use luna_core::runtime::Value as RawValue;
use luna_core::vm::{Handle, LuaError};

use crate::error::Result;
use crate::handle::value_in;
use crate::lua::Lua;
use crate::string::LuaString;
use crate::value::Value;
use crate::{FromLua, IntoLua};

/// The table of the values kept by name.
struct Named(Handle);

/// The table of the values kept by name; made when it is first asked for.
fn named(vm: &mut Vm) -> std::result::Result<RawValue, LuaError> {
    if let Some(named) = vm.app_data::<Named>() {
        return value_in(&named.0, vm);
    }
    let table = RawValue::Table(vm.new_table().build());
    let pinned = Handle::new(vm, table);
    vm.set_app_data(Rc::new(Named(pinned)));
    Ok(table)
}

impl Lua {
    /// Keeps a value by name; no script sees it.
    ///
    /// ```
    /// let lua = luna::Lua::new();
    /// lua.set_named_registry_value("answer", 42)?;
    /// assert_eq!(lua.named_registry_value::<i64>("answer")?, 42);
    /// lua.unset_named_registry_value("answer")?;
    /// assert_eq!(lua.named_registry_value::<Option<i64>>("answer")?, None);
    /// # luna::Result::Ok(())
    /// ```
    ///
    /// # Errors
    /// The value does not convert, or the state is closed or busy.
    pub fn set_named_registry_value(&self, name: &str, value: impl IntoLua) -> Result<()> {
        self.try_with(|vm| {
            let value = value.try_into_value(vm)?;
            let RawValue::Table(table) = named(vm)? else { return Ok(()) };
            let key = RawValue::Str(vm.intern_str(name));
            vm.raw_set(table, key, value)
        })
    }

    /// The value kept by this name; nil if there is none.
    ///
    /// # Errors
    /// The value does not convert, or the state is closed or busy.
    pub fn named_registry_value<T: FromLua>(&self, name: &str) -> Result<T> {
        self.try_with(|vm| {
            let value = match named(vm)? {
                RawValue::Table(table) => {
                    let key = RawValue::Str(vm.intern_str(name));
                    vm.raw_get(table, key)
                }
                _ => RawValue::Nil,
            };
            vm.convert(value)
        })
    }

    /// Gives the value kept by this name up.
    ///
    /// # Errors
    /// The state is closed or busy.
    pub fn unset_named_registry_value(&self, name: &str) -> Result<()> {
        self.set_named_registry_value(name, Value::Nil)
    }

    /// The string that `tostring` makes of a value, by `__tostring` if need be.
    ///
    /// ```
    /// let lua = luna::Lua::new();
    /// assert_eq!(lua.tostring(1.0)?.to_text()?, "1.0");
    /// # luna::Result::Ok(())
    /// ```
    ///
    /// # Errors
    /// What was raised, or the state is closed or busy.
    pub fn tostring(&self, value: impl IntoLua) -> Result<LuaString> {
        self.try_with(|vm| {
            let value = value.try_into_value(vm)?;
            let text = vm.tostring_value(value)?;
            Ok(LuaString(Handle::new(vm, text)))
        })
    }
}
