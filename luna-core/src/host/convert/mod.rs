//! Conversions between Rust and Lua values.

pub(crate) mod collections;
pub(crate) mod pinned;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::fmt;
use std::hash::Hash;

use crate::host::convert::pinned::Pinned;
use crate::host::roots::handles::Handle;
use crate::host::typed::signature::Kind;
use crate::host::typed::{NativeCall, Pending, Slot};
use crate::host::userdata::describe::TypeInfo;
use crate::host::value::{Gc, Value};
use crate::host::vm::tables::Rooted;
use crate::host::vm::{LuaError, Vm};
use crate::value::function::{LuaClosure, NativeClosure};
use crate::value::number::Number;
use crate::value::repr::{RawValue, tag};
use crate::value::string::Str;
use crate::value::table::Table;
use crate::value::thread::Coro;
use crate::value::userdata::UserdataObj;

/// Whether a conversion runs nobody's code. The type has no name outside of the crate, so that no other one can claim it.
#[derive(Clone, Copy, Debug)]
pub struct Immediate(pub(crate) bool);

/// Becomes a Lua value.
#[diagnostic::on_unimplemented(
    message = "Lua cannot be given a `{Self}`",
    label = "no Lua value",
    note = "write `#[derive(LuaUserdata)]` on the type to give objects with methods, `#[derive(IntoLua)]` to give tables or strings"
)]
pub trait IntoValue: Sized {
    /// How it travels as a result of a native.
    #[doc(hidden)]
    const KIND: Kind = Kind::Value;

    /// Whether [`IntoValue::into_slot`] takes no more than a state: it runs nobody's code.
    #[doc(hidden)]
    const IMMEDIATE: Immediate = Immediate(Self::HANDLE.is_some());

    /// Where the handle is, if the type is one.
    #[doc(hidden)]
    const HANDLE: Option<fn(&Self) -> &Handle> = None;

    /// Whether an object that it becomes has been there before.
    #[doc(hidden)]
    const EXISTS: bool = Self::HANDLE.is_some();

    /// As a machine word of its kind.
    #[doc(hidden)]
    #[inline(always)]
    fn into_word(self) -> u64 {
        0
    }

    /// What the source says of the type, for tools; none unless the conversion is derived.
    #[doc(hidden)]
    #[must_use]
    fn describe_type() -> Option<TypeInfo> {
        None
    }

    /// The value.
    fn into_value(self, vm: &mut Vm) -> Value;

    /// The value, or why there is none.
    ///
    /// # Errors
    /// The Rust value has no Lua equivalent.
    fn try_into_value(self, vm: &mut Vm) -> Result<Value, LuaError> {
        Ok(self.into_value(vm))
    }

    /// A list of such values: a table, except for bytes.
    ///
    /// # Errors
    /// As [`IntoValue::try_into_value`].
    #[doc(hidden)]
    fn list_into_value(list: Vec<Self>, vm: &mut Vm) -> Result<Value, LuaError> {
        new_table_from(vm, (1_i64..).zip(list))
    }

    /// The value as a result of a native.
    ///
    /// # Errors
    /// As [`IntoValue::try_into_value`].
    #[doc(hidden)]
    #[inline]
    fn into_slot(self, call: &NativeCall) -> Result<Slot, Pending> {
        if let Some(handle) = Self::HANDLE {
            return pinned::slot_of(handle(&self), call);
        }
        let value = call.with_vm(|vm| self.try_into_value(vm))?;
        match value {
            Ok(value) => call.admit(value),
            Err(error) => Err(call.raise(error)),
        }
    }
}

/// Comes from a Lua value.
#[diagnostic::on_unimplemented(
    message = "a Lua value cannot become a `{Self}`",
    label = "does not come from Lua",
    note = "if the type is a class of Lua, take it as `&T` or `&mut T`, or write `#[lua(clone)]` on the type to copy it; if it is none, write `#[derive(FromLua)]` to read it from tables or strings"
)]
pub trait FromLuaValue: Sized {
    /// How it travels as an argument of a native.
    #[doc(hidden)]
    const KIND: Kind = Kind::Value;

