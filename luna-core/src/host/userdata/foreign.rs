//! Values of types that are declared elsewhere, as userdata. What a derive says of a type is said here where it is registered.

use std::any::{Any, TypeId};
use std::cell::Cell;
use std::ops::{Deref, DerefMut};
use std::ptr::null_mut;
use std::rc::Rc;

use super::LuaUserdata;
use super::class::ClassBuilder;
use crate::host::convert::{ConvError, FromLuaValue, IntoValue};
use crate::host::value::Value;
use crate::host::vm::Vm;
use crate::value::userdata::{UserdataObj, Whole};
use crate::vm::State;

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
    /// The state whose classes are asked for their bases; null while none is.
    static ASKED: Cell<*mut State> = const { Cell::new(null_mut()) };
}

/// While this is there, the bases of types are those that an object's state knows.
pub(super) struct Asked(*mut State);

impl Asked {
    /// Asks the state of an object.
    ///
    /// # Safety
    /// The object and its state are live as long as this.
    pub(super) unsafe fn by(object: *mut UserdataObj) -> Asked {
        let members = (*object).members;
        let l = if members.is_null() { null_mut() } else { (*members).owner };
        Asked(ASKED.try_with(|asked| asked.replace(l)).unwrap_or(null_mut()))
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        let _ = ASKED.try_with(|asked| asked.set(self.0));
    }
}

/// The bases of a type.
fn bases<T: 'static>() -> Rc<Bases<T>> {
    let l = ASKED.try_with(Cell::get).unwrap_or(null_mut());
    if l.is_null() {
        return Rc::default();
    }
    // SAFETY: V1; `Asked` was promised that the state is live, and the list is not kept.
    let class = unsafe { (*l).host.classes.get(&TypeId::of::<Foreign<T>>()) };
    let known = class.and_then(|class| class.bases.clone());
    known.and_then(|known| known.downcast::<Bases<T>>().ok()).unwrap_or_default()
}

impl ClassBuilder<'_> {
    /// Names a base of a type for this state: a value of the class `B` that each value of the type has.
    pub fn add_base<T: 'static, B: LuaUserdata>(
        &mut self,
        shared: fn(&T) -> &B,
        exclusive: fn(&mut T) -> &mut B,
    ) {
        let Some(named) = self.bases_mut::<Foreign<T>>() else { return };
        let known = named.as_ref().and_then(|known| known.downcast_ref::<Bases<T>>());
        let mut all: Bases<T> = known.cloned().unwrap_or_default();
        all.push(Rc::new(Projection { shared, exclusive }));
        *named = Some(Rc::new(all));
    }
}
