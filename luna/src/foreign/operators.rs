//! Operators from the Rust traits of a type that is declared elsewhere.

use std::any::{Any, type_name};
use std::cmp::Ordering;
use std::fmt::{Debug, Display};
use std::ops::{
    Add, BitAnd, BitOr, BitXor, Div, Index, IndexMut, Mul, Neg, Not, Rem, Shl, Shr, Sub,
};

use luna_core::Vm;
use luna_core::runtime::Value as RawValue;
use luna_core::vm::{
    ConvError, Foreign, FromLuaValue, IntoValue, LuaError, LuaUserdata, MetaMethod, OperatorInfo,
    Ud, UserdataMethods as Registry, lasting_names,
};

use super::{TypeBuilder, class};
use crate::__private::{
    Attempt, Position, apply, assign, change, compare, equal, look, operator, order,
};

/// A type on the other side of an operator, as Lua gives it: a number, a boolean, a `String`, [`Foreign`] of another or the same type, [`Ud`]
/// of a derived one.
pub trait Operand: 'static {
    /// The type that the Rust operator takes.
    type Rust: 'static;

    /// The operand.
    ///
    /// # Errors
    /// It is of another type.
    #[doc(hidden)]
    fn take(value: RawValue, vm: &mut Vm) -> Result<Self::Rust, ConvError>;

    /// The operand as a key.
    ///
    /// # Errors
    /// It is of another type.
    #[doc(hidden)]
    fn take_key(value: RawValue, vm: &mut Vm) -> Result<Self::Rust, ConvError> {
        Self::take(value, vm)
    }
}

macro_rules! plain {
    ($($ty:ty)*) => {
        $(impl Operand for $ty {
            type Rust = $ty;

            fn take(value: RawValue, vm: &mut Vm) -> Result<$ty, ConvError> {
                <$ty as FromLuaValue>::from_lua_value(value, vm)
            }
        })*

        /// What an operator gives, if it is a plain value.
        fn plain_value(output: &mut dyn Any, vm: &mut Vm) -> Option<Result<RawValue, LuaError>> {
            $(
                if let Some(output) = output.downcast_mut::<Option<$ty>>() {
                    return Some(output.take().try_into_value(vm));
                }
            )*
            output.downcast_mut::<Option<usize>>().map(|output| output.take().try_into_value(vm))
        }
    };
}
plain! { bool i8 i16 i32 i64 u8 u16 u32 u64 isize f32 f64 String }

impl Operand for usize {
    type Rust = usize;

    fn take(value: RawValue, vm: &mut Vm) -> Result<usize, ConvError> {
        usize::from_lua_value(value, vm)
    }

    fn take_key(value: RawValue, vm: &mut Vm) -> Result<usize, ConvError> {
        Position::from_lua_value(value, vm).map(|position| position.0)
    }
}

impl<U: Clone + 'static> Operand for Foreign<U> {
    type Rust = U;

    fn take(value: RawValue, vm: &mut Vm) -> Result<U, ConvError> {
        vm.clone_userdata::<Foreign<U>>(value).map(|value| value.0)
    }
}

impl<C: LuaUserdata + Clone> Operand for Ud<C> {
    type Rust = C;

    fn take(value: RawValue, vm: &mut Vm) -> Result<C, ConvError> {
        vm.clone_userdata::<C>(value)
    }
}

/// What an operator gives: a plain value, or one of a type that is declared elsewhere.
struct Given<O>(O);

impl<O: 'static> IntoValue for Given<O> {
    fn into_value(self, vm: &mut Vm) -> RawValue {
        crate::__private::expect(self, vm)
    }

    fn try_into_value(self, vm: &mut Vm) -> Result<RawValue, LuaError> {
        let mut output = Some(self.0);
        match (plain_value(&mut output, vm), output) {
            (Some(plain), _) => plain,
            (None, Some(output)) => Ok(vm.create_userdata(Foreign(output))),
            (None, None) => Ok(RawValue::Nil),
        }
    }
}

/// What an operator of two operands gives.
type Outcome = Result<RawValue, LuaError>;

/// An operator with what stands on its sides.
#[derive(Debug)]
struct Sides {
    event: MetaMethod,
    forward: Vec<Attempt<Outcome>>,
    reversed: Vec<Attempt<Outcome>>,
    /// Names of the types, of those on the right and on the left, with the results.
    types: [Vec<(&'static str, &'static str)>; 2],
}

/// The operators said so far: each is registered with all its operands.
#[derive(Debug, Default)]
pub(super) struct Operators {
    sides: Vec<Sides>,
    equal: Vec<Attempt<bool>>,
    order: Vec<Attempt<Option<Ordering>>>,
    assign: Vec<Attempt<Result<(), ConvError>>>,
}

