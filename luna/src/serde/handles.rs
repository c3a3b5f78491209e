//! Handles as what serde serializes: `serde_json::to_string(&table)`.

use std::cell::{Cell, RefCell};
use std::fmt::Display;

use luna_core::Vm;
use luna_core::vm::{Handle, Look, TableRef, Unavailable, ValueRef};
use serde::Serialize;
use serde::ser::{Error as _, SerializeMap, SerializeSeq, Serializer};

use super::error::{Step, push_step};
use super::options::{Formless, SerializableOptions};
use crate::{Coroutine, Function, LuaString, Table, Value};

/// The name of the newtype that a handle shows itself as. Our own serializers know it by its place and take the value as it is.
pub(super) static HANDLE: &str = "luna::handle";

thread_local! {
    /// The handle that is just being offered as a [`HANDLE`].
    static OFFERED: RefCell<Option<Handle>> = const { RefCell::new(None) };
    /// Who is about to serialize a [`HANDLE`] adds the places to errors.
    static PLACED: Cell<bool> = const { Cell::new(false) };
}

/// Offers a handle to what `read` reads.
pub(super) fn taking<R>(handle: Handle, read: impl FnOnce() -> R) -> R {
    let _ = OFFERED.try_with(|offered| offered.replace(Some(handle)));
    let result = read();
    drop(take_offered());
    result
}

/// Serializes a [`HANDLE`] whose errors get their places from the serializer.
pub(super) fn placing<R>(serialize: impl FnOnce() -> R) -> R {
    let set = |to| {
        let _ = PLACED.try_with(|placed| placed.set(to));
    };
    set(true);
    let result = serialize();
    set(false);
    result
}

/// Whether a newtype is a handle.
#[inline]
pub(super) fn is_handle(name: &'static str) -> bool {
    std::ptr::eq(name, HANDLE)
}

/// The handle that is being offered.
pub(super) fn take_offered() -> Option<Handle> {
    OFFERED.try_with(RefCell::take).ok().flatten()
}

/// A value that is serialized with options. Made by [`Value::serializable`] and [`Table::serializable`].
///
/// ```
/// use luna::serde::Formless;
/// use luna::{Lua, Table};
///
/// # fn main() -> luna::Result<()> {
/// let lua = Lua::new();
/// let table: Table = lua.load("return { 10, 20, name = 'x', run = print }").eval()?;
/// assert!(serde_json::to_string(&table).is_err());
/// let json = serde_json::to_string(&table.serializable().formless(Formless::Skip)).unwrap();
/// assert_eq!(json, r#"{"1":10,"2":20,"name":"x"}"#);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Serializable {
    value: Value,
    options: SerializableOptions,
}

impl Serializable {
    /// Sets what becomes of functions, coroutines, userdata, and of tables that contain themselves; an error if nothing is said.
    #[must_use]
    pub fn formless(mut self, what: Formless) -> Serializable {
        self.options.formless = what;
        self
    }

    /// Sets how many levels of nesting are serialized. Each takes some of the stack: thousands of them may overflow it, which ends the process.
    #[must_use]
    pub fn max_depth(mut self, levels: usize) -> Serializable {
        self.options.max_depth = levels;
        self
    }

    /// Sets how many entries of tables are serialized.
    #[must_use]
    pub fn max_entries(mut self, entries: usize) -> Serializable {
        self.options.max_entries = entries;
        self
    }
}

impl Serialize for Serializable {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize_with(&self.options, serializer)
    }
}

impl Value {
    /// This value, to be serialized with options.
    #[must_use]
    pub fn serializable(&self) -> Serializable {
        Serializable { value: self.clone(), options: SerializableOptions::default() }
    }

