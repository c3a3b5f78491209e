//! Classes of types that are declared elsewhere.

use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

use luna_core::runtime::Value as RawValue;
use luna_core::vm::{
    ClassBuilder, ConvError, FromLuaArgs, FromLuaValue, IntoLuaReturn, IntoValue, LuaUserdata,
    MetaMethod, NativeTypedSig, UserdataMethods as Registry,
};

use crate::error::{Error, Result};
use crate::lua::Lua;
use crate::userdata::UserdataMethods;

/// A value of a type that is declared elsewhere, as a userdata; see [`Lua::register_type`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Foreign<T>(pub T);

impl<T> Deref for Foreign<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Foreign<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T> From<T> for Foreign<T> {
    fn from(value: T) -> Foreign<T> {
        Foreign(value)
    }
}

impl<T: 'static> LuaUserdata for Foreign<T> {
    const TRACES: bool = false;

    fn type_name() -> &'static str {
        let path = std::any::type_name::<T>();
        let path = path.split('<').next().unwrap_or(path);
        path.rsplit("::").next().unwrap_or(path)
    }
}

impl<T: 'static> IntoValue for Foreign<T> {
    fn into_value(self, vm: &mut luna_core::Vm) -> RawValue {
        vm.create_userdata(self)
    }
}

/// A copy of the value.
impl<T: Clone + 'static> FromLuaValue for Foreign<T> {
    fn from_lua_value(
        value: RawValue,
        vm: &mut luna_core::Vm,
    ) -> std::result::Result<Self, ConvError> {
        vm.clone_userdata(value)
    }
}

/// Where a type that is declared elsewhere gets its methods; see [`Lua::register_type`].
///
/// Methods get `&T` and `&mut T`. The typed forms, which take parameters of any kind, get the value as `&Foreign<T>`.
#[derive(Debug)]
pub struct TypeBuilder<'b, 'v, T> {
    class: &'b mut ClassBuilder<'v>,
    of: PhantomData<fn() -> T>,
}

/// The class that is being made, as that of `Foreign<T>`.
fn class<'c, 'v, T: 'static>(
    class: &'c mut ClassBuilder<'v>,
) -> &'c mut (impl Registry<Foreign<T>> + use<'v, T>) {
    class
}

