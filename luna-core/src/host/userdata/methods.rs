//! Where a type registers what Lua sees of it.

use std::future::Future;

use crate::host::convert::{FromLuaValue, IntoValue};
use crate::host::futures::typed::AsyncNativeSig;
use crate::host::typed::signatures::NativeTypedSig;
use crate::host::typed::{FromLuaArgs, IntoLuaReturn, Rest};
use crate::host::userdata::{LuaUserdata, UserdataRef, UserdataRefMut};
use crate::host::vm::{LuaError, Vm};

macro_rules! meta_methods {
    ($($name:ident $text:literal)*) => {
        /// An event that a type may handle.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum MetaMethod { $(#[doc = concat!("`", $text, "`")] $name,)* }

        impl MetaMethod {
            /// The name of the metatable's field.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(MetaMethod::$name => $text,)* }
            }

            /// The event whose variant has this name.
            pub(crate) fn of_ident(ident: &str) -> Option<MetaMethod> {
                match ident { $(stringify!($name) => Some(MetaMethod::$name),)* _ => None }
            }
        }
    };
}
meta_methods! {
    Add "__add" Sub "__sub" Mul "__mul" Div "__div" Mod "__mod" Pow "__pow" IDiv "__idiv" Unm "__unm" BAnd "__band" BOr "__bor"
    BXor "__bxor" Shl "__shl" Shr "__shr" BNot "__bnot" Concat "__concat" Len "__len" Eq "__eq" Lt "__lt" Le "__le" Index "__index"
    NewIndex "__newindex" Call "__call" ToString "__tostring" Pairs "__pairs" Close "__close" Gc "__gc"
}

/// Where a type registers what Lua sees of it.
pub trait UserdataMethods<T: LuaUserdata> {
    /// `ud:name(..)` with `&T`.
    fn add_method<F, A, R>(&mut self, name: &str, method: F)
    where
        F: Fn(&mut Vm, &T, A) -> Result<R, LuaError> + 'static,
        A: FromLuaArgs,
        R: IntoLuaReturn;

    /// `ud:name(..)` with `&mut T`.
    fn add_method_mut<F, A, R>(&mut self, name: &str, method: F)
    where
        F: Fn(&mut Vm, &mut T, A) -> Result<R, LuaError> + 'static,
        A: FromLuaArgs,
        R: IntoLuaReturn;

    /// `Class.name(..)`
    fn add_function<F, A, R>(&mut self, name: &str, function: F)
    where
        F: Fn(&mut Vm, A) -> Result<R, LuaError> + 'static,
        A: FromLuaArgs,
        R: IntoLuaReturn;

    /// A typed function; a first parameter `&T` or `&mut T` makes it a method.
    fn add_typed<F: NativeTypedSig<M>, M: 'static>(&mut self, name: &str, function: F);

    /// An async function; a first parameter [`UserdataRef<T>`] or [`UserdataRefMut<T>`] makes it a method.
    fn add_async_typed<F: AsyncNativeSig<M>, M: 'static>(&mut self, name: &str, function: F);

    /// `ud:name(..)` that waits. The object counts as borrowed as long as the guard is there.
    fn add_async_method<F, A, Fut>(&mut self, name: &str, method: F)
    where
        F: Fn(UserdataRef<T>, A) -> Fut + 'static,
        A: FromLuaArgs + 'static,
        Fut: Future<Output: IntoLuaReturn> + 'static,
    {
        self.add_async_typed(name, move |this: UserdataRef<T>, args: Rest<A>| method(this, args.0));
    }

    /// As [`UserdataMethods::add_async_method`], with an exclusive guard: drop it before the object is needed elsewhere.
    fn add_async_method_mut<F, A, Fut>(&mut self, name: &str, method: F)
    where
        F: Fn(UserdataRefMut<T>, A) -> Fut + 'static,
        A: FromLuaArgs + 'static,
        Fut: Future<Output: IntoLuaReturn> + 'static,
    {
        self.add_async_typed(name, move |this: UserdataRefMut<T>, args: Rest<A>| {
            method(this, args.0)
        });
    }