    /// Serializes it.
    fn serialize_with<S: Serializer>(
        &self,
        options: &SerializableOptions,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match self {
            Value::Nil => serializer.serialize_unit(),
            Value::Boolean(b) => serializer.serialize_bool(*b),
            Value::Integer(i) => serializer.serialize_i64(*i),
            Value::Number(x) => serializer.serialize_f64(*x),
            Value::LightUserdata(p) if p.is_null() => serializer.serialize_unit(),
            Value::LightUserdata(_) => match options.formless {
                Formless::Error => Err(S::Error::custom("a light userdata cannot be serialized")),
                Formless::Null | Formless::Skip => serializer.serialize_unit(),
            },
            Value::String(LuaString(handle))
            | Value::Table(Table(handle))
            | Value::Function(Function(handle))
            | Value::Coroutine(Coroutine(handle)) => offer(handle, options, serializer),
            Value::Userdata(userdata) => offer(&userdata.0, options, serializer),
        }
    }
}

impl Table {
    /// This table, to be serialized with options.
    #[must_use]
    pub fn serializable(&self) -> Serializable {
        Value::Table(self.clone()).serializable()
    }
}

/// As a table of what it holds; its keys in order, integers before strings. What has no form, such as a function, is an error; see
/// [`Value::serializable`].
impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.serialize_with(&SerializableOptions::default(), serializer)
    }
}

/// As [`Value`].
impl Serialize for Table {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        offer(&self.0, &SerializableOptions::default(), serializer)
    }
}

/// As text if it is UTF-8, else as bytes.
impl Serialize for LuaString {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        offer(&self.0, &SerializableOptions::default(), serializer)
    }
}

/// Serializes a handle's value: our own serializers may take it as it is.
fn offer<S: Serializer>(
    handle: &Handle,
    options: &SerializableOptions,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    taking(handle.clone(), || {
        serializer.serialize_newtype_struct(HANDLE, &Pinned { handle, options })
    })
}

/// A handle as serializers see it that do not know it.
struct Pinned<'h> {
    handle: &'h Handle,
    options: &'h SerializableOptions,
}

impl Serialize for Pinned<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        drop(take_offered());
        let placed = PLACED.try_with(Cell::take).unwrap_or(false);
        let walked = self.handle.with(|vm, value| {
            let Some(value) = vm.look_at(value) else {
                return Err(S::Error::custom(Unavailable::Expired));
            };
            let walk = Walk {
                vm,
                options: self.options,
                open: RefCell::default(),
                path: RefCell::default(),
                left: Cell::new(self.options.max_entries),
                objects: Cell::default(),
                placed,
            };
            Walked { walk: &walk, value }.serialize(serializer)
        });
        walked.unwrap_or_else(|reason| Err(S::Error::custom(reason)))
    }
}

/// What all parts of one walk share.
struct Walk<'w> {
    vm: &'w Vm,
    options: &'w SerializableOptions,
    /// The tables around the value at hand.
    open: RefCell<Vec<TableRef<'w>>>,
    /// The keys that lead to it.
    path: RefCell<Vec<ValueRef<'w>>>,
    /// Entries that may still come.
    left: Cell<usize>,
    /// Objects around the value at hand whose data is written.
    objects: Cell<usize>,
    /// Errors get their places from the serializer.
    placed: bool,
}

impl<'w> Walk<'w> {
    /// An error at the value at hand.
    #[cold]
    fn error<E: serde::ser::Error>(&self, message: impl Display) -> E {
        let mut place = String::new();
        if self.placed {
            return E::custom(message);
        }
        for key in &*self.path.borrow() {
            push_step(&mut place, &Step::of(key.look()));
        }
        match place.is_empty() {
            true => E::custom(message),
            false => E::custom(format_args!("at {place}: {message}")),
        }
    }

    /// Whether a table is around the value at hand.
    fn is_open(&self, table: TableRef<'w>) -> bool {
        self.open.borrow().iter().any(|outer| outer.same(table))
    }

    /// Whether a value has a form.
    fn has_form(&self, value: ValueRef<'w>) -> bool {
        match value.look() {
            Look::Table(table) => !self.is_open(table),
            Look::Light(p) => p.is_null(),
            Look::Other => self.vm.data_of(value).is_some(),
            _ => true,
        }
    }