    /// From a machine word of its kind.
    #[doc(hidden)]
    #[inline(always)]
    fn from_word(_word: u64) -> Option<Self> {
        None
    }

    /// What the source says of the type, for tools; none unless the conversion is derived.
    #[doc(hidden)]
    #[must_use]
    fn describe_type() -> Option<TypeInfo> {
        None
    }

    /// The Rust value.
    ///
    /// # Errors
    /// What was expected, and what was there.
    fn from_lua_value(value: Value, vm: &mut Vm) -> Result<Self, ConvError>;

    /// A list of such values: from a table, bytes also from a string.
    ///
    /// # Errors
    /// As [`FromLuaValue::from_lua_value`].
    #[doc(hidden)]
    fn list_from_value(value: Value, vm: &mut Vm) -> Result<Vec<Self>, ConvError> {
        let Value::Table(table) = value else {
            return Err(ConvError::expected("table", value, vm));
        };
        let _level = Nested::enter()?;
        let mut list = Vec::new();
        for i in 1..=vm.raw_len(table) {
            let element = vm.raw_get(table, Value::Int(i));
            list.push(
                Self::from_lua_value(element, vm)
                    .map_err(|e| e.within(format_args!("table element [{i}]")))?,
            );
        }
        Ok(list)
    }

    /// The Rust value, where that takes no more than a look at an argument.
    #[doc(hidden)]
    #[inline(always)]
    fn from_slot(slot: Slot, call: &NativeCall) -> Option<Self> {
        Self::PINNED.and_then(|pinned| pinned.wrap_slot(slot, call))
    }

    /// How it is made, if the type is a handle.
    #[doc(hidden)]
    const PINNED: Option<Pinned<Self>> = None;
}

/// Why a conversion failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConvError {
    /// The expected type, or the whole message if `got` is empty.
    pub expected: Cow<'static, str>,
    /// The type that was there.
    pub got: Cow<'static, str>,
    /// Where in a nested value, outermost first: `table element [3]: `.
    pub path: String,
}

impl ConvError {
    /// A message of its own.
    pub fn message(text: impl Into<Cow<'static, str>>) -> ConvError {
        ConvError { expected: text.into(), got: Cow::Borrowed(""), path: String::new() }
    }

    /// `EXPECTED expected, got X`
    pub fn expected(expected: impl Into<Cow<'static, str>>, value: Value, vm: &Vm) -> ConvError {
        ConvError {
            expected: expected.into(),
            got: Cow::Owned(vm.type_name_of(value)),
            path: String::new(),
        }
    }

    /// The same failure inside of something.
    #[must_use]
    pub fn within(mut self, place: impl fmt::Display) -> ConvError {
        self.path = format!("{place}: {}", self.path);
        self
    }

    /// The same failure of what was found under a key.
    pub(in crate::host) fn at_key(self, key: Value, vm: &Vm) -> ConvError {
        match (key, vm.str_bytes(key)) {
            (_, Some(text)) => {
                self.within(format_args!("field '{}'", String::from_utf8_lossy(text)))
            }
            (Value::Int(i), _) => self.within(format_args!("element [{i}]")),
            _ => self.within(format_args!("field of a {} key", key.type_name())),
        }
    }

    /// The same failure of a result, by its place from 0.
    pub(in crate::host) fn of_result(self, place: usize) -> ConvError {
        self.within(format_args!("result #{}", place + 1))
    }

    /// The error with this text.
    #[must_use]
    pub fn into_error(self, vm: &mut Vm) -> LuaError {
        let text = self.to_string();
        LuaError(vm.new_string(text.as_bytes()))
    }
}

