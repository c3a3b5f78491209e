//! Classes of types that are declared elsewhere.

mod operators;
mod said;

use std::any::TypeId;
use std::fmt::Display;
use std::marker::PhantomData;

use luna_core::vm::{
    ClassBuilder, ClassInfo, Deprecated, FromLuaArgs, FromLuaValue, FunctionKind, IntoLuaReturn,
    IntoValue, Kind, LuaUserdata, MetaMethod, NativeTypedSig, Rest, UserdataMethods as Registry,
    lasting,
};

pub use luna_core::vm::Foreign;
pub use operators::Operand;

use crate::__private::invalid;
use crate::error::{Error, Result};
use crate::lua::Lua;
use operators::Operators;
use said::Said;

/// Where a type that is declared elsewhere gets its methods; see [`Lua::register_type`].
///
/// Methods get `&T` and `&mut T`. The typed forms, which take parameters of any kind, get the value as `&Foreign<T>`. What is said of the class
/// ([`name`](TypeBuilder::name), [`strict`](TypeBuilder::strict), ..) counts wherever it stands; what is said of an item
/// ([`doc`](TypeBuilder::doc), [`params`](TypeBuilder::params), ..) stands before it, as attributes do.
///
/// ```
/// use std::time::Duration;
///
/// use luna::{Foreign, Lua};
///
/// # fn main() -> luna::Result<()> {
/// let lua = Lua::new();
/// lua.register_type::<Duration>(|t| {
///     t.name("Span").strict().frozen();
///     t.doc("Makes a span.").params(&[("seconds", "f64")]);
///     t.add_constructor("new", |seconds: f64| Foreign(Duration::from_secs_f64(seconds)));
///     t.impl_debug();
///     t.impl_partial_ord();
///     t.impl_add::<Foreign<Duration>>();
///     t.impl_mul::<u32>();
/// })?;
/// lua.set_class::<Foreign<Duration>>("Span")?;
/// lua.load("s = Span.new(1.5) assert(tostring(s + s * 2) == '4.5s' and s < s * 2)").exec()?;
/// let error = lua.load("s:halve()").name("=demo").exec().unwrap_err();
/// assert_eq!(error.message(), "demo:1: Span has no field 'halve'");
/// let error = lua.load("Span.new('x')").name("=demo").exec().unwrap_err();
/// assert_eq!(error.message(), "demo:1: bad argument #1 to 'new' (seconds: number expected, got string)");
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct TypeBuilder<'b, 'v, T> {
    class: &'b mut ClassBuilder<'v>,
    info: ClassInfo,
    /// What is said of the item that comes next.
    next: Said,
    operators: Operators,
    frozen: bool,
    /// What needs an exclusive borrow.
    changes: Option<&'static str>,
    /// What is wrong with the registration.
    problem: Option<String>,
    of: PhantomData<fn() -> T>,
}

/// The class that is being made, as that of `Foreign<T>`.
fn class<'c, 'v, T: 'static>(
    class: &'c mut ClassBuilder<'v>,
) -> &'c mut (impl Registry<Foreign<T>> + use<'v, T>) {
    class
}

/// What is said of the class.
impl<T: 'static> TypeBuilder<'_, '_, T> {
    /// Its name in messages and for tools; else that of the type.
    pub fn name(&mut self, name: &str) -> &mut Self {
        self.class.set_name(name);
        self.info.name = lasting(name);
        self
    }

    /// Its documentation, for tools.
    pub fn class_doc(&mut self, text: &str) -> &mut Self {
        self.info.docs = lasting(text);
        self
    }

    /// Reading or writing a name there is not raises.
    pub fn strict(&mut self) -> &mut Self {
        self.class.set_strict();
        self
    }

    /// Nothing is ever written: values are neither borrowed exclusively nor taken, and no borrow can fail.
    pub fn frozen(&mut self) -> &mut Self {
        self.class.set_frozen();
        self.frozen = true;
        self
    }

    /// Adds the members of another class, which each value has a value of: all but constructors, and own ones of the same name win if they
    /// are registered later. Parameters `&B` and `&mut B` accept the objects. A base that is a [`Foreign`] is registered before.
    ///
    /// ```
    /// use luna::{Foreign, Lua};
    ///
    /// # // As if both were declared elsewhere.
    /// struct Entity { id: u32 }
    /// struct Unit { entity: Entity }
    ///
    /// # fn main() -> luna::Result<()> {
    /// let lua = Lua::new();
    /// lua.register_type::<Entity>(|t| t.add_getter("id", |entity| entity.id))?;
    /// lua.register_type::<Unit>(|t| {
    ///     t.extends(|unit| Foreign::from_ref(&unit.entity), |unit| Foreign::from_mut(&mut unit.entity));
    /// })?;
    /// lua.globals().set("unit", Foreign(Unit { entity: Entity { id: 7 } }))?;
    /// let id_of = lua.create_function(|entity: &Foreign<Entity>| entity.id)?;
    /// lua.globals().set("id_of", id_of)?;
    /// lua.load("assert(unit.id == 7 and id_of(unit) == 7)").exec()
    /// # }
    /// ```
    pub fn extends<B: LuaUserdata>(
        &mut self,
        shared: fn(&T) -> &B,
        exclusive: fn(&mut T) -> &mut B,
    ) {
        let Some(base) = self.class.info_of::<B>() else {
            self.problem = Some(format!("the base {} is not registered", B::type_name()));
            return;
        };
        if TypeId::of::<B>() == TypeId::of::<Foreign<T>>() {
            self.problem = Some(format!("{} is no base of itself", B::type_name()));
            return;
        }
        self.class.add_base::<T, B>(shared, exclusive);
        class::<T>(self.class).extend::<B>();
        self.info.add_base(base.name, base.path, |info| *info = base.clone());
    }

    /// Calling the class table calls its function `new`.
    pub fn make_callable(&mut self) {
        Registry::<Foreign<T>>::make_callable(class::<T>(self.class));
    }
}

