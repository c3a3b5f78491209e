//! Values of any type.

use std::fmt;

use luna_core::Vm;
use luna_core::runtime::Value as RawValue;
use luna_core::vm::{ConvError, FromLuaValue, Handle, IntoValue, LuaError};

use crate::coroutine::Coroutine;
use crate::function::Function;
use crate::handle::value_in;
use crate::pretty::show;
use crate::string::LuaString;
use crate::table::Table;
use crate::traced::TracedTarget as _;
use crate::userdata::AnyUserdata;

/// A Lua value.
#[derive(Clone)]
pub enum Value {
    /// `nil`
    Nil,
    /// A boolean.
    Boolean(bool),
    /// An integer.
    Integer(i64),
    /// A float.
    Number(f64),
    /// A string.
    String(LuaString),
    /// A table.
    Table(Table),
    /// A function.
    Function(Function),
    /// A coroutine.
    Coroutine(Coroutine),
    /// A userdata.
    Userdata(AnyUserdata),
    /// A light userdata.
    LightUserdata(*const ()),
}

impl Value {
    /// Pins a value that the Vm gave out.
    pub(crate) fn new(vm: &mut Vm, value: RawValue) -> Value {
        Value::of(value, || Handle::new(vm, value))
    }

    /// A value, whose handle is asked for if it is an object.
    pub(crate) fn of(value: RawValue, handle: impl FnOnce() -> Handle) -> Value {
        match value {
            RawValue::Nil => Value::Nil,
            RawValue::Bool(b) => Value::Boolean(b),
            RawValue::Int(i) => Value::Integer(i),
            RawValue::Float(f) => Value::Number(f),
            RawValue::LightUserdata(p) => Value::LightUserdata(p),
            RawValue::Str(_) => Value::String(LuaString(handle())),
            RawValue::Table(_) => Value::Table(Table(handle())),
            RawValue::Closure(_) | RawValue::Native(_) => Value::Function(Function(handle())),
            RawValue::Coro(_) => Value::Coroutine(Coroutine(handle())),
            RawValue::Userdata(_) => Value::Userdata(AnyUserdata(handle())),
        }
    }

    /// The handle, if it is an object.
    pub(crate) fn handle(&self) -> Option<&Handle> {
        match self {
            Value::Nil
            | Value::Boolean(_)
            | Value::Integer(_)
            | Value::Number(_)
            | Value::LightUserdata(_) => None,
            Value::String(LuaString(handle))
            | Value::Table(Table(handle))
            | Value::Function(Function(handle))
            | Value::Coroutine(Coroutine(handle))
            | Value::Userdata(AnyUserdata(handle)) => Some(handle),
        }
    }

    /// The type's name, as `type` gives it.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        match self {
            Value::Nil => "nil",
            Value::Boolean(_) => "boolean",
            Value::Integer(_) | Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Table(_) => "table",
            Value::Function(_) => "function",
            Value::Coroutine(_) => "thread",
            Value::Userdata(_) | Value::LightUserdata(_) => "userdata",
        }
    }

    /// The boolean, if it is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        if let Value::Boolean(b) = self { Some(*b) } else { None }
    }

    /// The integer, also that of a float with an exact one.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Value::Integer(i) => Some(*i),
            Value::Number(f)
                if f.trunc() == *f && (-(2_f64.powi(63))..2_f64.powi(63)).contains(f) =>
            {
                Some(*f as i64)
            }
            _ => None,
        }
    }

    /// The number.
    #[must_use]
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Value::Integer(i) => Some(*i as f64),
            Value::Number(f) => Some(*f),
            _ => None,
        }
    }

    /// The string, if it is one.
    #[must_use]
    pub fn as_string(&self) -> Option<&LuaString> {
        if let Value::String(string) = self { Some(string) } else { None }
    }

    /// The table, if it is one.
    #[must_use]
    pub fn as_table(&self) -> Option<&Table> {
        if let Value::Table(table) = self { Some(table) } else { None }
    }

    /// The function, if it is one.
    #[must_use]
    pub fn as_function(&self) -> Option<&Function> {
        if let Value::Function(function) = self { Some(function) } else { None }
    }

    /// The userdata, if it is one.
    #[must_use]
    pub fn as_userdata(&self) -> Option<&AnyUserdata> {
        if let Value::Userdata(userdata) = self { Some(userdata) } else { None }
    }

    /// Whether the value counts as true.
    #[must_use]
    pub fn truthy(&self) -> bool {
        !matches!(self, Value::Nil | Value::Boolean(false))
    }

    /// Whether the value is `nil`.
    #[must_use]
    pub fn is_nil(&self) -> bool {
        matches!(self, Value::Nil)
    }
}

