//! Iteration as Lua's own loops do it: with metamethods.

use std::marker::PhantomData;

use luna_core::Vm;
use luna_core::runtime::Value as RawValue;
use luna_core::vm::{Handle, LuaError};

use crate::error::Result;
use crate::handle::{try_with, value_in};
use crate::table::Table;
use crate::value::Value;
use crate::{FromLua, IntoLua};

impl Table {
    /// Runs `each` with every entry, without metamethods; ends at its first error.
    ///
    /// ```
    /// use luna::Lua;
    ///
    /// # fn main() -> luna::Result<()> {
    /// let lua = Lua::new();
    /// let table = lua.create_table_from([("a", 1), ("b", 2)])?;
    /// let mut sum = 0;
    /// table.for_each(|_: String, n: i64| {
    ///     sum += n;
    ///     Ok(())
    /// })?;
    /// assert_eq!(sum, 3);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// A key or value does not convert, or what `each` returned.
    pub fn for_each<K: FromLua, V: FromLua>(
        &self,
        mut each: impl FnMut(K, V) -> Result<()>,
    ) -> Result<()> {
        for entry in self.pairs() {
            let (key, value) = entry?;
            each(key, value)?;
        }
        Ok(())
    }

    /// All entries as a loop over `pairs(table)` sees them: by `__pairs`, if the metatable has it.
    ///
    /// # Errors
    /// What `__pairs` raised.
    pub fn meta_pairs<K: FromLua, V: FromLua>(&self) -> Result<MetaPairs<K, V>> {
        let [step, state, control] = try_with(&self.0, |vm, table| {
            let name = RawValue::Str(vm.intern_str("__pairs"));
            let meta = vm.metatable(table);
            let handler = meta.map_or(RawValue::Nil, |meta| vm.raw_get(meta, name));
            let mut parts = [RawValue::Nil, table, RawValue::Nil];
            if !handler.is_nil() {
                parts = [RawValue::Nil; 3];
                for (part, value) in parts.iter_mut().zip(vm.call_value(handler, &[table])?) {
                    *part = value;
                }
            }
            Ok(parts.map(|part| Value::new(vm, part)))
        })?;
        Ok(MetaPairs { owner: self.clone(), step, state, control: Some(control), of: PhantomData })
    }

    /// The items as a loop over `ipairs(table)` sees them: from 1 to the first nil, by `__index` if need be.
    #[must_use]
    pub fn meta_sequence_values<V: FromLua>(&self) -> MetaSequenceValues<V> {
        MetaSequenceValues { table: self.clone(), at: Some(1), of: PhantomData }
    }
}

/// Iterates over the entries of a table as Lua does; ends after an error.
#[derive(Debug)]
pub struct MetaPairs<K, V> {
    owner: Table,
    /// Nil: the entries are the table's own.
    step: Value,
    state: Value,
    control: Option<Value>,
    of: PhantomData<fn() -> (K, V)>,
}

impl<K, V> MetaPairs<K, V> {
    /// The next key and value; nil at the end.
    fn advance(
        &self,
        vm: &mut Vm,
        control: Value,
    ) -> std::result::Result<(RawValue, RawValue), LuaError> {
        let control = control.try_into_value(vm)?;
        let state = self.state.clone().try_into_value(vm)?;
        if let (Value::Nil, RawValue::Table(table)) = (&self.step, state) {
            return Ok(vm.next(table, control)?.unwrap_or((RawValue::Nil, RawValue::Nil)));
        }
        let step = self.step.clone().try_into_value(vm)?;
        let results = vm.call_value(step, &[state, control])?;
        let result = |i: usize| results.get(i).copied().unwrap_or(RawValue::Nil);
        Ok((result(0), result(1)))
    }
}

impl<K: FromLua, V: FromLua> Iterator for MetaPairs<K, V> {
    type Item = Result<(K, V)>;

    fn next(&mut self) -> Option<Self::Item> {
        let control = self.control.take()?;
        let step = try_with(&self.owner.0, |vm, _| {
            let (key, value) = self.advance(vm, control)?;
            if key.is_nil() {
                return Ok(None);
            }
            let (kept, _value) = (Value::new(vm, key), Handle::new(vm, value));
            Ok(Some((kept, (vm.convert(key)?, vm.convert(value)?))))
        });
        match step.transpose()? {
            Ok((key, entry)) => {
                self.control = Some(key);
                Some(Ok(entry))
            }
            Err(error) => Some(Err(error)),
        }
    }
}

/// Iterates over the items of a table as Lua does; ends after an error.
#[derive(Debug)]
pub struct MetaSequenceValues<V> {
    table: Table,
    at: Option<i64>,
    of: PhantomData<fn() -> V>,
}

impl<V: FromLua> Iterator for MetaSequenceValues<V> {
    type Item = Result<V>;

    fn next(&mut self) -> Option<Result<V>> {
        let at = self.at.take()?;
        let step = try_with(&self.table.0, |vm, table| {
            let value = vm.get(table, RawValue::Int(at))?;
            if value.is_nil() { Ok(None) } else { vm.convert(value).map(Some) }
        });
        if matches!(step, Ok(Some(_))) {
            self.at = at.checked_add(1);
        }
        step.transpose()
    }
}

impl Value {
    /// `self == other` as Lua sees it: with `__eq`, and long strings by their bytes.
    ///
    /// # Errors
    /// What `__eq` raised, or that the two belong to different states.
    pub fn equals(&self, other: &Value) -> Result<bool> {
        // Without two objects there is nothing to ask.
        let (Some(handle), Some(_)) = (self.handle(), other.handle()) else {
            return Ok(self == other);
        };
        try_with(handle, |vm, own| {
            let other = other.clone().try_into_value(vm)?;
            vm.equals(own, other)
        })
    }
}

macro_rules! equality {
    ($($type:ty)*) => { $(
        impl $type {
            /// `self == other` as Lua sees it, with `__eq`. The operator `==` of Rust asks whether both are the same object.
            ///
            /// # Errors
            /// What `__eq` raised, or that the two belong to different states.
            pub fn equals(&self, other: &Self) -> Result<bool> {
                try_with(&self.0, |vm, own| {
                    let other = value_in(&other.0, vm)?;
                    vm.equals(own, other)
                })
            }
        }
    )* };
}
equality! { Table crate::userdata::AnyUserdata }
