//! Tables and globals from the host's side.

use crate::host::convert::IntoValue;
use crate::host::roots::HostRootTicket;
use crate::host::value::{Gc, Value};
use crate::host::vm::{LuaError, Vm, release_orphan};
use crate::value::repr::{RawValue, tag};
use crate::value::table::Table;
use crate::vm::{State, coerce, compare_slow, index, members, meta};

/// A table being filled; it is rooted meanwhile.
#[derive(Debug)]
pub struct TableBuilder<'v> {
    vm: &'v mut Vm,
    table: Gc<Table>,
    /// Keeps the table; user code of a conversion may give `vm` another state.
    _rooted: Rooted,
}

impl TableBuilder<'_> {
    /// Adds an entry.
    ///
    /// # Panics
    /// If the key is nil or NaN, or a handle is stale.
    #[must_use]
    pub fn with(mut self, key: impl IntoValue, value: impl IntoValue) -> Self {
        let result = self.insert(key, value);
        match result {
            Ok(()) => self,
            Err(error) => panic!("{}", self.vm.error_text(&error)),
        }
    }

    /// Adds an entry.
    ///
    /// # Errors
    /// The key is nil or NaN, a handle is stale, or a value has no Lua equivalent.
    pub fn try_with(
        mut self,
        key: impl IntoValue,
        value: impl IntoValue,
    ) -> Result<Self, LuaError> {
        self.insert(key, value).map(|()| self)
    }

    /// Stores an entry; key and value are rooted while they are made.
    fn insert(&mut self, key: impl IntoValue, value: impl IntoValue) -> Result<(), LuaError> {
        let vm = &mut *self.vm;
        let key = key.try_into_value(vm)?;
        let mut rooted = Rooted::new(vm);
        rooted.add(key);
        let value = value.try_into_value(vm)?;
        vm.raw_set(self.table, key, value)
    }

    /// The table.
    #[must_use]
    pub fn build(self) -> Gc<Table> {
        self.table
    }
}

/// Values that are rooted as long as this lives; a guard, so the state outlives it.
#[derive(Debug)]
pub(in crate::host) struct Rooted {
    l: *mut State,
    tickets: Vec<HostRootTicket>,
}

impl Rooted {
    /// Roots nothing yet.
    pub(in crate::host) fn new(vm: &Vm) -> Rooted {
        let l = vm.state();
        // SAFETY: V1; the count keeps the state, should a conversion let go of the Vm.
        unsafe { (*l).host.accesses += 1 };
        Rooted { l, tickets: Vec::new() }
    }

    /// Roots a value of the Vm; one that is stale stays so.
    pub(in crate::host) fn add(&mut self, value: Value) {
        // SAFETY: E1; `accesses` keeps the state.
        unsafe {
            if let Some(raw) = value.checked(&(*self.l).heap).filter(|raw| raw.is_object()) {
                self.tickets.push((*self.l).host.guards.pin(raw));
            }
        }
    }
}

impl Drop for Rooted {
    fn drop(&mut self) {
        // SAFETY: E1; `accesses` has kept the state until now.
        unsafe {
            for ticket in &self.tickets {
                let unpinned = (*self.l).host.guards.unpin(*ticket);
                debug_assert!(unpinned.is_ok(), "unpinned once");
            }
            (*self.l).host.accesses -= 1;
            release_orphan(self.l);
        }
    }
}

impl Vm {
    /// Keeps values alive while `run`, which may run Lua, works on them.
    pub fn rooted<R>(&mut self, values: &[Value], run: impl FnOnce(&mut Vm) -> R) -> R {
        let mut rooted = Rooted::new(self);
        values.iter().for_each(|value| rooted.add(*value));
        run(self)
    }

