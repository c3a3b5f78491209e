//! Handles as fields of userdata.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::fmt;
use std::marker::PhantomData;

use luna_core::Vm;
use luna_core::runtime::Value as RawValue;
use luna_core::vm::{
    ConvError, FromLuaValue, Handle, IntoValue, LuaError, LuaUserdata, TracedHandle, UserdataMarker,
};

use crate::coroutine::Coroutine;
use crate::error::{Error, Result};
use crate::function::Function;
use crate::string::LuaString;
use crate::table::Table;
use crate::userdata::{AnyUserdata, Userdata};
use crate::value::Value;

/// A handle as a field of a userdata.
///
/// An ordinary handle keeps its value alive wherever it is. In a userdata that the value refers to, that is for ever. A traced one leaves
/// that to the userdata, which `#[derive(LuaUserdata)]` makes tell the collector of it: the value lives as long as the userdata, and a
/// circle of both is freed.
///
/// ```
/// use luna::{Function, Lua, LuaUserdata, Traced, lua_methods};
///
/// #[derive(LuaUserdata)]
/// struct Button {
///     on_click: Option<Traced<Function>>,
/// }
///
/// #[lua_methods]
/// impl Button {
///     fn new() -> Button {
///         Button { on_click: None }
///     }
///
///     fn connect(&mut self, handler: Function) {
///         self.on_click = Some(handler.into());
///     }
///
///     fn click(&self) -> luna::Result<()> {
///         self.on_click.as_ref().map_or(Ok(()), |handler| handler.get()?.call(()))
///     }
/// }
///
/// # fn main() -> luna::Result<()> {
/// let lua = Lua::new();
/// lua.set_class::<Button>("Button")?;
/// let clicks: i64 = lua
///     .load("local n, b = 0, Button.new() b:connect(function() n = n + 1; last = b end) b:click() b:click() return n")
///     .eval()?;
/// assert_eq!(clicks, 2);
/// # Ok(())
/// # }
/// ```
///
/// Outside of any userdata it keeps its value as an ordinary handle does. Only one that was got out through a cell, without `&mut` to its
/// userdata, or is read while that is dropped, may find its value gone, which [`Traced::get`] tells.
pub struct Traced<T> {
    kept: Kept,
    of: PhantomData<fn() -> T>,
}

/// What a traced handle holds.
#[derive(Clone)]
enum Kept {
    /// A value that the collector has to be told of.
    Object(TracedHandle),
    /// Any other.
    Plain(RawValue),
}

/// Of the handles that can be traced.
pub trait TracedTarget: Sized {
    /// The handle itself, or a value that has none.
    #[doc(hidden)]
    fn into_handle(self) -> std::result::Result<Handle, RawValue>;

    /// The same from its parts.
    #[doc(hidden)]
    fn from_handle(handle: std::result::Result<Handle, RawValue>) -> Option<Self>;
}

macro_rules! targets {
    ($($handle:ident)*) => { $(
        impl TracedTarget for $handle {
            fn into_handle(self) -> std::result::Result<Handle, RawValue> {
                Ok(self.0)
            }

            fn from_handle(handle: std::result::Result<Handle, RawValue>) -> Option<Self> {
                handle.ok().map($handle)
            }
        }
    )* };
}
targets! { Table Function LuaString Coroutine AnyUserdata }

impl<T: LuaUserdata> TracedTarget for Userdata<T> {
    fn into_handle(self) -> std::result::Result<Handle, RawValue> {
        self.into_any().into_handle()
    }

    fn from_handle(handle: std::result::Result<Handle, RawValue>) -> Option<Self> {
        AnyUserdata::from_handle(handle).map(Userdata::of_type)
    }
}

impl TracedTarget for Value {
    fn into_handle(self) -> std::result::Result<Handle, RawValue> {
        match self {
            Value::Nil => Err(RawValue::Nil),
            Value::Boolean(b) => Err(RawValue::Bool(b)),
            Value::Integer(i) => Err(RawValue::Int(i)),
            Value::Number(f) => Err(RawValue::Float(f)),
            Value::LightUserdata(p) => Err(RawValue::LightUserdata(p)),
            Value::String(LuaString(handle))
            | Value::Table(Table(handle))
            | Value::Function(Function(handle))
            | Value::Coroutine(Coroutine(handle))
            | Value::Userdata(AnyUserdata(handle)) => Ok(handle),
        }
    }

    fn from_handle(handle: std::result::Result<Handle, RawValue>) -> Option<Value> {
        match handle {
            Ok(handle) => handle.peek().map(|value| Value::of(value, || handle)),
            Err(RawValue::Bool(b)) => Some(Value::Boolean(b)),
            Err(RawValue::Int(i)) => Some(Value::Integer(i)),
            Err(RawValue::Float(f)) => Some(Value::Number(f)),
            Err(RawValue::LightUserdata(p)) => Some(Value::LightUserdata(p)),
            Err(_) => Some(Value::Nil),
        }
    }
}

impl<T: TracedTarget> Traced<T> {
    /// A field of this handle.
    #[must_use]
    pub fn new(handle: T) -> Traced<T> {
        let kept = match handle.into_handle() {
            Ok(handle) => Kept::Object(handle.into()),
            Err(plain) => Kept::Plain(plain),
        };
        Traced { kept, of: PhantomData }
    }

