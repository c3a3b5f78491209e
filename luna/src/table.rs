//! Tables.

use luna_core::runtime::{Gc, Value as RawValue};
use luna_core::vm::LuaError;

use crate::error::Result;
use crate::handle::{Handle, handle_conversions};
use crate::{FromLua, IntoLua};

/// A table.
#[derive(Clone, Debug)]
pub struct Table(pub(crate) Handle);

handle_conversions!(Table, RawValue::Table(_), "table");

/// The raw handle of a table value.
fn raw(value: RawValue) -> std::result::Result<Gc<luna_core::runtime::Table>, LuaError> {
    if let RawValue::Table(table) = value { Ok(table) } else { Err(LuaError::nil()) }
}

impl Table {
    /// `table[key]`, with metamethods.
    ///
    /// # Errors
    /// What was raised, or that key or value does not convert.
    pub fn get<V: FromLua>(&self, key: impl IntoLua) -> Result<V> {
        self.0.try_with(|vm, table| {
            let key = key.try_into_value(vm)?;
            let value = vm.get(table, key)?;
            vm.convert(value)
        })
    }

    /// `table[key] = value`, with metamethods.
    ///
    /// # Errors
    /// What was raised, or that key or value does not convert.
    pub fn set(&self, key: impl IntoLua, value: impl IntoLua) -> Result<()> {
        self.0.try_with(|vm, table| {
            let key = key.try_into_value(vm)?;
            let value = value.try_into_value(vm)?;
            vm.set(table, key, value)
        })
    }

    /// `table[key]`, without metamethods.
    ///
    /// # Errors
    /// Key or value does not convert.
    pub fn raw_get<V: FromLua>(&self, key: impl IntoLua) -> Result<V> {
        self.0.try_with(|vm, table| {
            let key = key.try_into_value(vm)?;
            let value = vm.raw_get(raw(table)?, key);
            vm.convert(value)
        })
    }

    /// `table[key] = value`, without metamethods.
    ///
    /// # Errors
    /// The key is nil or NaN, or key or value does not convert.
    pub fn raw_set(&self, key: impl IntoLua, value: impl IntoLua) -> Result<()> {
        self.0.try_with(|vm, table| {
            let key = key.try_into_value(vm)?;
            let value = value.try_into_value(vm)?;
            vm.raw_set(raw(table)?, key, value)
        })
    }

    /// `#table`, with metamethods.
    ///
    /// # Errors
    /// What was raised.
    pub fn len(&self) -> Result<i64> {
        self.0.try_with(|vm, table| {
            let length = vm.len(table)?;
            vm.convert(length)
        })
    }

    /// Whether there is no entry at all.
    ///
    /// # Errors
    /// The state is closed or busy.
    pub fn is_empty(&self) -> Result<bool> {
        self.0
            .try_with(|vm, table| vm.next(raw(table)?, RawValue::Nil).map(|first| first.is_none()))
    }

    /// Appends to the list part.
    ///
    /// # Errors
    /// The value does not convert.
    pub fn push(&self, value: impl IntoLua) -> Result<()> {
        self.0.try_with(|vm, table| {
            let table = raw(table)?;
            let value = value.try_into_value(vm)?;
            let end = vm.raw_len(table).saturating_add(1);
            vm.raw_set(table, RawValue::Int(end), value)
        })
    }

    /// All entries, converted.
    ///
    /// # Errors
    /// A key or value does not convert.
    pub fn pairs<K: FromLua, V: FromLua>(&self) -> Result<Vec<(K, V)>> {
        self.0.try_with(|vm, table| {
            let (table, mut at, mut entries) = (raw(table)?, RawValue::Nil, Vec::new());
            while let Some((key, value)) = vm.next(table, at)? {
                at = key;
                entries.push((vm.convert(key)?, vm.convert(value)?));
            }
            Ok(entries)
        })
    }

    /// The metatable.
    ///
    /// # Errors
    /// The state is closed or busy.
    pub fn metatable(&self) -> Result<Option<Table>> {
        let lua = self.0.lua()?;
        self.0.with(|vm, table| {
            vm.metatable(table).map(|meta| Table(lua.handle(vm, RawValue::Table(meta))))
        })
    }

    /// Sets or removes the metatable.
    ///
    /// # Errors
    /// The metatable belongs to another state.
    pub fn set_metatable(&self, metatable: Option<&Table>) -> Result<()> {
        self.0.try_with(|vm, table| {
            let meta = match metatable {
                Some(meta) => Some(raw(meta.0.value_in(vm)?)?),
                None => None,
            };
            vm.set_metatable(raw(table)?, meta)
        })
    }
}
