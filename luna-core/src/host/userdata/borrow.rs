//! Borrows of payloads: what the flag of an object allows, and guards that hold a borrow for the host.
//!
//! The flag is checked at every borrow and holds as long as it: **shared** borrows keep exclusive ones, take and destroy away, an
//! **exclusive** one keeps all others away. `EXCLUSIVE` says which of the two a borrow is.

use std::any::{Any, TypeId};
use std::fmt;
use std::ops::{Deref, DerefMut};

use super::holder::{holder, native_name};
use super::{LuaUserdata, part, trace};
use crate::host::convert::{ConvError, FromLuaValue};
use crate::host::roots::HostRootTicket;
use crate::host::typed::{NativeCall, Pending};
use crate::host::value::Value;
use crate::host::vm::{Vm, release_orphan};
use crate::value::repr::{RawValue, tag};
use crate::value::userdata::{Place, UserdataObj};
use crate::vm::State;

/// Why a borrow failed.
#[derive(Clone, Copy, Debug)]
pub(super) enum Refused {
    /// No object of the type.
    Type,
    /// The payload is gone.
    Destroyed,
    /// Exclusively borrowed.
    Exclusive,
    /// Borrowed, where an exclusive borrow is wanted.
    Borrowed,
    /// A frozen type.
    Frozen,
    /// A constant of a class, where an exclusive borrow is wanted.
    Constant,
    /// Lent to a scope to be read, where an exclusive borrow is wanted.
    LentShared,
    /// Lent to a scope that has ended.
    Expired,
    /// Lent to a scope, which a guard could outlive.
    Lent,
    /// Part of another value, and cannot be moved out of it.
    Part,
    /// Part of a value of the named class, whose borrow was refused.
    Whole(&'static str, &'static Refused),
}

impl Refused {
    /// The reason why a value is borrowed already, if it is so for as long as it is there.
    ///
    /// # Safety
    /// The value is live.
    unsafe fn explained(self, raw: RawValue) -> Refused {
        if raw.tag != tag::USERDATA {
            return self;
        }
        let root = part::root_of(raw.as_ptr());
        let members = (*root).members;
        let why = if !members.is_null() && (*members).frozen {
            &Refused::Frozen
        } else if (*root).read_only && (*root).is_lent() {
            &Refused::LentShared
        } else if (*root).read_only {
            &Refused::Constant
        } else {
            return self;
        };
        match self {
            Refused::Borrowed => *why,
            Refused::Whole(whole, Refused::Borrowed) => Refused::Whole(whole, why),
            other => other,
        }
    }

    /// The message of a borrow of a value of the class `ty` refused to the function of this name, because of `holder`; `None` for a wrong
    /// type.
    pub(super) fn text(self, ty: &str, name: &str, holder: &str) -> Option<String> {
        let text = match self {
            Refused::Type => return None,
            Refused::Whole(whole, why) => return why.text(whole, name, holder),
            Refused::Part => format!("{ty} is part of another value: only a copy can be taken"),
            Refused::Destroyed => format!("{ty} has been destroyed"),
            Refused::Exclusive => {
                format!("cannot borrow {ty} in '{name}': already mutably borrowed{holder}")
            }
            Refused::Borrowed => {
                format!("cannot borrow {ty} mutably in '{name}': already borrowed{holder}")
            }
            Refused::Expired => format!("{ty} has expired: the scope it was lent to has ended"),
            Refused::Lent => format!("{ty} is lent to a scope: only calls can borrow it"),
            Refused::Constant => {
                format!("cannot borrow {ty} mutably in '{name}': it is a constant, which all share")
            }
            Refused::LentShared => {
                format!("cannot borrow {ty} mutably in '{name}': it is lent to be read only")
            }
            Refused::Frozen => {
                format!("cannot borrow {ty} mutably in '{name}': the type is frozen")
            }
        };
        Some(text)
    }
}

/// The payload of a live userdata if it is a `T`.
#[inline(always)]
pub(super) unsafe fn payload<T: 'static>(object: *mut UserdataObj) -> Result<*mut T, Refused> {
    if let Some(data) = (*object).payload() {
        return Ok(data);
    }
    Err(match (*object).place {
        _ if (*object).ty.id != TypeId::of::<T>() => Refused::Type,
        Place::Lent => Refused::Expired,
        Place::Inline | Place::Boxed => Refused::Destroyed,
    })
}

/// Refuses what is lent to a scope.
pub(super) unsafe fn refuse_lent(raw: RawValue) -> Result<(), Refused> {
    let lent = raw.tag == tag::USERDATA && (*part::root_of(raw.as_ptr())).is_lent();
    if lent { Err(Refused::Lent) } else { Ok(()) }
}