impl Operators {
    /// The operator of an event.
    fn of(&mut self, event: MetaMethod) -> &mut Sides {
        let at = self.sides.iter().position(|sides| sides.event == event).unwrap_or_else(|| {
            let types = [Vec::new(), Vec::new()];
            self.sides.push(Sides { event, forward: Vec::new(), reversed: Vec::new(), types });
            self.sides.len() - 1
        });
        &mut self.sides[at]
    }
}

macro_rules! binary {
    ($($name:ident $reversed:ident $trait:ident $call:ident $event:ident $sign:literal)*) => {
        $(
            #[doc = concat!("`object ", $sign, " other`, by its [`", stringify!($trait), "`]. Further calls add further types of `other`.")]
            ///
            /// What it gives is a number, boolean or string, or else a [`Foreign`].
            pub fn $name<R: Operand>(&mut self)
            where
                T: $trait<R::Rust> + Clone,
                <T as $trait<R::Rust>>::Output: 'static,
            {
                let sides = self.operators.of(MetaMethod::$event);
                sides.forward.push(|vm, this, other, _| {
                    let other = R::take(other, vm)?;
                    apply(vm, this, |this: Foreign<T>| Given(this.0.$call(other)))
                });
                sides.types[0].push((type_name::<R>(), type_name::<<T as $trait<R::Rust>>::Output>()));
            }

            #[doc = concat!("`other ", $sign, " object`, by the [`", stringify!($trait), "`] of the other's type.")]
            pub fn $reversed<L: Operand>(&mut self)
            where
                L::Rust: $trait<T>,
                T: Clone,
                <L::Rust as $trait<T>>::Output: 'static,
            {
                let sides = self.operators.of(MetaMethod::$event);
                sides.reversed.push(|vm, this, other, _| {
                    let other = L::take(other, vm)?;
                    apply(vm, this, |this: Foreign<T>| Given(other.$call(this.0)))
                });
                sides.types[1].push((type_name::<L>(), type_name::<<L::Rust as $trait<T>>::Output>()));
            }
        )*
    };
}