/// What is said of the item that is registered next.
impl<T: 'static> TypeBuilder<'_, '_, T> {
    /// Its documentation, for tools.
    pub fn doc(&mut self, text: &str) -> &mut Self {
        self.next.docs = lasting(text);
        self
    }

    /// Names and types of its parameters, without the object: for errors and tools. The types are written as in Rust.
    pub fn params(&mut self, params: &[(&str, &str)]) -> &mut Self {
        self.next.set_params(params);
        self
    }

    /// The type of its result, or of a constant, for tools.
    pub fn result(&mut self, ty: &str) -> &mut Self {
        self.next.result = Some(lasting(ty));
        self
    }

    /// It warns once, with a note if that is not empty.
    pub fn deprecated(&mut self, note: &str) -> &mut Self {
        self.next.deprecated = Some(lasting(note));
        self
    }

    /// It has no side effects.
    pub fn pure(&mut self) -> &mut Self {
        self.next.pure = true;
        self
    }
}

/// The items.
impl<T: 'static> TypeBuilder<'_, '_, T> {
    /// `object:name(..)` with `&T`.
    pub fn add_method<F, A, R>(&mut self, name: &str, method: F)
    where
        F: Fn(&Lua, &T, A) -> Result<R> + 'static,
        A: FromLuaArgs + 'static,
        R: IntoLuaReturn + 'static,
    {
        let call = move |lua: &Lua, this: &Foreign<T>, args: Rest<A>| method(lua, &this.0, args.0);
        self.put(FunctionKind::Method, name, call);
    }

    /// `object:name(..)` with `&mut T`.
    pub fn add_method_mut<F, A, R>(&mut self, name: &str, method: F)
    where
        F: Fn(&Lua, &mut T, A) -> Result<R> + 'static,
        A: FromLuaArgs + 'static,
        R: IntoLuaReturn + 'static,
    {
        let call =
            move |lua: &Lua, this: &mut Foreign<T>, args: Rest<A>| method(lua, &mut this.0, args.0);
        self.put(FunctionKind::Method, name, call);
    }

    /// `Class.name(..)`
    pub fn add_function<F, A, R>(&mut self, name: &str, function: F)
    where
        F: Fn(&Lua, A) -> Result<R> + 'static,
        A: FromLuaArgs + 'static,
        R: IntoLuaReturn + 'static,
    {
        let call = move |lua: &Lua, args: Rest<A>| function(lua, args.0);
        self.put(FunctionKind::Function, name, call);
    }

    /// `Class.name(..)`, which makes a value: a typed function. What extends the class does not get it.
    pub fn add_constructor<F: NativeTypedSig<K>, K: 'static>(&mut self, name: &str, function: F) {
        self.put(FunctionKind::Constructor, name, function);
    }

    /// `object.name`
    pub fn add_getter<F, R>(&mut self, name: &str, getter: F)
    where
        F: Fn(&T) -> R + 'static,
        R: IntoLuaReturn + 'static,
    {
        self.put(FunctionKind::Getter, name, move |this: &Foreign<T>| getter(&this.0));
    }

    /// `object.name = value`
    pub fn add_setter<F, V>(&mut self, name: &str, setter: F)
    where
        F: Fn(&mut T, V) -> Result<()> + 'static,
        V: FromLuaValue + 'static,
    {
        let call = move |_: &Lua, this: &mut Foreign<T>, value: V| setter(&mut this.0, value);
        self.put(FunctionKind::Setter, name, call);
    }

    /// `object.name = value`, which has to pass a check.
    pub fn add_validated_setter<F, V, C, E>(&mut self, name: &str, check: C, setter: F)
    where
        F: Fn(&mut T, V) + 'static,
        V: FromLuaValue + 'static,
        C: Fn(&V) -> std::result::Result<(), E> + 'static,
        E: Display,
    {
        let field = lasting(name);
        let call = move |lua: &Lua, this: &mut Foreign<T>, value: V| -> Result<()> {
            if let Err(error) = check(&value) {
                let class = lua.with(|vm| vm.class_name::<Foreign<T>>())?;
                return Err(invalid(class, field, &error));
            }
            setter(&mut this.0, value);
            Ok(())
        };
        self.put(FunctionKind::Setter, name, call);
    }

    /// `object.name` is a part of the value, which is read and changed in place.
    pub fn add_part<C: 'static>(
        &mut self,
        name: &str,
        shared: impl Fn(&T) -> &Foreign<C> + 'static,
        exclusive: impl Fn(&mut T) -> &mut Foreign<C> + 'static,
    ) {
        let said = std::mem::take(&mut self.next);
        self.info.fields.push(said.constant(lasting(name), std::any::type_name::<Foreign<C>>()));
        class::<T>(self.class).add_child::<Foreign<C>, _, _>(
            name,
            move |this: &Foreign<T>| shared(&this.0),
            move |this: &mut Foreign<T>| exclusive(&mut this.0),
        );
    }

    /// `Class.name`, also seen through objects. A value that becomes an object is one for all, so it can be borrowed shared only; what is to
    /// be changed is given as a handle.
    pub fn add_constant<V: IntoValue>(&mut self, name: &str, value: V) {
        let said = std::mem::take(&mut self.next);
        self.info.constants.push(said.constant(lasting(name), std::any::type_name::<V>()));
        Registry::<Foreign<T>>::add_constant(class::<T>(self.class), name, value);
    }

    /// A constant for each of an enum's variants, and `object.variant`, its name.
    pub fn add_variants<'n>(&mut self, variants: impl IntoIterator<Item = (&'n str, T)>)
    where
        T: Clone + PartialEq,
    {
        let variants: Vec<(&'static str, T)> =
            variants.into_iter().map(|(name, value)| (lasting(name), value)).collect();
        for (name, value) in &variants {
            self.add_constant(name, Foreign(value.clone()));
        }
        self.add_getter("variant", move |this| {
            variants.iter().find(|(_, value)| value == this).map(|(name, _)| *name)
        });
    }

    /// An event, the object as first operand.
    pub fn add_meta_method<F, A, R>(&mut self, event: MetaMethod, method: F)
    where
        F: Fn(&Lua, &T, A) -> Result<R> + 'static,
        A: FromLuaArgs + 'static,
        R: IntoLuaReturn + 'static,
    {
        let call = move |lua: &Lua, this: &Foreign<T>, args: Rest<A>| method(lua, &this.0, args.0);
        self.add_typed_meta(event, call);
    }

    /// As [`TypeBuilder::add_meta_method`], with `&mut T`.
    pub fn add_meta_method_mut<F, A, R>(&mut self, event: MetaMethod, method: F)
    where
        F: Fn(&Lua, &mut T, A) -> Result<R> + 'static,
        A: FromLuaArgs + 'static,
        R: IntoLuaReturn + 'static,
    {
        let call =
            move |lua: &Lua, this: &mut Foreign<T>, args: Rest<A>| method(lua, &mut this.0, args.0);
        self.add_typed_meta(event, call);
    }

    /// An event with both operands as written.
    pub fn add_meta_function<F, A, R>(&mut self, event: MetaMethod, function: F)
    where
        F: Fn(&Lua, A) -> Result<R> + 'static,
        A: FromLuaArgs + 'static,
        R: IntoLuaReturn + 'static,
    {
        self.add_typed_meta(event, move |lua: &Lua, args: Rest<A>| function(lua, args.0));
    }

    /// A typed function; a first parameter `&Foreign<T>` or `&mut Foreign<T>` makes it a method.
    pub fn add_typed<F: NativeTypedSig<K>, K: 'static>(&mut self, name: &str, function: F) {
        let method = F::SIGNATURE.args.first().is_some_and(is_own::<T>);
        let kind = if method { FunctionKind::Method } else { FunctionKind::Function };
        self.put(kind, name, function);
    }

    /// An event, from a typed function with the operands as written.
    pub fn add_typed_meta<F: NativeTypedSig<K>, K: 'static>(
        &mut self,
        event: MetaMethod,
        handler: F,
    ) {
        let said = std::mem::take(&mut self.next);
        let name = lasting(&format!("{event:?}"));
        self.note_parameters(event.name(), F::SIGNATURE.args, said.pure);
        let function = said.function(FunctionKind::Meta, name, F::SIGNATURE);
        self.info.functions.push(function);
        let class = class::<T>(self.class);
        match said.deprecated {
            Some(note) => Registry::<Foreign<T>>::add_typed_meta(
                class,
                event,
                Deprecated::<Foreign<T>, F>::new(handler, event.name(), note),
            ),
            None => Registry::<Foreign<T>>::add_typed_meta(class, event, handler),
        }
    }
}

