//! Values of types that are declared elsewhere, as userdata. What a derive says of a type is said here where it is registered.

use std::any::{Any, TypeId};
use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::{Deref, DerefMut};
use std::rc::Rc;

use super::LuaUserdata;
use crate::host::convert::{ConvError, FromLuaValue, IntoValue};
use crate::host::value::Value;
use crate::host::vm::Vm;
use crate::value::userdata::Whole;

/// A value of a type that is declared elsewhere, as a userdata. Its class is made by a registration.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(transparent)]
pub struct Foreign<T>(pub T);

impl<T> Foreign<T> {
    /// A value where it lies, as that of its class.
    #[must_use]
    pub fn from_ref(value: &T) -> &Foreign<T> {
        // SAFETY: H2; `Foreign<T>` is a transparent `T`, so what is behind the reference is one of the other.
        unsafe { &*std::ptr::from_ref(value).cast::<Foreign<T>>() }
    }

    /// As [`Foreign::from_ref`], to be changed.
    #[must_use]
    pub fn from_mut(value: &mut T) -> &mut Foreign<T> {
        // SAFETY: H2; as `from_ref`, and the exclusive reference is given on.
        unsafe { &mut *std::ptr::from_mut(value).cast::<Foreign<T>>() }
    }
}

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
    const REGISTERED: bool = true;
    const TRACES: bool = false;

    fn type_name() -> &'static str {
        let path = std::any::type_name::<T>();
        let path = path.split('<').next().unwrap_or(path);
        path.rsplit("::").next().unwrap_or(path)
    }

    fn has_part(of: TypeId) -> bool {
        bases::<T>().iter().any(|base| base.has(of))
    }

    fn part(&self, of: TypeId) -> Option<&dyn Any> {
        bases::<T>().iter().find(|base| base.has(of))?.shared(&self.0, of)
    }

    fn part_mut(&mut self, of: TypeId) -> Option<&mut dyn Any> {
        bases::<T>().iter().find(|base| base.has(of))?.exclusive(&mut self.0, of)
    }
}

impl<T: 'static> IntoValue for Foreign<T> {
    fn into_value(self, vm: &mut Vm) -> Value {
        vm.create_userdata(self)
    }
}

/// A copy of the value.
impl<T: Clone + 'static> FromLuaValue for Foreign<T> {
    fn from_lua_value(value: Value, vm: &mut Vm) -> Result<Self, ConvError> {
        vm.clone_userdata(value)
    }
}

/// A base of a type: where in its values those of another class lie.
trait Base<T> {
    /// Its type.
    fn ty(&self) -> TypeId;

    /// Whether it is of a type, or has a part of it.
    fn has(&self, of: TypeId) -> bool;

    /// The base, or the part of it that is of a type.
    fn shared<'v>(&self, value: &'v T, of: TypeId) -> Option<&'v dyn Any>;

    /// As [`Base::shared`], to be changed.
    fn exclusive<'v>(&self, value: &'v mut T, of: TypeId) -> Option<&'v mut dyn Any>;
}

/// A base by the functions that find it.
struct Projection<T, B> {
    shared: fn(&T) -> &B,
    exclusive: fn(&mut T) -> &mut B,
}

impl<T, B: LuaUserdata> Base<T> for Projection<T, B> {
    fn ty(&self) -> TypeId {
        TypeId::of::<B>()
    }

    fn has(&self, of: TypeId) -> bool {
        of == TypeId::of::<B>() || B::has_part(of)
    }

    fn shared<'v>(&self, value: &'v T, of: TypeId) -> Option<&'v dyn Any> {
        (self.shared)(value).part_of_type(of)
    }

    fn exclusive<'v>(&self, value: &'v mut T, of: TypeId) -> Option<&'v mut dyn Any> {
        (self.exclusive)(value).part_of_type_mut(of)
    }
}

/// The bases of a type.
type Bases<T> = Vec<Rc<dyn Base<T>>>;

thread_local! {
    /// The [`Bases`] of each type, as far as they have been named in this thread.
    static BASES: RefCell<HashMap<TypeId, Rc<dyn Any>>> = RefCell::default();
}

/// The bases of a type.
fn bases<T: 'static>() -> Rc<Bases<T>> {
    let known = BASES.try_with(|bases| bases.borrow().get(&TypeId::of::<T>()).cloned());
    let known = known.ok().flatten().and_then(|known| known.downcast::<Bases<T>>().ok());
    known.unwrap_or_default()
}

/// Names a base of a type for this thread: a value of the class `B` that each value of the type has.
pub fn add_base<T: 'static, B: LuaUserdata>(shared: fn(&T) -> &B, exclusive: fn(&mut T) -> &mut B) {
    let mut all: Bases<T> = bases::<T>().to_vec();
    // What another state was told is said anew.
    all.retain(|base| base.ty() != TypeId::of::<B>());
    all.push(Rc::new(Projection { shared, exclusive }));
    let _ = BASES.try_with(|bases| bases.borrow_mut().insert(TypeId::of::<T>(), Rc::new(all)));
}