/// The value: what handles hold in a line by `{:?}`, with all that is nested by `{:#?}`. No Lua runs.
///
/// ```
/// use luna::{Lua, Value};
///
/// let lua = Lua::new();
/// let value: Value = lua.load("{ 1, 'two', name = 'x', at = { 1 } }").eval()?;
/// assert_eq!(format!("{value:?}"), r#"{1, "two", at = {...}, name = "x"}"#);
/// # luna::Result::Ok(())
/// ```
impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Nil => f.write_str("nil"),
            Value::Boolean(b) => write!(f, "{b}"),
            Value::Integer(i) => write!(f, "{i}"),
            Value::Number(x) => write!(f, "{x:?}"),
            Value::LightUserdata(p) if p.is_null() => f.write_str("null"),
            Value::LightUserdata(p) => write!(f, "light userdata: {p:?}"),
            object => match object.handle() {
                Some(handle) => show(handle, f),
                None => Ok(()),
            },
        }
    }
}

impl FromLuaValue for Value {
    fn from_lua_value(value: RawValue, vm: &mut Vm) -> Result<Value, ConvError> {
        Ok(Value::new(vm, value))
    }
}

impl IntoValue for Value {
    const EXISTS: bool = true;

    /// # Panics
    /// If the value belongs to another Lua.
    fn into_value(self, vm: &mut Vm) -> RawValue {
        self.try_into_value(vm).expect("the value belongs to this Lua")
    }

    fn try_into_value(self, vm: &mut Vm) -> Result<RawValue, LuaError> {
        match self.into_handle() {
            Ok(handle) => value_in(&handle, vm),
            Err(plain) => Ok(plain),
        }
    }
}

impl IntoValue for &Value {
    /// # Panics
    /// If the value belongs to another Lua.
    fn into_value(self, vm: &mut Vm) -> RawValue {
        self.clone().into_value(vm)
    }

    fn try_into_value(self, vm: &mut Vm) -> Result<RawValue, LuaError> {
        self.clone().try_into_value(vm)
    }
}

/// Primitive equality: numbers by value, all else by identity. Long strings of equal bytes may be different objects.
impl PartialEq for Value {
    fn eq(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::Nil, Value::Nil) => true,
            (Value::Boolean(a), Value::Boolean(b)) => a == b,
            (Value::LightUserdata(a), Value::LightUserdata(b)) => a == b,
            (Value::Integer(_) | Value::Number(_), Value::Integer(_) | Value::Number(_)) => {
                self.number_for_comparison().same(other.number_for_comparison())
            }
            (Value::String(a), Value::String(b)) => a == b,
            (Value::Table(a), Value::Table(b)) => a == b,
            (Value::Function(a), Value::Function(b)) => a == b,
            (Value::Coroutine(a), Value::Coroutine(b)) => a == b,
            (Value::Userdata(a), Value::Userdata(b)) => a == b,
            _ => false,
        }
    }
}

impl Value {
    /// A number as the Vm compares it.
    fn number_for_comparison(&self) -> RawValue {
        match self {
            Value::Integer(i) => RawValue::Int(*i),
            Value::Number(f) => RawValue::Float(*f),
            _ => RawValue::Nil,
        }
    }
}