impl fmt::Display for ConvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        f.write_str(&self.expected)?;
        if self.got.is_empty() { Ok(()) } else { write!(f, " expected, got {}", self.got) }
    }
}

impl std::error::Error for ConvError {}

impl Vm {
    /// Converts a value.
    ///
    /// # Errors
    /// What was expected, and what was there.
    pub fn convert<T: FromLuaValue>(&mut self, value: Value) -> Result<T, LuaError> {
        let converted = match value {
            // What is converted from inside it may run Lua.
            Value::Table(_) => self.rooted(&[value], |vm| T::from_lua_value(value, vm)),
            _ => T::from_lua_value(value, self),
        };
        converted.map_err(|e| e.into_error(self))
    }
}

impl IntoValue for Value {
    const EXISTS: bool = true;

    fn into_value(self, _vm: &mut Vm) -> Value {
        self
    }
}

impl FromLuaValue for Value {
    fn from_lua_value(value: Value, _vm: &mut Vm) -> Result<Value, ConvError> {
        Ok(value)
    }

    #[inline(always)]
    fn from_slot(slot: Slot, _call: &NativeCall) -> Option<Value> {
        Some(Value::from_raw(slot.0))
    }
}

macro_rules! handles {
    ($($object:ident $variant:ident $name:literal)*) => { $(
        impl IntoValue for Gc<$object> {
        const EXISTS: bool = true;

            fn into_value(self, _vm: &mut Vm) -> Value {
                Value::$variant(self)
            }
        }

        impl From<Gc<$object>> for Value {
            fn from(object: Gc<$object>) -> Value {
                Value::$variant(object)
            }
        }

        impl FromLuaValue for Gc<$object> {
            fn from_lua_value(value: Value, vm: &mut Vm) -> Result<Self, ConvError> {
                if let Value::$variant(g) = value { Ok(g) } else { Err(ConvError::expected($name, value, vm)) }
            }
        }
    )* };
}
handles! {
    Str Str "string" Table Table "table" LuaClosure Closure "function" NativeClosure Native "function" Coro Coro "thread"
    UserdataObj Userdata "userdata"
}

impl IntoValue for bool {
    const KIND: Kind = Kind::Bool;

    #[inline(always)]
    fn into_word(self) -> u64 {
        u64::from(self)
    }

    fn into_value(self, _vm: &mut Vm) -> Value {
        Value::Bool(self)
    }

    const IMMEDIATE: Immediate = Immediate(true);

    #[inline(always)]
    fn into_slot(self, _call: &NativeCall) -> Result<Slot, Pending> {
        Ok(Slot(RawValue::bool(self)))
    }
}

impl FromLuaValue for bool {
    const KIND: Kind = Kind::Bool;

    #[inline(always)]
    fn from_word(word: u64) -> Option<bool> {
        Some(word != 0)
    }

    fn from_lua_value(value: Value, vm: &mut Vm) -> Result<bool, ConvError> {
        if let Value::Bool(b) = value {
            Ok(b)
        } else {
            Err(ConvError::expected("boolean", value, vm))
        }
    }

    #[inline(always)]
    fn from_slot(slot: Slot, _call: &NativeCall) -> Option<bool> {
        match slot.0.tag {
            tag::TRUE => Some(true),
            tag::FALSE => Some(false),
            _ => None,
        }
    }
}

/// The exact integer of a value.
fn exact_int(value: Value, vm: &Vm) -> Result<i64, ConvError> {
    match value {
        Value::Int(i) => Ok(i),
        Value::Float(f) => Number::Float(f)
            .to_int_exact()
            .ok_or_else(|| ConvError::message("number has no integer representation")),
        _ => Err(ConvError::expected("number", value, vm)),
    }
}

