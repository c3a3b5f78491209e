//! Userdata: handles, and where types register what Lua sees of them.

use std::future::Future;
use std::marker::PhantomData;

use luna_core::runtime::Value as RawValue;
use luna_core::vm::{
    AsyncNativeSig, ClassInfo, ConvError, FromLuaArgs, FromLuaValue, Handle, IntoLuaReturn,
    IntoValue, LuaError, LuaUserdata, MetaMethod, NativeTypedSig, Rest,
    UserdataMethods as Registry, UserdataRef, UserdataRefMut,
};

use crate::error::{Error, Result};
use crate::handle::{handle_conversions, try_with, value_in, with};
use crate::lua::Lua;
use crate::value::Value;

/// A userdata whose type is not known statically.
#[derive(Clone)]
pub struct AnyUserdata(pub(crate) Handle);

crate::pretty::shows_content!(AnyUserdata);
handle_conversions!(AnyUserdata, RawValue::Userdata(_), "userdata");

impl AnyUserdata {
    /// Whether it was made from a `T`, be it taken or destroyed since.
    #[must_use]
    pub fn is<T: LuaUserdata>(&self) -> bool {
        with(&self.0, |vm, value| vm.is_userdata::<T>(value)).unwrap_or(false)
    }

    /// Borrows the value.
    ///
    /// # Errors
    /// Another type, a destroyed value, or a borrow in conflict.
    pub fn borrow<T: LuaUserdata>(&self) -> Result<UserdataRef<T>> {
        try_with(&self.0, |vm, value| {
            UserdataRef::from_lua_value(value, vm).map_err(|e| e.into_error(vm))
        })
    }

    /// Borrows the value exclusively.
    ///
    /// # Errors
    /// As [`AnyUserdata::borrow`].
    pub fn borrow_mut<T: LuaUserdata>(&self) -> Result<UserdataRefMut<T>> {
        try_with(&self.0, |vm, value| {
            UserdataRefMut::from_lua_value(value, vm).map_err(|e| e.into_error(vm))
        })
    }

    /// Moves the value out; the userdata stays, destroyed.
    ///
    /// # Errors
    /// As [`AnyUserdata::borrow`].
    pub fn take<T: LuaUserdata>(&self) -> Result<T> {
        try_with(&self.0, |vm, value| vm.take_converted(value).map_err(|e| e.into_error(vm)))
    }

    /// Drops the value; the userdata stays, destroyed.
    ///
    /// # Errors
    /// It is borrowed or frozen.
    pub fn destroy(&self) -> Result<()> {
        try_with(&self.0, |vm, value| vm.destroy_userdata(value))
    }

    /// The same userdata with its type.
    ///
    /// # Errors
    /// It was made from another type.
    pub fn typed<T: LuaUserdata>(&self) -> Result<Userdata<T>> {
        try_with(&self.0, |vm, value| vm.convert(value))
    }

    /// User value `n`, from 1.
    ///
    /// # Errors
    /// The state is closed or busy.
    pub fn user_value(&self, n: usize) -> Result<Value> {
        with(&self.0, |vm, value| {
            let user = vm.user_value(value, n);
            Value::new(vm, user)
        })
    }

    /// Sets user value `n`, from 1.
    ///
    /// # Errors
    /// The value does not convert, or the state is closed or busy.
    pub fn set_user_value(&self, n: usize, user: impl IntoValue) -> Result<()> {
        try_with(&self.0, |vm, value| {
            let user = user.try_into_value(vm)?;
            vm.set_user_value(value, n, user)
        })
    }
}

/// A userdata made from a `T`.
pub struct Userdata<T> {
    any: AnyUserdata,
    of: PhantomData<fn() -> T>,
}

impl<T> std::fmt::Debug for Userdata<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.any.fmt(f)
    }
}

impl<T> Clone for Userdata<T> {
    fn clone(&self) -> Userdata<T> {
        Userdata { any: self.any.clone(), of: PhantomData }
    }
}

impl<T> Userdata<T> {
    /// What is known to be made from a `T`.
    pub(crate) fn of_type(any: AnyUserdata) -> Userdata<T> {
        Userdata { any, of: PhantomData }
    }

    /// The same userdata without its type.
    pub(crate) fn into_any(self) -> AnyUserdata {
        self.any
    }
}

impl<T: LuaUserdata> Userdata<T> {
    /// Borrows the value.
    ///
    /// # Errors
    /// A destroyed value, or a borrow in conflict.
    pub fn borrow(&self) -> Result<UserdataRef<T>> {
        self.any.borrow()
    }