    /// An ordinary handle of the value.
    ///
    /// # Errors
    /// The state is closed or busy, or the value has expired: no userdata has kept it.
    pub fn get(&self) -> Result<T> {
        let handle = match &self.kept {
            Kept::Object(object) => Ok(object.get()?),
            Kept::Plain(plain) => Err(*plain),
        };
        T::from_handle(handle).ok_or_else(|| Error::from(luna_core::vm::Unavailable::Gone))
    }
}

impl<T: TracedTarget> From<T> for Traced<T> {
    fn from(handle: T) -> Traced<T> {
        Traced::new(handle)
    }
}

impl<T> Clone for Traced<T> {
    fn clone(&self) -> Traced<T> {
        Traced { kept: self.kept.clone(), of: PhantomData }
    }
}

impl<T> fmt::Debug for Traced<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kept {
            Kept::Object(object) => object.fmt(f),
            Kept::Plain(plain) => plain.fmt(f),
        }
    }
}

impl<T: TracedTarget + FromLuaValue> FromLuaValue for Traced<T> {
    fn from_lua_value(value: RawValue, vm: &mut Vm) -> std::result::Result<Self, ConvError> {
        T::from_lua_value(value, vm).map(Traced::new)
    }
}

impl<T> IntoValue for &Traced<T> {
    const EXISTS: bool = true;

    /// # Panics
    /// If the value has expired or belongs to another Lua.
    fn into_value(self, vm: &mut Vm) -> RawValue {
        self.try_into_value(vm).expect("the value is there and belongs to this Lua")
    }

    fn try_into_value(self, vm: &mut Vm) -> std::result::Result<RawValue, LuaError> {
        match &self.kept {
            Kept::Object(object) => object
                .value_in(vm)
                .map_err(|reason| ConvError::message(reason.to_string()).into_error(vm)),
            Kept::Plain(plain) => Ok(*plain),
        }
    }
}

impl<T> IntoValue for Traced<T> {
    const EXISTS: bool = true;

    /// # Panics
    /// If the value has expired or belongs to another Lua.
    fn into_value(self, vm: &mut Vm) -> RawValue {
        (&self).into_value(vm)
    }

    fn try_into_value(self, vm: &mut Vm) -> std::result::Result<RawValue, LuaError> {
        (&self).try_into_value(vm)
    }
}

/// A type that can tell the collector of the handles it holds.
///
/// `#[derive(LuaUserdata)]` calls it for each field whose type mentions [`Traced`], and for those marked with `#[lua(trace)]`, whose type may
/// implement it by hand.
#[diagnostic::on_unimplemented(
    message = "the collector does not see what `{Self}` holds",
    label = "not traced",
    note = "write `Traced<..>` itself, in `Option`, `Box`, `Vec`, `VecDeque`, an array or as the value of a map, without a cell around it: `&mut self` methods change it; or implement `luna::Trace`"
)]
pub trait Trace {
    /// Tells of the handles: calls `trace` of each part.
    fn trace(&self, marker: &mut UserdataMarker<'_>);
}

impl<T> Trace for Traced<T> {
    fn trace(&self, marker: &mut UserdataMarker<'_>) {
        if let Kept::Object(object) = &self.kept {
            // One of another Lua is kept by itself, and one that is gone tells who reads it.
            let _ = object.trace(marker);
        }
    }
}

impl<T: Trace> Trace for Option<T> {
    fn trace(&self, marker: &mut UserdataMarker<'_>) {
        if let Some(part) = self {
            part.trace(marker);
        }
    }
}

impl<T: Trace + ?Sized> Trace for Box<T> {
    fn trace(&self, marker: &mut UserdataMarker<'_>) {
        (**self).trace(marker);
    }
}

impl<T: Trace> Trace for [T] {
    fn trace(&self, marker: &mut UserdataMarker<'_>) {
        for part in self {
            part.trace(marker);
        }
    }
}

impl<T: Trace, const N: usize> Trace for [T; N] {
    fn trace(&self, marker: &mut UserdataMarker<'_>) {
        self.as_slice().trace(marker);
    }
}

impl<T: Trace> Trace for Vec<T> {
    fn trace(&self, marker: &mut UserdataMarker<'_>) {
        self.as_slice().trace(marker);
    }
}

impl<T: Trace> Trace for VecDeque<T> {
    fn trace(&self, marker: &mut UserdataMarker<'_>) {
        for part in self {
            part.trace(marker);
        }
    }
}

impl<K, T: Trace> Trace for BTreeMap<K, T> {
    fn trace(&self, marker: &mut UserdataMarker<'_>) {
        for part in self.values() {
            part.trace(marker);
        }
    }
}

impl<K, T: Trace, S> Trace for HashMap<K, T, S> {
    #[expect(clippy::iter_over_hash_type, reason = "the order of marking is not observable")]
    fn trace(&self, marker: &mut UserdataMarker<'_>) {
        for part in self.values() {
            part.trace(marker);
        }
    }
}