macro_rules! from_int {
    ($($t:ident)*) => { $( from_int! { @$t {} } )* };
    (@$t:ident { $($extra:item)* }) => {
        impl FromLuaValue for $t {
            const KIND: Kind = Kind::Int { bits: $t::BITS as u8, signed: $t::MIN != 0 };

            #[inline(always)]
            fn from_word(word: u64) -> Option<$t> {
                $t::try_from(word.cast_signed()).ok()
            }

            fn from_lua_value(value: Value, vm: &mut Vm) -> Result<$t, ConvError> {
                let i = exact_int(value, vm)?;
                $t::try_from(i).map_err(|_| ConvError::message(concat!("number out of range for ", stringify!($t))))
            }

            #[inline(always)]
            fn from_slot(slot: Slot, _call: &NativeCall) -> Option<$t> {
                if slot.0.tag == tag::INT { $t::try_from(slot.0.as_int()).ok() } else { None }
            }

            $($extra)*
        }
    };
}
from_int! { i8 i16 i32 i64 isize i128 u16 u32 u64 usize u128 }
from_int! { @u8 {
    fn list_from_value(value: Value, vm: &mut Vm) -> Result<Vec<u8>, ConvError> {
        if let Some(bytes) = vm.str_bytes(value) {
            return Ok(bytes.to_vec());
        }
        let Value::Table(table) = value else { return Err(ConvError::expected("string", value, vm)) };
        let mut bytes = Vec::new();
        for i in 1..=vm.raw_len(table) {
            let element = vm.raw_get(table, Value::Int(i));
            bytes.push(u8::from_lua_value(element, vm).map_err(|e| e.within(format_args!("table element [{i}]")))?);
        }
        Ok(bytes)
    }
} }

macro_rules! into_int {
    ($($t:ident)*) => { $( into_int! { @$t {} } )* };
    (@$t:ident { $($extra:item)* }) => {
        impl IntoValue for $t {
            const KIND: Kind = Kind::Int { bits: $t::BITS as u8, signed: $t::MIN != 0 };

            #[inline(always)]
            fn into_word(self) -> u64 {
                i64::from(self).cast_unsigned()
            }

            fn into_value(self, _vm: &mut Vm) -> Value {
                Value::Int(i64::from(self))
            }

            const IMMEDIATE: Immediate = Immediate(true);


            #[inline(always)]
            fn into_slot(self, _call: &NativeCall) -> Result<Slot, Pending> {
                Ok(Slot(RawValue::int(i64::from(self))))
            }

            $($extra)*
        }
    };
}
into_int! { i8 i16 i32 i64 u16 u32 }
into_int! { @u8 {
    fn list_into_value(list: Vec<u8>, vm: &mut Vm) -> Result<Value, LuaError> {
        Ok(vm.new_string(&list))
    }
} }

macro_rules! try_into_int {
    ($($t:ident)*) => { $(
        impl IntoValue for $t {
            /// # Panics
            /// If the number does not fit an integer of Lua.
            fn into_value(self, _vm: &mut Vm) -> Value {
                Value::Int(i64::try_from(self).expect("number out of range for i64"))
            }

            fn try_into_value(self, vm: &mut Vm) -> Result<Value, LuaError> {
                match i64::try_from(self) {
                    Ok(i) => Ok(Value::Int(i)),
                    Err(_) => Err(LuaError(vm.new_string(b"number out of range for i64"))),
                }
            }
        }
    )* };
}
try_into_int! { u64 usize isize i128 u128 }

impl IntoValue for f64 {
    const KIND: Kind = Kind::Float;

    #[inline(always)]
    fn into_word(self) -> u64 {
        self.to_bits()
    }

    fn into_value(self, _vm: &mut Vm) -> Value {
        Value::Float(self)
    }

    const IMMEDIATE: Immediate = Immediate(true);

    #[inline(always)]
    fn into_slot(self, _call: &NativeCall) -> Result<Slot, Pending> {
        Ok(Slot(RawValue::float(self)))
    }
}

impl FromLuaValue for f64 {
    const KIND: Kind = Kind::Float;