/// The name of a type in a state.
pub(super) unsafe fn class_name<T: LuaUserdata>(l: *mut State) -> &'static str {
    let class = if T::REGISTERED { (*l).host.classes.get(&TypeId::of::<T>()) } else { None };
    class.map_or_else(T::type_name, |class| (*class.members).name)
}

/// Name of the running native.
unsafe fn running_name(l: *mut State) -> String {
    native_name((*l).w.ci_base, (*l).w.ci).unwrap_or_else(|| "?".to_owned())
}

/// A borrow for the length of a call.
#[derive(Debug)]
pub struct Borrow<T: LuaUserdata, const EXCLUSIVE: bool> {
    /// The object whose flag tells of the borrow.
    object: *mut UserdataObj,
    data: *mut T,
    /// What is borrowed is part of the object's value.
    part: bool,
}

/// A shared borrow for the length of a call.
pub(in crate::host) type Shared<T> = Borrow<T, false>;
/// An exclusive borrow for the length of a call.
pub(in crate::host) type Exclusive<T> = Borrow<T, true>;

impl<T: LuaUserdata, const EXCLUSIVE: bool> Borrow<T, EXCLUSIVE> {
    /// Whether the flag tells of the borrow. The collector wants to know of those it may meet.
    const COUNTED: bool = !T::FROZEN || T::TRACES;

    /// Borrows a value.
    ///
    /// # Safety
    /// The value is live, and stays so as long as the borrow.
    #[inline(always)]
    pub(super) unsafe fn of(raw: RawValue) -> Result<Self, Refused> {
        if raw.tag != tag::USERDATA {
            return Err(Refused::Type);
        }
        let object: *mut UserdataObj = raw.as_ptr();
        let data = match payload(object) {
            Ok(data) => data,
            Err(refused) => return Self::of_part(object, refused),
        };
        if EXCLUSIVE && T::FROZEN {
            return Err(Refused::Frozen);
        }
        if Self::COUNTED {
            let others = (*object).borrow;
            if EXCLUSIVE && others != 0 {
                return Err(Refused::Borrowed);
            }
            if others < 0 {
                return Err(Refused::Exclusive);
            }
            // The flag first: what follows is the type's own code.
            (*object).borrow = if EXCLUSIVE { -1 } else { others + 1 };
            if T::TRACES {
                trace::before_borrow::<T>(object, EXCLUSIVE);
            }
        }
        Ok(Borrow { object, data, part: false })
    }

    /// Borrows an object's own payload, which runs none of its type's code.
    ///
    /// # Safety
    /// As [`Borrow::of`], of a live userdata.
    #[inline(always)]
    pub(in crate::host) unsafe fn of_own(object: *mut UserdataObj) -> Option<Self> {
        if (*object).ty.id != TypeId::of::<T>() {
            return None;
        }
        Self::of(RawValue::userdata(object)).ok()
    }

    /// Borrows a part of an object's value, if the object refused a borrow because it has no more than that.
    #[cold]
    #[inline(never)]
    unsafe fn of_part(object: *mut UserdataObj, refused: Refused) -> Result<Self, Refused> {
        let (object, data) = part::borrow::<T>(object, EXCLUSIVE, refused)?;
        Ok(Borrow { object, data, part: true })
    }

    /// Borrows the own payload of an object named by its address.
    ///
    /// # Safety
    /// A live userdata is there, and stays as long as the borrow.
    #[inline(always)]
    pub(in crate::host) unsafe fn of_object(address: u64) -> Option<Self> {
        Self::of_own(RawValue { tag: tag::USERDATA, bits: address }.as_ptr())
    }

    /// Borrows argument `i`, whose slot keeps the object while the native runs.
    #[inline(always)]
    pub(in crate::host) fn of_argument(call: &NativeCall, i: usize) -> Result<Self, Pending> {
        // SAFETY: V2; the slot of the argument is the native's until it returns, which is after the borrow.
        unsafe { Self::of(call.arg(i).0) }.map_err(|refused| raise_refusal::<T>(call, i, refused))
    }

    /// The payload.
    #[inline(always)]
    pub(in crate::host) fn get(&self) -> &T {
        // SAFETY: H2; the object is live as long as the borrow (`of`), and the flag keeps exclusive borrows, take and destroy away.
        unsafe { &*self.data }
    }
}

impl<T: LuaUserdata> Exclusive<T> {
    /// The payload.
    #[inline(always)]
    pub(in crate::host) fn get_mut(&mut self) -> &mut T {
        // SAFETY: H2; the object is live as long as the borrow (`of`), and the flag keeps all other borrows away.
        unsafe { &mut *self.data }
    }
}

