//! Values of any type.

use luna_core::Vm;
use luna_core::runtime::Value as RawValue;
use luna_core::vm::{ConvError, FromLuaValue, IntoValue, LuaError};

use crate::function::Function;
use crate::handle::{Handle, handle_conversions};
use crate::string::LuaString;
use crate::table::Table;
use crate::userdata::AnyUserdata;

/// A coroutine.
#[derive(Clone, Debug)]
pub struct Coroutine(pub(crate) Handle);

handle_conversions!(Coroutine, RawValue::Coro(_), "thread");

/// A Lua value.
#[derive(Clone, Debug)]
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
    pub(crate) fn new(vm: &mut Vm, value: RawValue) -> Result<Value, ConvError> {
        Ok(match value {
            RawValue::Nil => Value::Nil,
            RawValue::Bool(b) => Value::Boolean(b),
            RawValue::Int(i) => Value::Integer(i),
            RawValue::Float(f) => Value::Number(f),
            RawValue::LightUserdata(p) => Value::LightUserdata(p),
            RawValue::Str(_) => Value::String(LuaString(Handle::adopt(vm, value)?)),
            RawValue::Table(_) => Value::Table(Table(Handle::adopt(vm, value)?)),
            RawValue::Closure(_) | RawValue::Native(_) => {
                Value::Function(Function(Handle::adopt(vm, value)?))
            }
            RawValue::Coro(_) => Value::Coroutine(Coroutine(Handle::adopt(vm, value)?)),
            RawValue::Userdata(_) => Value::Userdata(AnyUserdata(Handle::adopt(vm, value)?)),
        })
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

    /// Whether the value is `nil`.
    #[must_use]
    pub fn is_nil(&self) -> bool {
        matches!(self, Value::Nil)
    }
}

impl FromLuaValue for Value {
    fn from_lua_value(value: RawValue, vm: &mut Vm) -> Result<Value, ConvError> {
        Value::new(vm, value)
    }
}

impl IntoValue for Value {
    /// # Panics
    /// If the value belongs to another Lua.
    fn into_value(self, vm: &mut Vm) -> RawValue {
        self.try_into_value(vm).expect("the value belongs to this Lua")
    }

    fn try_into_value(self, vm: &mut Vm) -> Result<RawValue, LuaError> {
        match self {
            Value::Nil => Ok(RawValue::Nil),
            Value::Boolean(b) => Ok(RawValue::Bool(b)),
            Value::Integer(i) => Ok(RawValue::Int(i)),
            Value::Number(f) => Ok(RawValue::Float(f)),
            Value::LightUserdata(p) => Ok(RawValue::LightUserdata(p)),
            Value::String(LuaString(handle))
            | Value::Table(Table(handle))
            | Value::Function(Function(handle))
            | Value::Coroutine(Coroutine(handle))
            | Value::Userdata(AnyUserdata(handle)) => handle.value_in(vm),
        }
    }
}
