//! Conversions of the standard library's containers that stand on those of [`convert`](crate::host::convert).

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet, VecDeque};
use std::ffi::CString;
use std::hash::{BuildHasher, Hash};
use std::rc::Rc;

use crate::host::convert::{ConvError, FromLuaValue, IntoValue, pairs, text};
use crate::host::value::Value;
use crate::host::vm::{LuaError, Vm};

impl<T: FromLuaValue> FromLuaValue for Box<T> {
    fn from_lua_value(value: Value, vm: &mut Vm) -> Result<Box<T>, ConvError> {
        T::from_lua_value(value, vm).map(Box::new)
    }
}

impl<T: FromLuaValue> FromLuaValue for Rc<T> {
    fn from_lua_value(value: Value, vm: &mut Vm) -> Result<Rc<T>, ConvError> {
        T::from_lua_value(value, vm).map(Rc::new)
    }
}

impl<T: IntoValue> IntoValue for Box<T> {
    const EXISTS: bool = T::EXISTS;

    fn into_value(self, vm: &mut Vm) -> Value {
        (*self).into_value(vm)
    }

    fn try_into_value(self, vm: &mut Vm) -> Result<Value, LuaError> {
        (*self).try_into_value(vm)
    }
}

impl<T: IntoValue + Clone> IntoValue for Rc<T> {
    const EXISTS: bool = T::EXISTS;

    fn into_value(self, vm: &mut Vm) -> Value {
        Rc::unwrap_or_clone(self).into_value(vm)
    }

    fn try_into_value(self, vm: &mut Vm) -> Result<Value, LuaError> {
        Rc::unwrap_or_clone(self).try_into_value(vm)
    }
}

impl<T: FromLuaValue> FromLuaValue for Box<[T]> {
    fn from_lua_value(value: Value, vm: &mut Vm) -> Result<Box<[T]>, ConvError> {
        Vec::from_lua_value(value, vm).map(Vec::into_boxed_slice)
    }
}

impl<T: IntoValue> IntoValue for Box<[T]> {
    /// # Panics
    /// If an element has no Lua equivalent.
    fn into_value(self, vm: &mut Vm) -> Value {
        self.into_vec().into_value(vm)
    }

    fn try_into_value(self, vm: &mut Vm) -> Result<Value, LuaError> {
        self.into_vec().try_into_value(vm)
    }
}

impl<T: FromLuaValue> FromLuaValue for VecDeque<T> {
    fn from_lua_value(value: Value, vm: &mut Vm) -> Result<VecDeque<T>, ConvError> {
        Vec::from_lua_value(value, vm).map(VecDeque::from)
    }
}

/// The keys of a table whose values count as true.
fn members<T: FromLuaValue, S: Extend<T> + Default>(
    value: Value,
    vm: &mut Vm,
) -> Result<S, ConvError> {
    let entries: Vec<(T, Value)> = pairs(value, vm)?;
    let mut set = S::default();
    set.extend(entries.into_iter().filter(|(_, value)| value.truthy()).map(|(key, _)| key));
    Ok(set)
}

impl<T: FromLuaValue + Eq + Hash, S: BuildHasher + Default> FromLuaValue for HashSet<T, S> {
    fn from_lua_value(value: Value, vm: &mut Vm) -> Result<Self, ConvError> {
        members(value, vm)
    }
}

impl<T: FromLuaValue + Ord> FromLuaValue for BTreeSet<T> {
    fn from_lua_value(value: Value, vm: &mut Vm) -> Result<Self, ConvError> {
        members(value, vm)
    }
}

impl FromLuaValue for CString {
    fn from_lua_value(value: Value, vm: &mut Vm) -> Result<CString, ConvError> {
        match vm.str_bytes(value) {
            Some(bytes) => {
                CString::new(bytes).map_err(|_| ConvError::message("string contains a zero byte"))
            }
            None => Err(ConvError::expected("string", value, vm)),
        }
    }
}

impl FromLuaValue for Cow<'static, str> {
    fn from_lua_value(value: Value, vm: &mut Vm) -> Result<Self, ConvError> {
        text(value, vm).map(|text| Cow::Owned(text.to_owned()))
    }
}