    /// Starts a table.
    pub fn new_table(&mut self) -> TableBuilder<'_> {
        // SAFETY: V1, E2; the table is rooted before anything can collect.
        let table = Gc::new(unsafe { Table::new(&mut (*self.state()).heap) });
        let mut rooted = Rooted::new(self);
        rooted.add(Value::Table(table));
        TableBuilder { vm: self, table, _rooted: rooted }
    }

    /// A table of the given pairs.
    ///
    /// # Panics
    /// If a key is nil or NaN, or a handle is stale.
    pub fn table_of<K: IntoValue, V: IntoValue, const N: usize>(
        &mut self,
        pairs: [(K, V); N],
    ) -> Gc<Table> {
        pairs
            .into_iter()
            .fold(self.new_table(), |table, (key, value)| table.with(key, value))
            .build()
    }

    /// Sets a global, without metamethods.
    ///
    /// # Errors
    /// The value is stale or has no Lua equivalent.
    pub fn set_global<V: IntoValue>(&mut self, name: &str, value: V) -> Result<(), LuaError> {
        let value = value.try_into_value(self)?;
        self.set_global_value(name, value)
    }

    /// A border of the table, without metamethods; 0 for a stale handle.
    #[must_use]
    pub fn raw_len(&self, table: Gc<Table>) -> i64 {
        // SAFETY: V1; the table is checked.
        unsafe {
            Value::Table(table)
                .checked(&(*self.state()).heap)
                .map_or(0, |raw| Table::len(raw.as_ptr()))
        }
    }

    /// The entry after `key`; nil starts.
    ///
    /// # Errors
    /// `invalid key to 'next'`, or that a handle is stale.
    pub fn next(
        &mut self,
        table: Gc<Table>,
        key: Value,
    ) -> Result<Option<(Value, Value)>, LuaError> {
        let [table, key] = self.check([Value::Table(table), key], "next")?;
        // SAFETY: V1; both are live.
        match unsafe { Table::next(table.as_ptr(), &(*self.state()).heap, key) } {
            Ok(entry) => {
                Ok(entry.map(|(key, value)| (Value::from_raw(key), Value::from_raw(value))))
            }
            Err(()) => Err(LuaError(self.new_string(b"invalid key to 'next'"))),
        }
    }

    /// Values from the host, checked.
    fn check<const N: usize>(
        &mut self,
        values: [Value; N],
        function: &str,
    ) -> Result<[RawValue; N], LuaError> {
        let mut raw = [RawValue::NIL; N];
        for (raw, value) in raw.iter_mut().zip(values) {
            *raw = match self.checked(value) {
                Some(live) => live,
                None => return Err(self.stale(value, function)),
            };
        }
        Ok(raw)
    }

    /// The metatable of a value.
    #[must_use]
    pub fn metatable(&self, value: Value) -> Option<Gc<Table>> {
        // SAFETY: E2; the check found the value live, which keeps its metatable.
        unsafe {
            let raw = self.checked(value)?;
            members::expose_metatable(raw);
            let table = meta::metatable_of(self.state(), raw);
            (!table.is_null()).then(|| Gc::new(table))
        }
    }

    /// Sets a table's metatable.
    ///
    /// # Errors
    /// A handle is stale.
    pub fn set_metatable(
        &mut self,
        table: Gc<Table>,
        metatable: Option<Gc<Table>>,
    ) -> Result<(), LuaError> {
        let [table] = self.check([Value::Table(table)], "set_metatable")?;
        let meta = match metatable {
            Some(meta) => self.check([Value::Table(meta)], "set_metatable")?[0].as_ptr(),
            None => std::ptr::null_mut(),
        };
        // SAFETY: V1; both are live.
        unsafe { meta::set_metatable(self.state(), table.as_ptr(), meta) }
        Ok(())
    }

    /// `object[key]`, with metamethods.
    ///
    /// # Errors
    /// What was raised, or that a handle is stale.
    pub fn get(&mut self, object: Value, key: Value) -> Result<Value, LuaError> {
        let [object, key] = self.check([object, key], "get")?;
        // SAFETY: V1; both are live, and rooted by the call if there is one.
        self.enter(|l| unsafe {
            crate::vm::call::guarded(l, |l| index::get_from_native(l, object, key))
                .map(Value::from_raw)
                .map_err(|_| LuaError(Value::from_raw((*l).error)))
        })?
    }

    /// `object[key] = value`, with metamethods.
    ///
    /// # Errors
    /// What was raised, or that a handle is stale.
    pub fn set(&mut self, object: Value, key: Value, value: Value) -> Result<(), LuaError> {
        let [object, key, value] = self.check([object, key, value], "set")?;
        // SAFETY: V1; as `get`: the check found all three live, and the call roots them.
        self.enter(|l| unsafe {
            crate::vm::call::guarded(l, |l| index::set_from_native(l, object, key, value))
                .map_err(|_| LuaError(Value::from_raw((*l).error)))
        })?
    }

    /// `#object`, with metamethods.
    ///
    /// # Errors
    /// What was raised, or that the handle is stale.
    pub fn len(&mut self, object: Value) -> Result<Value, LuaError> {
        let [object] = self.check([object], "len")?;
        // SAFETY: V1; as `get`.
        self.enter(|l| unsafe {
            crate::vm::call::guarded(l, |l| index::len_from_native(l, object))
                .map(Value::from_raw)
                .map_err(|_| LuaError(Value::from_raw((*l).error)))
        })?
    }

    /// `a == b`, with metamethods.
    ///
    /// # Errors
    /// What was raised, or that a handle is stale.
    pub fn equals(&mut self, a: Value, b: Value) -> Result<bool, LuaError> {
        let [a, b] = self.check([a, b], "equals")?;
        // SAFETY: V1; as `get`: the check found both live, and the call roots them.
        self.enter(|l| unsafe {
            crate::vm::call::guarded(l, |l| compare_slow::equal_from_native(l, a, b))
                .map_err(|_| LuaError(Value::from_raw((*l).error)))
        })?
    }

    /// `a < b`, with metamethods.
    ///
    /// # Errors
    /// What was raised, or that a handle is stale.
    pub fn less_than(&mut self, a: Value, b: Value) -> Result<bool, LuaError> {
        let [a, b] = self.check([a, b], "less_than")?;
        // SAFETY: V1; as `get`: the check found both live, and the call roots them.
        self.enter(|l| unsafe {
            crate::vm::call::guarded(l, |l| compare_slow::less_from_native(l, a, b))
                .map_err(|_| LuaError(Value::from_raw((*l).error)))
        })?
    }

    /// `tostring(value)`, with metamethods: a string.
    ///
    /// # Errors
    /// What was raised, or that the handle is stale.
    pub fn tostring_value(&mut self, value: Value) -> Result<Value, LuaError> {
        let [value] = self.check([value], "tostring_value")?;
        // SAFETY: V1; as `get`; what was pushed is taken off again.
        self.enter(|l| unsafe {
            let at = (*l).w.top.offset_from((*l).w.stack);
            let text = crate::vm::call::guarded(l, |l| coerce::push_tostring(l, value))
                .map(|()| Value::from_raw(*(*l).w.top.sub(1)))
                .map_err(|_| LuaError(Value::from_raw((*l).error)));
            (*l).w.top = (*l).w.stack.offset(at);
            text
        })?
    }

    /// Sets the metatable that all strings share, or removes it.
    ///
    /// # Panics
    /// If the table is stale.
    pub fn set_string_metatable(&mut self, metatable: Option<Gc<Table>>) {
        let table = match metatable {
            Some(table) => {
                self.check_or_panic(Value::Table(table), "set_string_metatable").as_ptr()
            }
            None => std::ptr::null_mut(),
        };
        // SAFETY: V1; type metatables are roots.
        unsafe { (*self.state()).type_meta[tag::STR as usize] = table }
    }
}