    /// Runs `write` on a table, one level down.
    fn within<R, E: serde::ser::Error>(
        &self,
        table: TableRef<'w>,
        write: impl FnOnce() -> Result<R, E>,
    ) -> Result<R, E> {
        if self.open.borrow().len() >= self.options.max_depth {
            let levels = self.options.max_depth;
            return Err(self.error(format_args!("more than {levels} levels of nesting")));
        }
        let Some(left) = self.left.get().checked_sub(table.count()) else {
            return Err(self.error("too many entries"));
        };
        self.left.set(left);
        self.open.borrow_mut().push(table);
        let result = write();
        self.open.borrow_mut().pop();
        result
    }

    /// Runs `write` on the data of an object, one level down.
    fn object<R, E: serde::ser::Error>(
        &self,
        write: impl FnOnce() -> Result<R, E>,
    ) -> Result<R, E> {
        if self.objects.get() >= self.options.max_depth {
            let levels = self.options.max_depth;
            return Err(self.error(format_args!("more than {levels} levels of nesting")));
        }
        self.objects.set(self.objects.get() + 1);
        let result = write();
        self.objects.set(self.objects.get() - 1);
        result
    }

    /// Runs `write` on the value at a key.
    fn at<R>(&self, key: ValueRef<'w>, write: impl FnOnce() -> R) -> R {
        self.path.borrow_mut().push(key);
        let result = write();
        self.path.borrow_mut().pop();
        result
    }

    /// The entries to be written.
    fn entries(&self, table: TableRef<'w>) -> Vec<(ValueRef<'w>, ValueRef<'w>)> {
        let mut entries = crate::keys::sorted(table);
        if self.options.formless == Formless::Skip {
            entries.retain(|(key, value)| self.has_form(*key) && self.has_form(*value));
        }
        entries
    }

    /// Whether a table is to be a sequence.
    fn is_sequence(&self, table: TableRef<'w>) -> bool {
        super::de::is_sequence(self.vm, table)
    }
}

/// A value on the way.
struct Walked<'c, 'w> {
    walk: &'c Walk<'w>,
    value: ValueRef<'w>,
}

impl Serialize for Walked<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Walked { walk, value } = *self;
        match value.look() {
            Look::Nil => serializer.serialize_unit(),
            Look::Bool(b) => serializer.serialize_bool(b),
            Look::Int(i) => serializer.serialize_i64(i),
            Look::Float(x) => serializer.serialize_f64(x),
            Look::Str(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) => serializer.serialize_str(text),
                Err(_) => serializer.serialize_bytes(bytes),
            },
            Look::Light(p) if p.is_null() => serializer.serialize_unit(),
            Look::Table(table) if !walk.is_open(table) => {
                walk.within(table, || match walk.is_sequence(table) {
                    true => sequence(walk, table, serializer),
                    false => mapping(walk, table, serializer),
                })
            }
            Look::Other if let Some(data) = walk.vm.data_of(value) => match data {
                Ok(value) => walk.object(|| Walked { walk, value }.serialize(serializer)),
                Err(message) => Err(walk.error(message)),
            },
            _ if walk.options.formless != Formless::Error => serializer.serialize_unit(),
            Look::Table(_) => Err(walk.error("the table contains itself")),
            _ => {
                let name = value.type_name();
                Err(walk.error(format_args!("a {name} cannot be serialized")))
            }
        }
    }
}

/// Writes the items of a sequence.
fn sequence<'w, S: Serializer>(
    walk: &Walk<'w>,
    table: TableRef<'w>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let entries = walk.entries(table);
    let mut out = serializer.serialize_seq(Some(entries.len()))?;
    for (key, value) in entries {
        walk.at(key, || out.serialize_element(&Walked { walk, value }))?;
    }
    out.end()
}

/// Writes the entries of a table with keys.
fn mapping<'w, S: Serializer>(
    walk: &Walk<'w>,
    table: TableRef<'w>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let entries = walk.entries(table);
    let mut out = serializer.serialize_map(Some(entries.len()))?;
    for (key, value) in entries {
        out.serialize_key(&Walked { walk, value: key })?;
        walk.at(key, || out.serialize_value(&Walked { walk, value }))?;
    }
    out.end()
}