    /// Borrows the value exclusively.
    ///
    /// # Errors
    /// As [`Userdata::borrow`].
    pub fn borrow_mut(&self) -> Result<UserdataRefMut<T>> {
        self.any.borrow_mut()
    }

    /// Moves the value out; the userdata stays, destroyed.
    ///
    /// # Errors
    /// As [`Userdata::borrow`].
    pub fn take(&self) -> Result<T> {
        self.any.take()
    }

    /// The same userdata without its type.
    #[must_use]
    pub fn as_any(&self) -> &AnyUserdata {
        &self.any
    }
}

impl<T: LuaUserdata> FromLuaValue for Userdata<T> {
    fn from_lua_value(
        value: RawValue,
        vm: &mut luna_core::Vm,
    ) -> std::result::Result<Self, ConvError> {
        if vm.is_userdata::<T>(value) {
            Ok(Userdata::of_type(AnyUserdata(Handle::new(vm, value))))
        } else {
            Err(ConvError::other_userdata::<T>(value, vm))
        }
    }
}

impl<T> IntoValue for &Userdata<T> {
    const EXISTS: bool = true;

    /// # Panics
    /// If the handle belongs to another Lua.
    fn into_value(self, vm: &mut luna_core::Vm) -> RawValue {
        (&self.any).into_value(vm)
    }

    fn try_into_value(self, vm: &mut luna_core::Vm) -> std::result::Result<RawValue, LuaError> {
        value_in(&self.any.0, vm)
    }
}

impl<T> IntoValue for Userdata<T> {
    const EXISTS: bool = true;

    /// # Panics
    /// If the handle belongs to another Lua.
    fn into_value(self, vm: &mut luna_core::Vm) -> RawValue {
        (&self).into_value(vm)
    }

    fn try_into_value(self, vm: &mut luna_core::Vm) -> std::result::Result<RawValue, LuaError> {
        value_in(&self.any.0, vm)
    }
}

/// Where a type registers what Lua sees of it.
///
/// Functions get `&Lua`, through which they can do all that their caller can. The `add_typed` family takes parameters of any kind, other
/// userdata as `&U` among them, with or without `&Lua` before them.
///
/// ```
/// use luna::{Lua, LuaUserdata, MetaMethod, Ud, UserdataMethods};
///
/// #[derive(Clone, Copy)]
/// struct Vec2(f64, f64);
///
/// impl LuaUserdata for Vec2 {
///     fn add_methods<M: UserdataMethods<Self>>(methods: &mut M) {
///         methods.add_function("new", |_, (x, y): (f64, f64)| Ok(Ud(Vec2(x, y))));
///         methods.add_field_method_get("x", |_, v| Ok(v.0));
///         methods.add_typed("dot", |a: &Vec2, b: &Vec2| a.0 * b.0 + a.1 * b.1);
///         methods.add_typed_meta(MetaMethod::Add, |a: &Vec2, b: &Vec2| Ud(Vec2(a.0 + b.0, a.1 + b.1)));
///     }
/// }
///
/// # fn main() -> luna::Result<()> {
/// let lua = Lua::new();
/// lua.set_class::<Vec2>("Vec2")?;
/// assert_eq!(lua.load("local v = Vec2.new(1, 2) return (v + v).x, v:dot(v)").eval::<(f64, f64)>()?, (2.0, 5.0));
/// # Ok(())
/// # }
/// ```
pub trait UserdataMethods<T: LuaUserdata> {
    /// `ud:name(..)` with `&T`.
    fn add_method<F, A, R>(&mut self, name: &str, method: F)
    where
        F: Fn(&Lua, &T, A) -> Result<R> + 'static,
        A: FromLuaArgs + 'static,
        R: IntoLuaReturn + 'static;

    /// `ud:name(..)` with `&mut T`.
    fn add_method_mut<F, A, R>(&mut self, name: &str, method: F)
    where
        F: Fn(&Lua, &mut T, A) -> Result<R> + 'static,
        A: FromLuaArgs + 'static,
        R: IntoLuaReturn + 'static;

    /// `Class.name(..)`
    fn add_function<F, A, R>(&mut self, name: &str, function: F)
    where
        F: Fn(&Lua, A) -> Result<R> + 'static,
        A: FromLuaArgs + 'static,
        R: IntoLuaReturn + 'static;

    /// `ud:name(..)` that waits, see [`Lua::create_async_function`]. The object counts as borrowed as long as the guard is there.
    fn add_async_method<F, A, Fut>(&mut self, name: &str, method: F)
    where
        F: Fn(UserdataRef<T>, A) -> Fut + 'static,
        A: FromLuaArgs + 'static,
        Fut: Future<Output: IntoLuaReturn> + 'static;

