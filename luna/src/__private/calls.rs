//! How functions are called that take or give more than their signature says.

use std::cell::Cell;
use std::fmt::Display;

use luna_core::vm::{FromLuaValue as FromLua, FunctionInfo, OrMessage};

use crate::error::{Error, Result};
use crate::function::Function;
use crate::lua::Lua;
use crate::table::Table;
use crate::value::Value;

/// A result that gives nil and a message instead of raising.
pub fn nil_err<R, E: Display>(result: std::result::Result<R, E>) -> OrMessage<R> {
    OrMessage(result.map_err(|error| error.to_string()))
}

/// Warns that a function is deprecated, the first time.
pub fn deprecated(lua: &Lua, warned: &Cell<bool>, owner: &str, name: &str, note: &str) {
    if warned.replace(true) {
        return;
    }
    // A warning that cannot be given must not keep the function from running.
    let _ = lua.with(|vm| vm.warn_deprecated(owner, name, note));
}

/// Tells the functions in a module's table what its source says about them.
///
/// # Errors
/// Lua is busy or closed.
pub fn describe_functions(lua: &Lua, table: &Table, functions: &[FunctionInfo]) -> Result<()> {
    for info in functions {
        let function: Function = table.raw_get(info.name)?;
        lua.with(|vm| function.0.peek().map(|native| vm.describe_native(native, info)))?;
    }
    Ok(())
}

/// Arguments that are fields of a table.
#[derive(Debug)]
pub struct Named<'l> {
    lua: &'l Lua,
    table: Option<Table>,
    function: &'static str,
}

impl<'l> Named<'l> {
    /// The arguments of a function.
    ///
    /// # Errors
    /// There is one with another name than these.
    pub fn new(
        lua: &'l Lua,
        table: Option<Table>,
        function: &'static str,
        names: &[&str],
    ) -> Result<Named<'l>> {
        for entry in table.iter().flat_map(Table::pairs::<Value, Value>) {
            let key = match entry?.0 {
                Value::String(key) => String::from_utf8_lossy(&key.to_bytes()?).into_owned(),
                Value::Integer(i) => i.to_string(),
                other => format!("({})", other.type_name()),
            };
            if !names.contains(&&*key) {
                let hint = luna_core::did_you_mean(&key, names);
                return Err(Error::new(format!("no argument '{key}' of '{function}'{hint}")));
            }
        }
        Ok(Named { lua, table, function })
    }

    /// An argument.
    ///
    /// # Errors
    /// It does not convert.
    pub fn get<T: FromLua>(&self, name: &str) -> Result<T> {
        let value = match &self.table {
            Some(table) => table.raw_get(name),
            None => self.lua.convert(Value::Nil),
        };
        let function = self.function;
        value.map_err(|e| {
            Error::new(format!("bad argument '{name}' to '{function}' ({})", e.message()))
        })
    }
}