impl<T: 'static> TypeBuilder<'_, '_, T> {
    binary! {
        impl_add impl_add_reversed Add add Add "+"
        impl_sub impl_sub_reversed Sub sub Sub "-"
        impl_mul impl_mul_reversed Mul mul Mul "*"
        impl_div impl_div_reversed Div div Div "/"
        impl_rem impl_rem_reversed Rem rem Mod "%"
        impl_bit_and impl_bit_and_reversed BitAnd bitand BAnd "&"
        impl_bit_or impl_bit_or_reversed BitOr bitor BOr "|"
        impl_bit_xor impl_bit_xor_reversed BitXor bitxor BXor "~"
        impl_shl impl_shl_reversed Shl shl Shl "<<"
        impl_shr impl_shr_reversed Shr shr Shr ">>"
    }

    /// `-object`
    pub fn impl_neg(&mut self)
    where
        T: Neg + Clone,
        T::Output: 'static,
    {
        self.add_typed_meta(MetaMethod::Unm, |this: &Foreign<T>| Given(-this.0.clone()));
    }

    /// `~object`
    pub fn impl_not(&mut self)
    where
        T: Not + Clone,
        T::Output: 'static,
    {
        self.add_typed_meta(MetaMethod::BNot, |this: &Foreign<T>| Given(!this.0.clone()));
    }

    /// `tostring(object)`, by its `Display`.
    pub fn impl_display(&mut self)
    where
        T: Display,
    {
        self.add_typed_meta(MetaMethod::ToString, |this: &Foreign<T>| this.0.to_string());
    }

    /// `tostring(object)`, by its `Debug`.
    pub fn impl_debug(&mut self)
    where
        T: Debug,
    {
        self.add_typed_meta(MetaMethod::ToString, |this: &Foreign<T>| format!("{:?}", this.0));
    }

    /// `object == object`
    pub fn impl_partial_eq(&mut self)
    where
        T: PartialEq,
    {
        self.operators.equal.push(|vm, this, other, _| {
            compare(vm, this, other, |this: &Foreign<T>, other: &Foreign<T>| this.0 == other.0)
        });
    }

    /// `object == other` and `other == object`, of two userdata: only these Lua asks.
    pub fn impl_partial_eq_to<R: Operand>(&mut self)
    where
        T: PartialEq<R::Rust>,
    {
        self.operators.equal.push(|vm, this, other, _| {
            let other = R::take(other, vm)?;
            look(vm, this, |this: &Foreign<T>| this.0 == other)
        });
    }

    /// `object < object` and its like.
    pub fn impl_partial_ord(&mut self)
    where
        T: PartialOrd,
    {
        self.operators.order.push(|vm, this, other, _| {
            let order = |this: &Foreign<T>, other: &Foreign<T>| this.0.partial_cmp(&other.0);
            compare(vm, this, other, order)
        });
    }

    /// `object < other` and its like, in both orders.
    pub fn impl_partial_ord_to<R: Operand>(&mut self)
    where
        T: PartialOrd<R::Rust>,
    {
        self.operators.order.push(|vm, this, other, _| {
            let other = R::take(other, vm)?;
            look(vm, this, |this: &Foreign<T>| this.0.partial_cmp(&other))
        });
    }

    /// `object[key]` of keys that name no field or method: a copy. A `usize` counts from 1 in Lua, from 0 in Rust.
    pub fn impl_index<K: Operand>(&mut self)
    where
        T: Index<K::Rust>,
        T::Output: Clone + 'static,
    {
        let sides = self.operators.of(MetaMethod::Index);
        sides.forward.push(|vm, this, key, _| {
            let key = K::take_key(key, vm)?;
            let found = look(vm, this, |this: &Foreign<T>| this.0.index(key).clone())?;
            Ok(Given(found).try_into_value(vm))
        });
        sides.types[0].push((type_name::<K>(), type_name::<T::Output>()));
    }

    /// `object[key] = value`, as [`TypeBuilder::impl_index`].
    pub fn impl_index_mut<K: Operand>(&mut self)
    where
        T: IndexMut<K::Rust>,
        T::Output: FromLuaValue + 'static,
    {
        self.note_change("__newindex");
        self.operators.assign.push(|vm, this, key, value| {
            let key = K::take_key(key, vm)?;
            change(vm, this, value, |this: &mut Foreign<T>, value| *this.0.index_mut(key) = value)
        });
    }

    /// `object:clone()`
    pub fn impl_clone(&mut self)
    where
        T: Clone,
    {
        self.add_typed("clone", |this: &Foreign<T>| this.clone());
    }

    /// `Class.default()`
    pub fn impl_default(&mut self)
    where
        T: Default,
    {
        self.add_constructor("default", || Foreign(T::default()));
    }

    /// `object:to_table()`: a table of its data, by serde.
    #[cfg(feature = "serde")]
    pub fn impl_serialize(&mut self)
    where
        T: serde::Serialize,
    {
        self.add_method("to_table", |lua, this, ()| lua.to_value(this));
    }

    /// Registers the operators with all their operands.
    pub(super) fn register_operators(&mut self) {
        let Operators { sides, equal: equals, order: orders, assign: assigns } =
            std::mem::take(&mut self.operators);
        let class = class::<T>(self.class);
        for Sides { event, forward, reversed, types } in sides {
            let names = |at: usize| {
                let names: Vec<&'static str> = types[at].iter().map(|(name, _)| *name).collect();
                lasting_names(&names)
            };
            self.info.operators.push(OperatorInfo {
                event,
                operands: names(0),
                reversed: names(1),
                results: types.iter().flatten().map(|(_, result)| *result).collect(),
            });
            let handler = move |vm: &mut Vm, a: RawValue, b: RawValue| {
                operator::<Foreign<T>, _>(vm, event, [a, b], &forward, &reversed)
            };
            Registry::<Foreign<T>>::add_typed_meta(class, event, handler);
        }
        if !equals.is_empty() {
            let handler = move |vm: &mut Vm, a: RawValue, b: RawValue| equal(vm, [a, b], &equals);
            Registry::<Foreign<T>>::add_typed_meta(class, MetaMethod::Eq, handler);
        }
        if !orders.is_empty() {
            let lower = Ordering::is_lt as fn(Ordering) -> bool;
            for (event, test) in [(MetaMethod::Lt, lower), (MetaMethod::Le, Ordering::is_le)] {
                let orders = orders.clone();
                let handler = move |vm: &mut Vm, a: RawValue, b: RawValue| {
                    order::<Foreign<T>>(vm, event, [a, b], &orders, test)
                };
                Registry::<Foreign<T>>::add_typed_meta(class, event, handler);
            }
        }
        if !assigns.is_empty() {
            let handler = move |vm: &mut Vm, a: RawValue, b: RawValue, value: RawValue| {
                assign::<Foreign<T>>(vm, [a, b, value], &assigns)
            };
            Registry::<Foreign<T>>::add_typed_meta(class, MetaMethod::NewIndex, handler);
        }
    }
}