/// Whether a parameter borrows an object of the class.
fn is_own<T: 'static>(kind: &Kind) -> bool {
    match kind {
        Kind::Shared(of) | Kind::Exclusive(of) => of() == TypeId::of::<Foreign<T>>(),
        _ => false,
    }
}

impl<'b, 'v, T: 'static> TypeBuilder<'b, 'v, T> {
    /// Begins a registration.
    fn new(class: &'b mut ClassBuilder<'v>) -> TypeBuilder<'b, 'v, T> {
        TypeBuilder {
            class,
            info: ClassInfo::of::<Foreign<T>>(),
            next: Said::default(),
            operators: Operators::default(),
            frozen: false,
            changes: None,
            problem: None,
            of: PhantomData,
        }
    }

    /// Registers a function with what is said of it.
    fn put<F: NativeTypedSig<K>, K: 'static>(&mut self, kind: FunctionKind, name: &str, f: F) {
        let (said, name) = (std::mem::take(&mut self.next), lasting(name));
        self.note_parameters(name, F::SIGNATURE.args, said.pure);
        self.info.functions.push(said.function(kind, name, F::SIGNATURE));
        match said.deprecated {
            Some(note) => {
                self.add(kind, name, Deprecated::<Foreign<T>, F>::new(f, name, note));
            }
            None => self.add(kind, name, f),
        }
    }

    /// Registers a function.
    fn add<F: NativeTypedSig<K>, K: 'static>(&mut self, kind: FunctionKind, name: &str, f: F) {
        let class = class::<T>(self.class);
        match kind {
            FunctionKind::Getter => Registry::<Foreign<T>>::add_typed_getter(class, name, f),
            FunctionKind::Setter => Registry::<Foreign<T>>::add_typed_setter(class, name, f),
            FunctionKind::Constructor => Registry::<Foreign<T>>::add_constructor(class, name, f),
            _ => Registry::<Foreign<T>>::add_typed(class, name, f),
        }
    }

    /// Remembers what changes a value.
    fn note_change(&mut self, name: &'static str) {
        self.changes.get_or_insert(name);
    }

    /// Remembers a function that changes a value.
    fn note_parameters(&mut self, name: &'static str, args: &[Kind], pure: bool) {
        if pure && args.iter().any(|kind| matches!(kind, Kind::Exclusive(_))) {
            self.problem = Some(format!("'{name}' is pure, but changes an argument"));
        }
        if args.iter().any(|kind| matches!(kind, Kind::Exclusive(_)) && is_own::<T>(kind)) {
            self.note_change(name);
        }
    }

    /// Ends a registration.
    fn finish(mut self) -> std::result::Result<(), String> {
        self.register_operators();
        let name = self.info.name;
        match (self.problem, self.changes) {
            (Some(problem), _) => return Err(format!("{name}: {problem}")),
            (None, Some(what)) if self.frozen => {
                return Err(format!("{name} is frozen, but '{what}' changes it"));
            }
            _ if self.next != Said::default() => {
                return Err(format!("{name}: what is said of an item stands before it"));
            }
            _ => {}
        }
        self.class.set_info::<Foreign<T>>(self.info);
        Ok(())
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
    /// The type has been registered or used before, what is registered contradicts itself, or Lua is busy or closed.
    pub fn register_type<T: 'static>(
        &self,
        register: impl FnOnce(&mut TypeBuilder<'_, '_, T>),
    ) -> Result<()> {
        let made = self.with(|vm| {
            vm.register_class::<Foreign<T>>(|class| {
                let mut builder = TypeBuilder::new(class);
                register(&mut builder);
                builder.finish()
            })
        })?;
        made.map_err(Error::new)
    }
}