impl<T: LuaUserdata, const EXCLUSIVE: bool> Drop for Borrow<T, EXCLUSIVE> {
    #[inline(always)]
    fn drop(&mut self) {
        if self.part {
            // SAFETY: H2; `part::borrow` borrowed the object, which is live as long as the borrow.
            unsafe { part::release(self.object, EXCLUSIVE) }
        } else if Self::COUNTED {
            // SAFETY: H2; the object is live as long as the borrow (`of`).
            unsafe {
                let others = if EXCLUSIVE { 0 } else { (*self.object).borrow - 1 };
                (*self.object).borrow = others;
                if T::TRACES {
                    trace::after_borrow::<T>(self.object, EXCLUSIVE);
                }
            }
        }
    }
}

/// Raises a refused borrow of argument `i`.
#[cold]
#[inline(never)]
fn raise_refusal<T: LuaUserdata>(call: &NativeCall, i: usize, refused: Refused) -> Pending {
    let raw = call.arg(i).0;
    // SAFETY: V1; the call is that of the running native, whose frame is only read, and the argument is live.
    let (refused, name, holder) = unsafe {
        let holder = match raw.tag {
            tag::USERDATA => holder(call.l, raw.as_ptr(), Some(i)),
            _ => String::new(),
        };
        (refused.explained(raw), running_name(call.l), holder)
    };
    // SAFETY: V1; the state is live.
    let ty = unsafe { class_name::<T>(call.l) };
    match refused.text(ty, &name, &holder) {
        Some(text) => call.fail(text),
        None => raise_other_type::<T>(call, i),
    }
}

/// Raises that argument `i` is no `T`.
#[cold]
fn raise_other_type<T: LuaUserdata>(call: &NativeCall, i: usize) -> Pending {
    let value = Value::from_raw(call.arg(i).0);
    match call.with_vm(|vm| vm.namesake::<T>(value)) {
        Err(pending) => pending,
        // SAFETY: V1; the state is live.
        Ok(None) => call.bad_type(i, unsafe { class_name::<T>(call.l) }),
        Ok(Some(got)) => {
            let expected = std::any::type_name::<T>();
            call.bad_argument(i, format_args!("{expected} expected, got {got}"))
        }
    }
}

/// What a guard holds: the object is pinned, and the state outlives it.
#[derive(Debug)]
struct Kept {
    l: *mut State,
    ticket: HostRootTicket,
}

impl Kept {
    /// Pins a live object.
    unsafe fn new(l: *mut State, raw: RawValue) -> Kept {
        Kept { l, ticket: (*l).host.guards.pin(raw) }
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        // SAFETY: V1; a state is not freed before the last of its `guards` is unpinned, and this unpins one only here.
        unsafe {
            let unpinned = (*self.l).host.guards.unpin(self.ticket);
            debug_assert!(unpinned.is_ok(), "a guard unpins once");
            release_orphan(self.l);
        }
    }
}

/// A borrow of a userdata's value, held by the host.
pub struct UserdataGuard<T: LuaUserdata, const EXCLUSIVE: bool> {
    borrow: Borrow<T, EXCLUSIVE>,
    _kept: Kept,
}

/// A shared borrow of a userdata's value, held by the host.
pub type UserdataRef<T> = UserdataGuard<T, false>;
/// An exclusive borrow of a userdata's value, held by the host.
pub type UserdataRefMut<T> = UserdataGuard<T, true>;

impl<T: LuaUserdata, const EXCLUSIVE: bool> UserdataGuard<T, EXCLUSIVE> {
    /// A guard of a borrow.
    ///
    /// # Safety
    /// V1; the object is live.
    unsafe fn new(l: *mut State, borrow: Borrow<T, EXCLUSIVE>) -> Self {
        let kept = Kept::new(l, RawValue::userdata(borrow.object));
        UserdataGuard { borrow, _kept: kept }
    }
}

impl<T: LuaUserdata, const EXCLUSIVE: bool> fmt::Debug for UserdataGuard<T, EXCLUSIVE> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = if EXCLUSIVE { "UserdataRefMut" } else { "UserdataRef" };
        f.debug_tuple(name).field(&T::type_name()).finish()
    }
}

impl<T: LuaUserdata, const EXCLUSIVE: bool> Deref for UserdataGuard<T, EXCLUSIVE> {
    type Target = T;

    fn deref(&self) -> &T {
        self.borrow.get()
    }
}

impl<T: LuaUserdata> DerefMut for UserdataRefMut<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.borrow.get_mut()
    }
}

impl<T: LuaUserdata, const EXCLUSIVE: bool> FromLuaValue for UserdataGuard<T, EXCLUSIVE> {
    fn from_lua_value(value: Value, vm: &mut Vm) -> Result<Self, ConvError> {
        let function = if EXCLUSIVE { "borrow_mut" } else { "borrow" };
        vm.borrow_value(value)
            .map_err(|refused| vm.refused_conversion::<T>(refused, value, function))
    }
}