    /// `Class.name(..)` that waits.
    fn add_async_function<F, A, Fut>(&mut self, name: &str, function: F)
    where
        F: Fn(A) -> Fut + 'static,
        A: FromLuaArgs + 'static,
        Fut: Future<Output: IntoLuaReturn> + 'static,
    {
        self.add_async_typed(name, move |args: Rest<A>| function(args.0));
    }

    /// `ud.name`
    fn add_field_method_get<F, R>(&mut self, name: &str, getter: F)
    where
        F: Fn(&mut Vm, &T) -> Result<R, LuaError> + 'static,
        R: IntoLuaReturn;

    /// `ud.name = value`
    fn add_field_method_set<F, A>(&mut self, name: &str, setter: F)
    where
        F: Fn(&mut Vm, &mut T, A) -> Result<(), LuaError> + 'static,
        A: FromLuaArgs;

    /// `ud.name` from a typed function of `&T`.
    fn add_typed_getter<F: NativeTypedSig<M>, M: 'static>(&mut self, name: &str, getter: F);

    /// `ud.name = value` from a typed function of `&mut T` and the value.
    fn add_typed_setter<F: NativeTypedSig<M>, M: 'static>(&mut self, name: &str, setter: F);

    /// An event, from a typed function: one whose first parameter is `&T` or `&mut T` has the object as first operand.
    fn add_typed_meta<F: NativeTypedSig<M>, M: 'static>(&mut self, event: MetaMethod, handler: F);

    /// `ud.name`, read from a field.
    ///
    /// The offset is the field's, by [`offset_of!`](std::mem::offset_of), and `read` does nothing but copy the field: compiled code may load
    /// it in its place. Derived code keeps to that.
    #[doc(hidden)]
    fn add_field<V: IntoValue + 'static, G: Fn(&T) -> V + 'static>(
        &mut self,
        name: &str,
        offset: usize,
        read: G,
    );

    /// `ud.name = value`, written to a field; as [`UserdataMethods::add_field`].
    #[doc(hidden)]
    fn add_field_write<V: FromLuaValue + 'static, S: Fn(&mut T, V) + 'static>(
        &mut self,
        name: &str,
        offset: usize,
        write: S,
    );

    /// A typed function that makes a `T`: not for the types that extend this one.
    fn add_constructor<F: NativeTypedSig<M>, M: 'static>(&mut self, name: &str, constructor: F);

    /// All that a base registers but its constructors: for values with a [part](LuaUserdata::part) of that type. What is registered later
    /// under a name of the base's wins.
    fn extend<B: LuaUserdata>(&mut self);

    /// `ud.name` is the value of a field as an object of its own, which refers to that of the whole: it is found there at each access, and
    /// the whole is borrowed as long.
    fn add_child<C: LuaUserdata, G, E>(&mut self, name: &str, shared: G, exclusive: E)
    where
        G: Fn(&T) -> &C + 'static,
        E: Fn(&mut T) -> &mut C + 'static;

    /// Calling the class table calls its function `new`.
    fn make_callable(&mut self);

    /// `Class.name`, also seen through objects. A value that becomes an object is one for all, so it can be borrowed shared only; what is to
    /// be changed is given as a handle.
    fn add_constant(&mut self, name: &str, value: impl IntoValue);

    /// An event, the object as first operand.
    fn add_meta_method<F, A, R>(&mut self, event: MetaMethod, method: F)
    where
        F: Fn(&mut Vm, &T, A) -> Result<R, LuaError> + 'static,
        A: FromLuaArgs,
        R: IntoLuaReturn;

    /// As [`UserdataMethods::add_meta_method`], with `&mut T`.
    fn add_meta_method_mut<F, A, R>(&mut self, event: MetaMethod, method: F)
    where
        F: Fn(&mut Vm, &mut T, A) -> Result<R, LuaError> + 'static,
        A: FromLuaArgs,
        R: IntoLuaReturn;

    /// An event with both operands as written; it wins over a meta method.
    fn add_meta_function<F, A, R>(&mut self, event: MetaMethod, function: F)
    where
        F: Fn(&mut Vm, A) -> Result<R, LuaError> + 'static,
        A: FromLuaArgs,
        R: IntoLuaReturn;
}