    #[inline(always)]
    fn from_word(word: u64) -> Option<f64> {
        Some(f64::from_bits(word))
    }

    fn from_lua_value(value: Value, vm: &mut Vm) -> Result<f64, ConvError> {
        match value {
            Value::Float(f) => Ok(f),
            Value::Int(i) => Ok(Number::Int(i).to_f64()),
            _ => Err(ConvError::expected("number", value, vm)),
        }
    }

    #[inline(always)]
    fn from_slot(slot: Slot, _call: &NativeCall) -> Option<f64> {
        match slot.0.tag {
            tag::FLOAT => Some(slot.0.as_float()),
            tag::INT => Some(Number::Int(slot.0.as_int()).to_f64()),
            _ => None,
        }
    }
}

impl IntoValue for f32 {
    fn into_value(self, _vm: &mut Vm) -> Value {
        Value::Float(f64::from(self))
    }
}

impl FromLuaValue for f32 {
    fn from_lua_value(value: Value, vm: &mut Vm) -> Result<f32, ConvError> {
        let wide = f64::from_lua_value(value, vm)?;
        let narrow = wide as f32;
        if wide.is_finite() && narrow.is_infinite() {
            return Err(ConvError::message("number out of range for f32"));
        }
        Ok(narrow)
    }
}

macro_rules! into_text {
    ($($t:ty, $this:ident => $bytes:expr;)*) => { $(
        impl IntoValue for $t {
            fn into_value(self, vm: &mut Vm) -> Value {
                let $this = self;
                vm.new_string($bytes)
            }

            const IMMEDIATE: Immediate = Immediate(true);


            #[inline]
            fn into_slot(self, call: &NativeCall) -> Result<Slot, Pending> {
                let $this = self;
                Ok(call.string($bytes))
            }
        }
    )* };
}
into_text! {
    &str, s => s.as_bytes();
    String, s => s.as_bytes();
    &String, s => s.as_bytes();
    Box<str>, s => s.as_bytes();
    Cow<'_, str>, s => s.as_bytes();
    char, c => c.encode_utf8(&mut [0; 4]).as_bytes();
    &[u8], s => s;
    std::rc::Rc<str>, s => s.as_bytes();
    std::path::PathBuf, s => s.as_os_str().as_encoded_bytes();
    &std::path::Path, s => s.as_os_str().as_encoded_bytes();
    std::ffi::OsString, s => s.as_encoded_bytes();
    std::ffi::CString, s => s.as_bytes();
    &std::ffi::CStr, s => s.to_bytes();
}

impl<const N: usize> IntoValue for &[u8; N] {
    fn into_value(self, vm: &mut Vm) -> Value {
        vm.new_string(self)
    }
}

/// The text of a string value.
pub(super) fn text(value: Value, vm: &Vm) -> Result<&str, ConvError> {
    match vm.str_utf8(value) {
        Some(text) => Ok(text),
        None if matches!(value, Value::Str(_)) && vm.is_live(value) => {
            Err(ConvError::message("invalid UTF-8"))
        }
        None => Err(ConvError::expected("string", value, vm)),
    }
}

macro_rules! from_text {
    ($($t:ty)*) => { $(
        impl FromLuaValue for $t {
            fn from_lua_value(value: Value, vm: &mut Vm) -> Result<$t, ConvError> {
                text(value, vm).map(<$t>::from)
            }

            #[inline]
            fn from_slot(slot: Slot, _call: &NativeCall) -> Option<$t> {
                if slot.0.tag != tag::STR {
                    return None;
                }
                // SAFETY: V1; an argument is live, and nothing runs while its bytes are looked at.
                unsafe { Str::text(slot.0.as_ptr()) }.map(<$t>::from)
            }
        }
    )* };
}
from_text! { String Box<str> std::rc::Rc<str> std::path::PathBuf std::ffi::OsString }