impl UserdataObj {
    /// The payload, if it is a `T` and not exclusively borrowed.
    #[must_use]
    pub fn downcast<T: Any>(&self) -> Option<&T> {
        if self.borrow < 0 || self.is_lent() {
            return None;
        }
        // SAFETY: H2; the caller has found the object live, and nothing borrows its payload exclusively.
        self.payload().map(|data| unsafe { &*data })
    }
}

impl Vm {
    /// The name of a type in messages: as it was registered here, or its own.
    #[must_use]
    pub fn class_name<T: LuaUserdata>(&self) -> &'static str {
        // SAFETY: V1; the state lives as long as the Vm.
        unsafe { class_name::<T>(self.state()) }
    }

    /// Who asks for a borrow: the running native, or else `function`.
    pub(super) fn requester(&self, function: &str) -> String {
        let l = self.state();
        // SAFETY: V1; the frames are only read, and one above the first is that of a function.
        unsafe { if (*l).w.ci > (*l).w.ci_base { running_name(l) } else { function.to_owned() } }
    }

    /// The failed conversion that a borrow refused to `function` is.
    pub(super) fn refused_conversion<T: LuaUserdata>(
        &mut self,
        refused: Refused,
        value: Value,
        function: &str,
    ) -> ConvError {
        let (refused, holder) = match self.checked(value) {
            // SAFETY: V1; the check found the userdata live, and the frames are only read.
            Some(raw) if raw.tag == tag::USERDATA => unsafe {
                (refused.explained(raw), holder(self.state(), raw.as_ptr(), None))
            },
            _ => (refused, String::new()),
        };
        match refused.text(self.class_name::<T>(), &self.requester(function), &holder) {
            Some(text) => ConvError::message(text),
            None => ConvError::other_userdata::<T>(value, self),
        }
    }

    /// Borrows a value from the host; a stale one is of no type.
    pub(super) fn borrow_value<T: LuaUserdata, const EXCLUSIVE: bool>(
        &mut self,
        value: Value,
    ) -> Result<UserdataGuard<T, EXCLUSIVE>, Refused> {
        // SAFETY: V1; `checked` found the object live, and `Kept` pins it before anything runs.
        unsafe {
            let raw = self.checked(value).ok_or(Refused::Type)?;
            refuse_lent(raw)?;
            let borrow = Borrow::of(raw)?;
            Ok(UserdataGuard::new(self.state(), borrow))
        }
    }

    /// A copy of a userdata's value.
    ///
    /// # Errors
    /// Another type, a destroyed object, or one borrowed exclusively.
    pub fn clone_userdata<T: LuaUserdata + Clone>(&mut self, value: Value) -> Result<T, ConvError> {
        self.read_userdata(value, |_, value: &T| value.clone())
    }

    /// Borrows a userdata's value while `read` runs.
    ///
    /// # Errors
    /// As [`Vm::clone_userdata`].
    pub fn read_userdata<T: LuaUserdata, R>(
        &mut self,
        value: Value,
        read: impl FnOnce(&mut Vm, &T) -> R,
    ) -> Result<R, ConvError> {
        match self.call_guard::<T, false>(value) {
            Ok(guard) => Ok(read(self, &guard)),
            Err(refused) => Err(self.refused_conversion::<T>(refused, value, "borrow")),
        }
    }

    /// Borrows a userdata's value exclusively while `write` runs.
    ///
    /// # Errors
    /// Another type, a destroyed object, a frozen type, or a borrow in conflict.
    pub fn write_userdata<T: LuaUserdata, R>(
        &mut self,
        value: Value,
        write: impl FnOnce(&mut Vm, &mut T) -> R,
    ) -> Result<R, ConvError> {
        match self.call_guard::<T, true>(value) {
            Ok(mut guard) => Ok(write(self, &mut guard)),
            Err(refused) => Err(self.refused_conversion::<T>(refused, value, "borrow_mut")),
        }
    }

    /// A borrow that ends before its maker returns, so that also what is lent can be borrowed.
    fn call_guard<T: LuaUserdata, const EXCLUSIVE: bool>(
        &mut self,
        value: Value,
    ) -> Result<UserdataGuard<T, EXCLUSIVE>, Refused> {
        // SAFETY: V1; `checked` found the object live, and `Kept` pins it before the value's own code runs.
        unsafe {
            let raw = self.checked(value).ok_or(Refused::Type)?;
            let borrow = Borrow::of(raw)?;
            Ok(UserdataGuard::new(self.state(), borrow))
        }
    }
}