impl<T: 'static> TypeBuilder<'_, '_, T> {
    /// `object:name(..)` with `&T`.
    pub fn add_method<F, A, R>(&mut self, name: &str, method: F)
    where
        F: Fn(&Lua, &T, A) -> Result<R> + 'static,
        A: FromLuaArgs + 'static,
        R: IntoLuaReturn + 'static,
    {
        let method = move |lua: &Lua, this: &Foreign<T>, args: A| method(lua, &this.0, args);
        UserdataMethods::<Foreign<T>>::add_method(class::<T>(self.class), name, method);
    }

    /// `object:name(..)` with `&mut T`.
    pub fn add_method_mut<F, A, R>(&mut self, name: &str, method: F)
    where
        F: Fn(&Lua, &mut T, A) -> Result<R> + 'static,
        A: FromLuaArgs + 'static,
        R: IntoLuaReturn + 'static,
    {
        let method =
            move |lua: &Lua, this: &mut Foreign<T>, args: A| method(lua, &mut this.0, args);
        UserdataMethods::<Foreign<T>>::add_method_mut(class::<T>(self.class), name, method);
    }

    /// `Class.name(..)`
    pub fn add_function<F, A, R>(&mut self, name: &str, function: F)
    where
        F: Fn(&Lua, A) -> Result<R> + 'static,
        A: FromLuaArgs + 'static,
        R: IntoLuaReturn + 'static,
    {
        UserdataMethods::<Foreign<T>>::add_function(class::<T>(self.class), name, function);
    }

    /// `object.name`
    pub fn add_getter<F, R>(&mut self, name: &str, getter: F)
    where
        F: Fn(&T) -> R + 'static,
        R: IntoLuaReturn + 'static,
    {
        let getter = move |this: &Foreign<T>| getter(&this.0);
        Registry::<Foreign<T>>::add_typed_getter(class::<T>(self.class), name, getter);
    }

    /// `object.name = value`
    pub fn add_setter<F, V>(&mut self, name: &str, setter: F)
    where
        F: Fn(&mut T, V) -> Result<()> + 'static,
        V: FromLuaValue + 'static,
    {
        let setter = move |_: &Lua, this: &mut Foreign<T>, value: V| setter(&mut this.0, value);
        UserdataMethods::<Foreign<T>>::add_field_method_set(class::<T>(self.class), name, setter);
    }

    /// `object.name` is a part of the value, which is read and changed in place.
    pub fn add_part<C: 'static>(
        &mut self,
        name: &str,
        shared: impl Fn(&T) -> &Foreign<C> + 'static,
        exclusive: impl Fn(&mut T) -> &mut Foreign<C> + 'static,
    ) {
        class::<T>(self.class).add_child::<Foreign<C>, _, _>(
            name,
            move |this: &Foreign<T>| shared(&this.0),
            move |this: &mut Foreign<T>| exclusive(&mut this.0),
        );
    }

    /// `Class.name`, also seen through objects. A value that becomes an object is one for all, so it can be borrowed shared only; what is to
    /// be changed is given as a handle.
    pub fn add_constant(&mut self, name: &str, value: impl IntoValue) {
        Registry::<Foreign<T>>::add_constant(class::<T>(self.class), name, value);
    }

    /// An event, the object as first operand.
    pub fn add_meta_method<F, A, R>(&mut self, event: MetaMethod, method: F)
    where
        F: Fn(&Lua, &T, A) -> Result<R> + 'static,
        A: FromLuaArgs + 'static,
        R: IntoLuaReturn + 'static,
    {
        let method = move |lua: &Lua, this: &Foreign<T>, args: A| method(lua, &this.0, args);
        UserdataMethods::<Foreign<T>>::add_meta_method(class::<T>(self.class), event, method);
    }

    /// A typed function; a first parameter `&Foreign<T>` or `&mut Foreign<T>` makes it a method.
    pub fn add_typed<F: NativeTypedSig<K>, K: 'static>(&mut self, name: &str, function: F) {
        Registry::<Foreign<T>>::add_typed(class::<T>(self.class), name, function);
    }

    /// An event, from a typed function with the operands as written.
    pub fn add_typed_meta<F: NativeTypedSig<K>, K: 'static>(
        &mut self,
        event: MetaMethod,
        handler: F,
    ) {
        Registry::<Foreign<T>>::add_typed_meta(class::<T>(self.class), event, handler);
    }

    /// Calling the class table calls its function `new`.
    pub fn make_callable(&mut self) {
        Registry::<Foreign<T>>::make_callable(class::<T>(self.class));
    }
}

impl Lua {
    /// Gives a type that is declared elsewhere its methods, before its first value is made. Its values are [`Foreign`] on the way to Lua
    /// and back.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use luna::{Foreign, Lua, MetaMethod};
    ///
    /// # fn main() -> luna::Result<()> {
    /// let lua = Lua::new();
    /// lua.register_type::<Duration>(|t| {
    ///     t.add_typed("new", |seconds: f64| Foreign(Duration::from_secs_f64(seconds)));
    ///     t.add_getter("seconds", |d| d.as_secs_f64());
    ///     t.add_method("halved", |_, d, ()| Ok(Foreign(*d / 2)));
    ///     t.add_typed_meta(MetaMethod::Add, |a: &Foreign<Duration>, b: &Foreign<Duration>| Foreign(a.0 + b.0));
    ///     t.make_callable();
    /// })?;
    /// lua.set_class::<Foreign<Duration>>("Duration")?;
    /// assert_eq!(lua.load("(Duration(3) + Duration(1):halved()).seconds").eval::<f64>()?, 3.5);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The type has been registered or used before, or Lua is busy or closed.
    pub fn register_type<T: 'static>(
        &self,
        register: impl FnOnce(&mut TypeBuilder<'_, '_, T>),
    ) -> Result<()> {
        let made = self.with(|vm| {
            vm.register_class::<Foreign<T>>(|class| {
                register(&mut TypeBuilder { class, of: PhantomData });
            })
        })?;
        if made {
            return Ok(());
        }
        let name = Foreign::<T>::type_name();
        Err(Error::new(format!("{name} is registered already, or there is a value of it")))
    }
}