    /// As [`UserdataMethods::add_async_method`], with an exclusive guard: drop it before the object is needed elsewhere.
    fn add_async_method_mut<F, A, Fut>(&mut self, name: &str, method: F)
    where
        F: Fn(UserdataRefMut<T>, A) -> Fut + 'static,
        A: FromLuaArgs + 'static,
        Fut: Future<Output: IntoLuaReturn> + 'static;

    /// `Class.name(..)` that waits.
    fn add_async_function<F, A, Fut>(&mut self, name: &str, function: F)
    where
        F: Fn(A) -> Fut + 'static,
        A: FromLuaArgs + 'static,
        Fut: Future<Output: IntoLuaReturn> + 'static;

    /// A typed async function; a first parameter [`UserdataRef<T>`] or [`UserdataRefMut<T>`] makes it a method.
    fn add_async_typed<F: AsyncNativeSig<K>, K: 'static>(&mut self, name: &str, function: F);

    /// `ud.name`
    fn add_field_method_get<F, R>(&mut self, name: &str, getter: F)
    where
        F: Fn(&Lua, &T) -> Result<R> + 'static,
        R: IntoLuaReturn + 'static;

    /// `ud.name = value`
    fn add_field_method_set<F, A>(&mut self, name: &str, setter: F)
    where
        F: Fn(&Lua, &mut T, A) -> Result<()> + 'static,
        A: FromLuaValue + 'static;

    /// `Class.name`, also seen through objects. A value that becomes an object is one for all, so it can be borrowed shared only; what is to
    /// be changed is given as a handle.
    fn add_constant(&mut self, name: &str, value: impl IntoValue);

    /// An event, the object as first operand.
    fn add_meta_method<F, A, R>(&mut self, event: MetaMethod, method: F)
    where
        F: Fn(&Lua, &T, A) -> Result<R> + 'static,
        A: FromLuaArgs + 'static,
        R: IntoLuaReturn + 'static;

    /// As [`UserdataMethods::add_meta_method`], with `&mut T`.
    fn add_meta_method_mut<F, A, R>(&mut self, event: MetaMethod, method: F)
    where
        F: Fn(&Lua, &mut T, A) -> Result<R> + 'static,
        A: FromLuaArgs + 'static,
        R: IntoLuaReturn + 'static;

    /// An event with both operands as written.
    fn add_meta_function<F, A, R>(&mut self, event: MetaMethod, function: F)
    where
        F: Fn(&Lua, A) -> Result<R> + 'static,
        A: FromLuaArgs + 'static,
        R: IntoLuaReturn + 'static;

    /// A typed function; a first parameter `&T` or `&mut T` makes it a method.
    fn add_typed<F: NativeTypedSig<K>, K: 'static>(&mut self, name: &str, function: F);

    /// `ud.name` from a typed function of `&T`.
    fn add_typed_getter<F: NativeTypedSig<K>, K: 'static>(&mut self, name: &str, getter: F);

    /// `ud.name = value` from a typed function of `&mut T` and the value.
    fn add_typed_setter<F: NativeTypedSig<K>, K: 'static>(&mut self, name: &str, setter: F);

    /// An event, from a typed function with the operands as written.
    fn add_typed_meta<F: NativeTypedSig<K>, K: 'static>(&mut self, event: MetaMethod, handler: F);
}

impl<T: LuaUserdata, M: Registry<T>> UserdataMethods<T> for M {
    fn add_method<F, A, R>(&mut self, name: &str, method: F)
    where
        F: Fn(&Lua, &T, A) -> Result<R> + 'static,
        A: FromLuaArgs + 'static,
        R: IntoLuaReturn + 'static,
    {
        Registry::add_typed(self, name, move |lua: &Lua, this: &T, args: Rest<A>| {
            method(lua, this, args.0)
        });
    }

    fn add_method_mut<F, A, R>(&mut self, name: &str, method: F)
    where
        F: Fn(&Lua, &mut T, A) -> Result<R> + 'static,
        A: FromLuaArgs + 'static,
        R: IntoLuaReturn + 'static,
    {
        Registry::add_typed(self, name, move |lua: &Lua, this: &mut T, args: Rest<A>| {
            method(lua, this, args.0)
        });
    }

    fn add_function<F, A, R>(&mut self, name: &str, function: F)
    where
        F: Fn(&Lua, A) -> Result<R> + 'static,
        A: FromLuaArgs + 'static,
        R: IntoLuaReturn + 'static,
    {
        Registry::add_typed(self, name, move |lua: &Lua, args: Rest<A>| function(lua, args.0));
    }

