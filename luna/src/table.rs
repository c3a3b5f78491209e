//! Tables.

use std::marker::PhantomData;

use luna_core::runtime::{Gc, Value as RawValue};
use luna_core::vm::{Handle, LuaError};

use crate::error::Result;
use crate::handle::{enter, handle_conversions, try_with, value_in, with};
use crate::value::Value;
use crate::{FromLua, IntoLua};

/// A table.
///
/// ```
/// use luna::Lua;
///
/// # fn main() -> luna::Result<()> {
/// let lua = Lua::new();
/// let table = lua.create_table()?;
/// table.set("name", "orc")?;
/// table.push(7)?;
/// assert_eq!(table.get::<String>("name")?, "orc");
/// assert_eq!(table.sequence_values::<i64>().collect::<luna::Result<Vec<_>>>()?, [7]);
/// assert_eq!(table.pairs::<luna::Value, luna::Value>().count(), 2);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Table(pub(crate) Handle);

crate::pretty::shows_content!(Table);
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
        enter(&self.0, |vm| self.0.get(vm, key))
    }

    /// `table[key] = value`, with metamethods.
    ///
    /// # Errors
    /// What was raised, or that key or value does not convert.
    pub fn set(&self, key: impl IntoLua, value: impl IntoLua) -> Result<()> {
        enter(&self.0, |vm| self.0.set(vm, key, value))
    }

    /// `table[key]`, without metamethods.
    ///
    /// # Errors
    /// Key or value does not convert.
    pub fn raw_get<V: FromLua>(&self, key: impl IntoLua) -> Result<V> {
        try_with(&self.0, |vm, table| {
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
        try_with(&self.0, |vm, table| {
            let key = key.try_into_value(vm)?;
            let pin = Handle::new(vm, key);
            let value = value.try_into_value(vm)?;
            drop(pin);
            vm.raw_set(raw(table)?, key, value)
        })
    }

    /// Whether `table[key]` is not nil, with metamethods.
    ///
    /// # Errors
    /// What was raised, or that the key does not convert.
    pub fn contains_key(&self, key: impl IntoLua) -> Result<bool> {
        self.get::<Value>(key).map(|value| !value.is_nil())
    }

    /// `#table`, with metamethods.
    ///
    /// # Errors
    /// What was raised.
    pub fn len(&self) -> Result<i64> {
        try_with(&self.0, |vm, table| {
            let length = vm.len(table)?;
            vm.convert(length)
        })
    }

    /// `#table`, without metamethods.
    ///
    /// # Errors
    /// The state is closed or busy.
    pub fn raw_len(&self) -> Result<i64> {
        try_with(&self.0, |vm, table| Ok(vm.raw_len(raw(table)?)))
    }

    /// Whether there is no entry at all.
    ///
    /// # Errors
    /// The state is closed or busy.
    pub fn is_empty(&self) -> Result<bool> {
        try_with(&self.0, |vm, table| vm.next(raw(table)?, RawValue::Nil).map(|e| e.is_none()))
    }

    /// Appends to the list part, without metamethods.
    ///
    /// # Errors
    /// The value does not convert.
    pub fn push(&self, value: impl IntoLua) -> Result<()> {
        try_with(&self.0, |vm, table| {
            let table = raw(table)?;
            let value = value.try_into_value(vm)?;
            let end = vm.raw_len(table).saturating_add(1);
            vm.raw_set(table, RawValue::Int(end), value)
        })
    }

    /// Takes the last value of the list part off, without metamethods; nil if there is none.
    ///
    /// # Errors
    /// The value does not convert; then it is gone nevertheless.
    pub fn pop<V: FromLua>(&self) -> Result<V> {
        try_with(&self.0, |vm, table| {
            let table = raw(table)?;
            let end = RawValue::Int(vm.raw_len(table));
            let value = vm.raw_get(table, end);
            if !value.is_nil() {
                let pin = Handle::new(vm, value);
                vm.raw_set(table, end, RawValue::Nil)?;
                drop(pin);
            }
            vm.convert(value)
        })
    }

    /// Inserts into the list part before position `at`, without metamethods: what is there moves up.
    ///
    /// # Errors
    /// The value does not convert, or the position is not within the list or right after it.
    pub fn insert(&self, at: i64, value: impl IntoLua) -> Result<()> {
        try_with(&self.0, |vm, table| {
            let table = raw(table)?;
            let value = value.try_into_value(vm)?;
            let len = vm.raw_len(table);
            if at < 1 || at > len.saturating_add(1) {
                return Err(out_of_bounds(vm));
            }
            for i in (at..=len).rev() {
                let moved = vm.raw_get(table, RawValue::Int(i));
                vm.raw_set(table, RawValue::Int(i + 1), moved)?;
            }
            vm.raw_set(table, RawValue::Int(at), value)
        })
    }

    /// Removes an entry, without metamethods. An integer key within the list part closes the gap: what follows moves down.
    ///
    /// # Errors
    /// The key does not convert.
    pub fn remove(&self, key: impl IntoLua) -> Result<()> {
        try_with(&self.0, |vm, table| {
            let table = raw(table)?;
            let key = key.try_into_value(vm)?;
            let len = vm.raw_len(table);
            match key {
                RawValue::Int(at) if (1..=len).contains(&at) => {
                    for i in at..len {
                        let moved = vm.raw_get(table, RawValue::Int(i + 1));
                        vm.raw_set(table, RawValue::Int(i), moved)?;
                    }
                    vm.raw_set(table, RawValue::Int(len), RawValue::Nil)
                }
                RawValue::Nil => Ok(()),
                _ => vm.raw_set(table, key, RawValue::Nil),
            }
        })
    }

    /// Removes all entries, without metamethods; the metatable stays.
    ///
    /// # Errors
    /// The state is closed or busy.
    pub fn clear(&self) -> Result<()> {
        try_with(&self.0, |vm, table| {
            let table = raw(table)?;
            let mut at = RawValue::Nil;
            while let Some((key, _)) = vm.next(table, at)? {
                vm.raw_set(table, key, RawValue::Nil)?;
                at = key;
            }
            Ok(())
        })
    }

    /// All entries, without metamethods, one after the other.
    ///
    /// Each step is an operation of its own, so Lua may be used in between; assigning to entries there are is fine, adding ones is not.
    #[must_use]
    pub fn pairs<K: FromLua, V: FromLua>(&self) -> Pairs<K, V> {
        Pairs { table: self.clone(), at: Some(Value::Nil), types: PhantomData }
    }

    /// The values of the list part, without metamethods: from 1 to the first nil.
    #[must_use]
    pub fn sequence_values<V: FromLua>(&self) -> SequenceValues<V> {
        SequenceValues { table: self.clone(), at: Some(1), types: PhantomData }
    }

    /// The metatable.
    ///
    /// # Errors
    /// The state is closed or busy.
    pub fn metatable(&self) -> Result<Option<Table>> {
        with(&self.0, |vm, table| {
            vm.metatable(table).map(|meta| Table(Handle::new(vm, RawValue::Table(meta))))
        })
    }

    /// Sets or removes the metatable.
    ///
    /// # Errors
    /// The metatable belongs to another state.
    pub fn set_metatable(&self, metatable: Option<&Table>) -> Result<()> {
        try_with(&self.0, |vm, table| {
            let meta = match metatable {
                Some(meta) => Some(raw(value_in(&meta.0, vm)?)?),
                None => None,
            };
            vm.set_metatable(raw(table)?, meta)
        })
    }
}

/// A position outside of the list.
fn out_of_bounds(vm: &mut luna_core::Vm) -> LuaError {
    luna_core::vm::ConvError::message("position out of bounds").into_error(vm)
}

/// Iterates over the entries of a table; ends after an error.
#[derive(Debug)]
pub struct Pairs<K, V> {
    table: Table,
    at: Option<Value>,
    types: PhantomData<fn() -> (K, V)>,
}

impl<K: FromLua, V: FromLua> Iterator for Pairs<K, V> {
    type Item = Result<(K, V)>;

    fn next(&mut self) -> Option<Self::Item> {
        let at = self.at.take()?;
        let step = try_with(&self.table.0, |vm, table| {
            let at = at.try_into_value(vm)?;
            let Some((key, value)) = vm.next(raw(table)?, at)? else { return Ok(None) };
            let kept = vm.convert::<Value>(key)?;
            let pin = Handle::new(vm, value);
            let key = vm.convert(key)?;
            let value = vm.convert(value)?;
            drop(pin);
            Ok(Some((kept, (key, value))))
        });
        match step {
            Ok(Some((key, entry))) => {
                self.at = Some(key);
                Some(Ok(entry))
            }
            Ok(None) => None,
            Err(error) => Some(Err(error)),
        }
    }
}

/// Iterates over the list part of a table; ends after an error.
#[derive(Debug)]
pub struct SequenceValues<V> {
    table: Table,
    at: Option<i64>,
    types: PhantomData<fn() -> V>,
}

impl<V: FromLua> Iterator for SequenceValues<V> {
    type Item = Result<V>;

    fn next(&mut self) -> Option<Result<V>> {
        let at = self.at.take()?;
        let step = try_with(&self.table.0, |vm, table| {
            let value = vm.raw_get(raw(table)?, RawValue::Int(at));
            if value.is_nil() { Ok(None) } else { vm.convert(value).map(Some) }
        });
        if matches!(step, Ok(Some(_))) {
            self.at = at.checked_add(1);
        }
        step.transpose()
    }
}