impl FromLuaValue for char {
    fn from_lua_value(value: Value, vm: &mut Vm) -> Result<char, ConvError> {
        let mut chars = text(value, vm)?.chars();
        match (chars.next(), chars.next()) {
            (Some(c), None) => Ok(c),
            _ => Err(ConvError::message("string of one character expected")),
        }
    }
}

impl<T: IntoValue> IntoValue for Option<T> {
    const EXISTS: bool = T::EXISTS;

    fn into_value(self, vm: &mut Vm) -> Value {
        self.map_or(Value::Nil, |value| value.into_value(vm))
    }

    fn try_into_value(self, vm: &mut Vm) -> Result<Value, LuaError> {
        self.map_or(Ok(Value::Nil), |value| value.try_into_value(vm))
    }

    const IMMEDIATE: Immediate = T::IMMEDIATE;

    #[inline(always)]
    fn into_slot(self, call: &NativeCall) -> Result<Slot, Pending> {
        self.map_or(Ok(Slot(RawValue::NIL)), |value| value.into_slot(call))
    }
}

impl<T: FromLuaValue> FromLuaValue for Option<T> {
    fn from_lua_value(value: Value, vm: &mut Vm) -> Result<Option<T>, ConvError> {
        if value.is_nil() { Ok(None) } else { T::from_lua_value(value, vm).map(Some) }
    }

    #[inline(always)]
    fn from_slot(slot: Slot, call: &NativeCall) -> Option<Option<T>> {
        if slot.0.is_nil() { Some(None) } else { T::from_slot(slot, call).map(Some) }
    }
}

/// A new table of converted pairs, rooted while conversions run.
pub(super) fn new_table_from<I>(vm: &mut Vm, pairs: I) -> Result<Value, LuaError>
where
    I: IntoIterator,
    I::Item: PairIntoValues,
{
    let _level = Nested::enter().map_err(|e| e.into_error(vm))?;
    let table = vm.new_table().build();
    let mut rooted = Rooted::new(vm);
    rooted.add(Value::Table(table));
    for pair in pairs {
        let (key, value) = pair.into_values(vm)?;
        vm.raw_set(table, key, value)?;
    }
    Ok(Value::Table(table))
}

/// A pair that becomes a key and a value.
pub(super) trait PairIntoValues {
    /// Key and value.
    fn into_values(self, vm: &mut Vm) -> Result<(Value, Value), LuaError>;
}

impl<K: IntoValue, V: IntoValue> PairIntoValues for (K, V) {
    fn into_values(self, vm: &mut Vm) -> Result<(Value, Value), LuaError> {
        let key = self.0.try_into_value(vm)?;
        let mut rooted = Rooted::new(vm);
        rooted.add(key);
        let value = self.1.try_into_value(vm)?;
        Ok((key, value))
    }
}

macro_rules! into_table {
    ($([$($p:tt)*] $t:ty, $this:ident => $pairs:expr;)*) => { $(
        impl<$($p)*> IntoValue for $t {
            /// # Panics
            /// If an element has no Lua equivalent.
            fn into_value(self, vm: &mut Vm) -> Value {
                match self.try_into_value(vm) {
                    Ok(value) => value,
                    Err(error) => panic!("{}", vm.error_text(&error)),
                }
            }

            fn try_into_value(self, vm: &mut Vm) -> Result<Value, LuaError> {
                let $this = self;
                new_table_from(vm, $pairs)
            }
        }
    )* };
}
into_table! {
    [K: IntoValue, V: IntoValue, S] HashMap<K, V, S>, map => map;
    [K: IntoValue, V: IntoValue] BTreeMap<K, V>, map => map;
    [T: IntoValue] VecDeque<T>, list => (1_i64..).zip(list);
    [T: IntoValue, S] HashSet<T, S>, set => set.into_iter().map(|key| (key, true));
    [T: IntoValue] BTreeSet<T>, set => set.into_iter().map(|key| (key, true));
}

