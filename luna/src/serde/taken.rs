//! Handles as what serde deserializes: a field of type `Table` is the very table.

use std::marker::PhantomData;

use luna_core::runtime::Value as RawValue;
use luna_core::vm::{Handle, LuaUserdata};
use serde::de::{Deserialize, Deserializer, Error as _, Expected, Visitor};

use super::handles::{HANDLE, take_offered};
use crate::{AnyUserdata, Coroutine, Function, LuaString, Table, Userdata, Value};

/// A type of handle.
trait Taken: Sized {
    /// What messages expect.
    fn expected() -> &'static str;

    /// The handle, if the value is of the kind.
    fn take(handle: &Handle, value: RawValue) -> Option<Self>;
}

macro_rules! taken {
    ($($ty:ty, $expected:literal, $pattern:pat => $make:expr;)*) => {
        $(
            impl Taken for $ty {
                fn expected() -> &'static str {
                    $expected
                }

                fn take(handle: &Handle, value: RawValue) -> Option<$ty> {
                    let make: fn(Handle, RawValue) -> $ty = $make;
                    matches!(value, $pattern).then(|| make(handle.clone(), value))
                }
            }

            /// The very value, from [`Lua::from_value`](crate::Lua::from_value) and its like; no other format has one.
            impl<'de> Deserialize<'de> for $ty {
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<$ty, D::Error> {
                    deserializer.deserialize_newtype_struct(HANDLE, Take(PhantomData))
                }
            }
        )*
    };
}
taken! {
    Table, "a table", RawValue::Table(_) => |handle, _| Table(handle);
    LuaString, "a string", RawValue::Str(_) => |handle, _| LuaString(handle);
    Function, "a function", RawValue::Closure(_) | RawValue::Native(_) => |handle, _| Function(handle);
    Coroutine, "a coroutine", RawValue::Coro(_) => |handle, _| Coroutine(handle);
    AnyUserdata, "a userdata", RawValue::Userdata(_) => |handle, _| AnyUserdata(handle);
    Value, "a value of Lua", _ => |handle, value| Value::of(value, || handle);
}

impl<T: LuaUserdata> Taken for Userdata<T> {
    fn expected() -> &'static str {
        T::type_name()
    }

    fn take(handle: &Handle, _value: RawValue) -> Option<Userdata<T>> {
        handle.is_userdata::<T>().then(|| Userdata::of_type(AnyUserdata(handle.clone())))
    }
}

/// The very userdata, from [`Lua::from_value`](crate::Lua::from_value) and its like; no other format has one.
impl<'de, T: LuaUserdata> Deserialize<'de> for Userdata<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Userdata<T>, D::Error> {
        deserializer.deserialize_newtype_struct(HANDLE, Take(PhantomData))
    }
}

/// Takes what is offered, if it is a handle of the type.
struct Take<T>(PhantomData<fn() -> T>);

impl<'de, T: Taken> Visitor<'de> for Take<T> {
    type Value = T;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(T::expected())
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, _: D) -> Result<T, D::Error> {
        let Some(handle) = take_offered() else {
            let expected = T::expected();
            return Err(D::Error::custom(format_args!("only a value of Lua has {expected}")));
        };
        let Some(value) = handle.peek() else { return Err(D::Error::custom("the Lua is closed")) };
        match T::take(&handle, value) {
            Some(taken) => Ok(taken),
            None => Err(other::<D::Error>(&handle, value, &self)),
        }
    }
}

/// The error that a value is of another kind.
fn other<E: serde::de::Error>(handle: &Handle, value: RawValue, expected: &dyn Expected) -> E {
    let got = match value {
        RawValue::Userdata(_) => handle.class_name().unwrap_or("userdata"),
        value => value.type_name(),
    };
    E::custom(format_args!("expected {expected}, got {got}"))
}