    fn add_async_method<F, A, Fut>(&mut self, name: &str, method: F)
    where
        F: Fn(UserdataRef<T>, A) -> Fut + 'static,
        A: FromLuaArgs + 'static,
        Fut: Future<Output: IntoLuaReturn> + 'static,
    {
        Registry::add_async_method(self, name, method);
    }

    fn add_async_method_mut<F, A, Fut>(&mut self, name: &str, method: F)
    where
        F: Fn(UserdataRefMut<T>, A) -> Fut + 'static,
        A: FromLuaArgs + 'static,
        Fut: Future<Output: IntoLuaReturn> + 'static,
    {
        Registry::add_async_method_mut(self, name, method);
    }

    fn add_async_function<F, A, Fut>(&mut self, name: &str, function: F)
    where
        F: Fn(A) -> Fut + 'static,
        A: FromLuaArgs + 'static,
        Fut: Future<Output: IntoLuaReturn> + 'static,
    {
        Registry::add_async_function(self, name, function);
    }

    fn add_async_typed<F: AsyncNativeSig<K>, K: 'static>(&mut self, name: &str, function: F) {
        Registry::add_async_typed(self, name, function);
    }

    fn add_field_method_get<F, R>(&mut self, name: &str, getter: F)
    where
        F: Fn(&Lua, &T) -> Result<R> + 'static,
        R: IntoLuaReturn + 'static,
    {
        Registry::add_typed_getter(self, name, move |lua: &Lua, this: &T| getter(lua, this));
    }

    fn add_field_method_set<F, A>(&mut self, name: &str, setter: F)
    where
        F: Fn(&Lua, &mut T, A) -> Result<()> + 'static,
        A: FromLuaValue + 'static,
    {
        Registry::add_typed_setter(self, name, move |lua: &Lua, this: &mut T, value: A| {
            setter(lua, this, value)
        });
    }

    fn add_constant(&mut self, name: &str, value: impl IntoValue) {
        Registry::add_constant(self, name, value);
    }

    fn add_meta_method<F, A, R>(&mut self, event: MetaMethod, method: F)
    where
        F: Fn(&Lua, &T, A) -> Result<R> + 'static,
        A: FromLuaArgs + 'static,
        R: IntoLuaReturn + 'static,
    {
        Registry::add_typed_meta(self, event, move |lua: &Lua, this: &T, args: Rest<A>| {
            method(lua, this, args.0)
        });
    }

    fn add_meta_method_mut<F, A, R>(&mut self, event: MetaMethod, method: F)
    where
        F: Fn(&Lua, &mut T, A) -> Result<R> + 'static,
        A: FromLuaArgs + 'static,
        R: IntoLuaReturn + 'static,
    {
        Registry::add_typed_meta(self, event, move |lua: &Lua, this: &mut T, args: Rest<A>| {
            method(lua, this, args.0)
        });
    }

    fn add_meta_function<F, A, R>(&mut self, event: MetaMethod, function: F)
    where
        F: Fn(&Lua, A) -> Result<R> + 'static,
        A: FromLuaArgs + 'static,
        R: IntoLuaReturn + 'static,
    {
        Registry::add_typed_meta(self, event, move |lua: &Lua, args: Rest<A>| {
            function(lua, args.0)
        });
    }

    fn add_typed<F: NativeTypedSig<K>, K: 'static>(&mut self, name: &str, function: F) {
        Registry::add_typed(self, name, function);
    }

    fn add_typed_getter<F: NativeTypedSig<K>, K: 'static>(&mut self, name: &str, getter: F) {
        Registry::add_typed_getter(self, name, getter);
    }

    fn add_typed_setter<F: NativeTypedSig<K>, K: 'static>(&mut self, name: &str, setter: F) {
        Registry::add_typed_setter(self, name, setter);
    }

    fn add_typed_meta<F: NativeTypedSig<K>, K: 'static>(&mut self, event: MetaMethod, handler: F) {
        Registry::add_typed_meta(self, event, handler);
    }
}

impl Lua {
    /// What the source says about the classes that have been used, by name.
    ///
    /// # Errors
    /// Lua is busy or closed.
    pub fn describe_classes(&self) -> Result<Vec<ClassInfo>> {
        self.with(|vm| vm.describe_classes())
    }
}

/// The same userdata, from a handle that knows less.
impl<T: LuaUserdata> TryFrom<&AnyUserdata> for Userdata<T> {
    type Error = Error;

    fn try_from(any: &AnyUserdata) -> Result<Userdata<T>> {
        any.typed()
    }
}