/// Deepest nesting of converted tables.
const MAX_NESTING: usize = 128;

thread_local! {
    /// Depth of the conversion in progress.
    static NESTING: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// Counts one level of a nested conversion while it lives: what derives generate nests as deep as the value does.
#[doc(hidden)]
#[derive(Debug)]
pub struct Nested(());

impl Nested {
    /// One level deeper.
    ///
    /// # Errors
    /// It is nested too deep already.
    pub fn enter() -> Result<Nested, ConvError> {
        let depth = NESTING.get();
        if depth >= MAX_NESTING {
            return Err(ConvError::message("table nesting too deep"));
        }
        NESTING.set(depth + 1);
        Ok(Nested(()))
    }
}

impl Drop for Nested {
    fn drop(&mut self) {
        NESTING.set(NESTING.get() - 1);
    }
}

impl<T: FromLuaValue> FromLuaValue for Vec<T> {
    fn from_lua_value(value: Value, vm: &mut Vm) -> Result<Vec<T>, ConvError> {
        T::list_from_value(value, vm)
    }
}

impl<T: IntoValue> IntoValue for Vec<T> {
    /// # Panics
    /// If an element has no Lua equivalent.
    fn into_value(self, vm: &mut Vm) -> Value {
        match T::list_into_value(self, vm) {
            Ok(value) => value,
            Err(error) => panic!("{}", vm.error_text(&error)),
        }
    }

    fn try_into_value(self, vm: &mut Vm) -> Result<Value, LuaError> {
        T::list_into_value(self, vm)
    }
}

impl<T: IntoValue, const N: usize> IntoValue for [T; N] {
    /// # Panics
    /// If an element has no Lua equivalent.
    fn into_value(self, vm: &mut Vm) -> Value {
        Vec::from(self).into_value(vm)
    }

    fn try_into_value(self, vm: &mut Vm) -> Result<Value, LuaError> {
        T::list_into_value(Vec::from(self), vm)
    }
}

impl<T: FromLuaValue, const N: usize> FromLuaValue for [T; N] {
    fn from_lua_value(value: Value, vm: &mut Vm) -> Result<[T; N], ConvError> {
        let list = Vec::<T>::from_lua_value(value, vm)?;
        let got = list.len();
        list.try_into()
            .map_err(|_| ConvError::message(format!("table of {N} elements expected, got {got}")))
    }
}

/// The pairs of a table, converted.
pub(super) fn pairs<K: FromLuaValue, V: FromLuaValue, M: Extend<(K, V)> + Default>(
    value: Value,
    vm: &mut Vm,
) -> Result<M, ConvError> {
    let Value::Table(table) = value else { return Err(ConvError::expected("table", value, vm)) };
    let _level = Nested::enter()?;
    let (mut map, mut at) = (M::default(), Value::Nil);
    while let Ok(Some((key, value))) = vm.next(table, at) {
        at = key;
        let place = match vm.str_utf8(key) {
            Some(name) => format!("table field '{name}'"),
            None => "table key".to_owned(),
        };
        let key = K::from_lua_value(key, vm).map_err(|e| e.within(&place))?;
        let value = V::from_lua_value(value, vm).map_err(|e| e.within(&place))?;
        map.extend([(key, value)]);
    }
    Ok(map)
}

impl<K: FromLuaValue + Eq + Hash, V: FromLuaValue, S: std::hash::BuildHasher + Default> FromLuaValue
    for HashMap<K, V, S>
{
    fn from_lua_value(value: Value, vm: &mut Vm) -> Result<Self, ConvError> {
        pairs(value, vm)
    }
}

impl<K: FromLuaValue + Ord, V: FromLuaValue> FromLuaValue for BTreeMap<K, V> {
    fn from_lua_value(value: Value, vm: &mut Vm) -> Result<Self, ConvError> {
        pairs(value, vm)
    }
}
