//! Userdata: borrows, guards, access to payloads.

pub(crate) mod class;
pub(crate) mod lent;
pub(crate) mod suggest;

use std::any::{Any, TypeId};
use std::ops::{Deref, DerefMut};

use crate::heap::header::flag;
use crate::host::convert::{ConvError, FromLuaValue, IntoValue};
use crate::host::roots::HostRootTicket;
use crate::host::typed::{NativeCall, Pending};
use crate::host::userdata::class::UserdataMethods;
use crate::host::value::{Gc, Value};
use crate::host::vm::{LuaError, Vm, release_orphan};
use crate::value::function::NativeClosure;
use crate::value::repr::{RawValue, tag};
use crate::value::string::Str;
use crate::value::table::Table;
use crate::value::userdata::UserdataObj;
use crate::vm::meta::{self, Event};
use crate::vm::{State, inspect};

/// A Rust type whose values Lua can hold.
///
/// ```
/// use luna_core::{LuaVersion, Vm};
/// use luna_core::vm::{LuaUserdata, UserdataMethods};
///
/// struct Counter(i64);
/// impl LuaUserdata for Counter {
///     fn add_methods<M: UserdataMethods<Self>>(methods: &mut M) {
///         methods.add_typed("bump", |counter: &mut Counter, by: i64| { counter.0 += by; counter.0 });
///     }
/// }
///
/// let mut vm = Vm::new_minimal(LuaVersion::Lua55);
/// vm.set_userdata("counter", Counter(40)).unwrap();
/// let out = vm.eval("return counter:bump(2)").unwrap();
/// assert_eq!(vm.convert::<i64>(out[0]).unwrap(), 42);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no userdata",
    label = "not a class of Lua",
    note = "write `#[derive(LuaUserdata)]` on the type"
)]
pub trait LuaUserdata: Sized + 'static {
    /// Whether objects are never borrowed exclusively, taken or destroyed; then shared borrows always succeed.
    const FROZEN: bool = false;

    /// Whether reading or writing a name that is not there raises, instead of giving nil.
    const STRICT: bool = false;

    /// The type's name in messages and `__name`.
    #[must_use]
    fn type_name() -> &'static str {
        let path = std::any::type_name::<Self>();
        let path = path.split('<').next().unwrap_or(path);
        path.rsplit("::").next().unwrap_or(path)
    }

    /// Registers methods, fields and metamethods.
    fn add_methods<M: UserdataMethods<Self>>(_methods: &mut M) {}
}

/// An owned userdata value on its way to Lua.
#[derive(Debug)]
pub struct Ud<T>(pub T);

impl<T: LuaUserdata> IntoValue for Ud<T> {
    fn into_value(self, vm: &mut Vm) -> Value {
        vm.create_userdata(self.0)
    }
}

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
    /// Lent to a scope that has ended.
    Expired,
    /// Lent to a scope, which a guard could outlive.
    Lent,
}

/// The payload of a live userdata if it is a `T`.
#[inline(always)]
unsafe fn payload<T: 'static>(object: *mut UserdataObj) -> Result<*mut T, Refused> {
    if (*object).class != TypeId::of::<T>() {
        return Err(Refused::Type);
    }
    match &mut (*object).payload {
        Some(payload) => Ok((&raw mut **payload).cast()),
        None if !(*object).lent.is_null() => Ok((*object).lent.cast()),
        None if (*object).scoped => Err(Refused::Expired),
        None => Err(Refused::Destroyed),
    }
}

/// Refuses what is lent to a scope.
unsafe fn refuse_lent(raw: RawValue) -> Result<(), Refused> {
    let lent = raw.tag == tag::USERDATA && !(*raw.as_ptr::<UserdataObj>()).lent.is_null();
    if lent { Err(Refused::Lent) } else { Ok(()) }
}

/// Borrows shared; the flag counts it.
#[inline(always)]
unsafe fn borrow_shared<T: LuaUserdata>(
    raw: RawValue,
) -> Result<(*mut UserdataObj, *mut T), Refused> {
    if raw.tag != tag::USERDATA {
        return Err(Refused::Type);
    }
    let object: *mut UserdataObj = raw.as_ptr();
    let data = payload(object)?;
    if !T::FROZEN {
        if (*object).borrow < 0 {
            return Err(Refused::Exclusive);
        }
        (*object).borrow += 1;
    }
    Ok((object, data))
}

/// Borrows exclusively; the flag says so.
#[inline(always)]
unsafe fn borrow_exclusive<T: LuaUserdata>(
    raw: RawValue,
) -> Result<(*mut UserdataObj, *mut T), Refused> {
    if raw.tag != tag::USERDATA {
        return Err(Refused::Type);
    }
    let object: *mut UserdataObj = raw.as_ptr();
    let data = payload(object)?;
    if T::FROZEN {
        return Err(Refused::Frozen);
    }
    if (*object).borrow != 0 {
        return Err(Refused::Borrowed);
    }
    (*object).borrow = -1;
    Ok((object, data))
}

/// The message of a refused borrow; `None` for a wrong type.
fn refusal<T: LuaUserdata>(refused: Refused, name: &str) -> Option<String> {
    let ty = T::type_name();
    match refused {
        Refused::Type => None,
        Refused::Destroyed => Some(format!("{ty} has been destroyed")),
        Refused::Exclusive => {
            Some(format!("cannot borrow {ty} in '{name}': already mutably borrowed"))
        }
        Refused::Borrowed => {
            Some(format!("cannot borrow {ty} mutably in '{name}': already borrowed"))
        }
        Refused::Expired => Some(format!("{ty} has expired: the scope it was lent to has ended")),
        Refused::Lent => Some(format!("{ty} is lent to a scope: only calls can borrow it")),
        Refused::Frozen => {
            Some(format!("cannot borrow {ty} mutably in '{name}': the type is frozen"))
        }
    }
}

/// Name of the running native.
unsafe fn running_name(l: *mut State) -> String {
    let ci = (*l).w.ci;
    let function = *(*ci).base.sub(1);
    if function.tag == tag::NATIVE {
        let name = (*function.as_ptr::<NativeClosure>()).name;
        if !name.is_empty() {
            return name.to_owned();
        }
    }
    match inspect::frame_name((*l).w.ci_base, ci) {
        Some((_, name)) => String::from_utf8_lossy(&name).into_owned(),
        None => "?".to_owned(),
    }
}

/// Raises a refused borrow of argument `i`.
#[cold]
#[inline(never)]
fn raise_refusal<T: LuaUserdata>(call: &NativeCall, i: usize, refused: Refused) -> Pending {
    // SAFETY: V1; a native runs.
    match refusal::<T>(refused, &unsafe { running_name(call.l) }) {
        Some(text) => call.fail(text),
        None => call.bad_type(i, T::type_name()),
    }
}

/// A shared borrow for the length of a call.
#[derive(Debug)]
pub struct Shared<T: LuaUserdata> {
    object: *mut UserdataObj,
    data: *mut T,
}

impl<T: LuaUserdata> Shared<T> {
    /// Borrows an object named by its address.
    ///
    /// # Safety
    /// A live userdata is there, and stays as long as the borrow.
    #[inline(always)]
    pub(super) unsafe fn of_object(address: u64) -> Option<Shared<T>> {
        let raw = RawValue { tag: tag::USERDATA, bits: address };
        let (object, data) = borrow_shared::<T>(raw).ok()?;
        Some(Shared { object, data })
    }

    /// Borrows argument `i`, whose slot keeps the object while the native runs.
    #[inline(always)]
    pub(super) fn of_argument(call: &NativeCall, i: usize) -> Result<Shared<T>, Pending> {
        // SAFETY: the argument is live.
        match unsafe { borrow_shared::<T>(call.arg(i).0) } {
            Ok((object, data)) => Ok(Shared { object, data }),
            Err(refused) => Err(raise_refusal::<T>(call, i, refused)),
        }
    }

    /// The payload.
    #[inline(always)]
    pub(super) fn get(&self) -> &T {
        // SAFETY: the flag keeps exclusive borrows, take and destroy away.
        unsafe { &*self.data }
    }
}

impl<T: LuaUserdata> Drop for Shared<T> {
    #[inline(always)]
    fn drop(&mut self) {
        if !T::FROZEN {
            // SAFETY: the object lives at least as long as the borrow.
            unsafe { (*self.object).borrow -= 1 }
        }
    }
}

/// An exclusive borrow for the length of a call.
#[derive(Debug)]
pub struct Exclusive<T: LuaUserdata> {
    object: *mut UserdataObj,
    data: *mut T,
}

impl<T: LuaUserdata> Exclusive<T> {
    /// Borrows an object named by its address.
    ///
    /// # Safety
    /// A live userdata is there, and stays as long as the borrow.
    #[inline(always)]
    pub(super) unsafe fn of_object(address: u64) -> Option<Exclusive<T>> {
        let raw = RawValue { tag: tag::USERDATA, bits: address };
        let (object, data) = borrow_exclusive::<T>(raw).ok()?;
        Some(Exclusive { object, data })
    }

    /// Borrows argument `i`, whose slot keeps the object while the native runs.
    #[inline(always)]
    pub(super) fn of_argument(call: &NativeCall, i: usize) -> Result<Exclusive<T>, Pending> {
        // SAFETY: the argument is live.
        match unsafe { borrow_exclusive::<T>(call.arg(i).0) } {
            Ok((object, data)) => Ok(Exclusive { object, data }),
            Err(refused) => Err(raise_refusal::<T>(call, i, refused)),
        }
    }

    /// The payload.
    #[inline(always)]
    pub(super) fn get_mut(&mut self) -> &mut T {
        // SAFETY: the flag keeps all other borrows away.
        unsafe { &mut *self.data }
    }
}

impl<T: LuaUserdata> Drop for Exclusive<T> {
    #[inline(always)]
    fn drop(&mut self) {
        // SAFETY: the object lives at least as long as the borrow.
        unsafe { (*self.object).borrow = 0 }
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
        // SAFETY: the state waits for its last guard before it is freed.
        unsafe {
            let unpinned = (*self.l).host.guards.unpin(self.ticket);
            debug_assert!(unpinned.is_ok(), "a guard unpins once");
            release_orphan(self.l);
        }
    }
}

/// A shared borrow of a userdata's value, held by the host.
pub struct UserdataRef<T: LuaUserdata> {
    borrow: Shared<T>,
    _kept: Kept,
}

impl<T: LuaUserdata> std::fmt::Debug for UserdataRef<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("UserdataRef").field(&T::type_name()).finish()
    }
}

impl<T: LuaUserdata> Deref for UserdataRef<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.borrow.get()
    }
}

/// An exclusive borrow of a userdata's value, held by the host.
pub struct UserdataRefMut<T: LuaUserdata> {
    borrow: Exclusive<T>,
    _kept: Kept,
}

impl<T: LuaUserdata> std::fmt::Debug for UserdataRefMut<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("UserdataRefMut").field(&T::type_name()).finish()
    }
}

impl<T: LuaUserdata> Deref for UserdataRefMut<T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: as `Exclusive::get_mut`.
        unsafe { &*self.borrow.data }
    }
}

impl<T: LuaUserdata> DerefMut for UserdataRefMut<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.borrow.get_mut()
    }
}

impl<T: LuaUserdata> FromLuaValue for UserdataRef<T> {
    fn from_lua_value(value: Value, vm: &mut Vm) -> Result<Self, ConvError> {
        vm.borrow_shared_value(value).map_err(|refused| vm.refused_conversion::<T>(refused, value))
    }
}

impl<T: LuaUserdata> FromLuaValue for UserdataRefMut<T> {
    fn from_lua_value(value: Value, vm: &mut Vm) -> Result<Self, ConvError> {
        vm.borrow_exclusive_value(value)
            .map_err(|refused| vm.refused_conversion::<T>(refused, value))
    }
}

impl UserdataObj {
    /// The payload, if it is a `T` and not exclusively borrowed.
    #[must_use]
    pub fn downcast<T: Any>(&self) -> Option<&T> {
        if self.borrow < 0 { None } else { self.payload.as_ref()?.downcast_ref() }
    }
}

impl Vm {
    /// A userdata that owns `value`.
    pub fn create_userdata<T: LuaUserdata>(&mut self, value: T) -> Value {
        let class = self.class::<T>();
        let l = self.state();
        // SAFETY: V1; nothing collects on the host's side.
        unsafe {
            let object = UserdataObj::new(&mut (*l).heap, Box::new(value), size_of::<T>());
            (*object).meta = class.meta;
            (*object).frozen = T::FROZEN;
            if !meta::handler_in(l, class.meta, Event::Gc).is_nil() {
                (*object).header.flags |= flag::FINALIZER;
                (*l).heap.finalizable.push(object.cast());
            }
            Value::Userdata(Gc::new(object))
        }
    }

    /// Sets a global to a new userdata.
    ///
    /// # Errors
    /// None at present; for symmetry with [`Vm::set_global`].
    pub fn set_userdata<T: LuaUserdata>(&mut self, name: &str, value: T) -> Result<(), LuaError> {
        let value = self.create_userdata(value);
        self.set_global_value(name, value)
    }

    /// The metatable of a type's objects, made on first use.
    ///
    /// # Errors
    /// None at present.
    pub fn register_userdata<T: LuaUserdata>(&mut self) -> Result<Gc<Table>, LuaError> {
        Ok(Gc::new(self.class::<T>().meta))
    }

    /// The table of a type's methods, functions and constants.
    ///
    /// # Errors
    /// None at present.
    pub fn class_table<T: LuaUserdata>(&mut self) -> Result<Gc<Table>, LuaError> {
        Ok(Gc::new(self.class::<T>().table))
    }

    /// Publishes the class table as a global.
    ///
    /// # Errors
    /// None at present.
    pub fn set_class<T: LuaUserdata>(&mut self, name: &str) -> Result<(), LuaError> {
        let table = Value::Table(self.class_table::<T>()?);
        self.set_global_value(name, table)
    }

    /// A userdata that came from the host, checked.
    fn userdata(&mut self, value: Value, function: &str) -> Result<RawValue, LuaError> {
        self.checked(value).ok_or_else(|| self.stale(value, function))
    }

    /// The error of a refused borrow.
    fn refused<T: LuaUserdata>(
        &mut self,
        refused: Refused,
        value: Value,
        function: &str,
    ) -> LuaError {
        let text = refusal::<T>(refused, function).unwrap_or_else(|| {
            format!("{} expected, got {}", T::type_name(), self.type_name_of(value))
        });
        LuaError(self.new_string(text.as_bytes()))
    }

    /// The failed conversion that a refused borrow is.
    fn refused_conversion<T: LuaUserdata>(&mut self, refused: Refused, value: Value) -> ConvError {
        let l = self.state();
        // SAFETY: V1; the frames are only read.
        let name = unsafe {
            if (*l).w.ci > (*l).w.ci_base { running_name(l) } else { "borrow".to_owned() }
        };
        match refusal::<T>(refused, &name) {
            Some(text) => ConvError::message(text),
            None => ConvError::expected(T::type_name(), value, self),
        }
    }

    /// A copy of a userdata's value.
    ///
    /// # Errors
    /// Another type, a destroyed object, or one borrowed exclusively.
    pub fn clone_userdata<T: LuaUserdata + Clone>(&mut self, value: Value) -> Result<T, ConvError> {
        // SAFETY: V1; the value is checked.
        let borrowed = unsafe {
            self.checked(value).ok_or(Refused::Type).and_then(|raw| {
                let (object, data) = borrow_shared::<T>(raw)?;
                Ok((raw, Shared { object, data }))
            })
        };
        match borrowed {
            Ok((raw, borrowed)) => {
                // SAFETY: the value is live; the guard keeps it while user code copies it.
                let kept = unsafe { Kept::new(self.state(), raw) };
                let guard = UserdataRef { borrow: borrowed, _kept: kept };
                Ok(T::clone(&guard))
            }
            Err(refused) => Err(self.refused_conversion::<T>(refused, value)),
        }
    }

    /// Borrows a value from the host; a stale one is of no type.
    fn borrow_shared_value<T: LuaUserdata>(
        &mut self,
        value: Value,
    ) -> Result<UserdataRef<T>, Refused> {
        // SAFETY: V1; the value is checked, and the guard pins it.
        unsafe {
            let raw = self.checked(value).ok_or(Refused::Type)?;
            refuse_lent(raw)?;
            let (object, data) = borrow_shared::<T>(raw)?;
            let borrow = Shared { object, data };
            Ok(UserdataRef { borrow, _kept: Kept::new(self.state(), raw) })
        }
    }

    /// As [`Vm::borrow_shared_value`], exclusively.
    fn borrow_exclusive_value<T: LuaUserdata>(
        &mut self,
        value: Value,
    ) -> Result<UserdataRefMut<T>, Refused> {
        // SAFETY: V1; `checked` found the object live, and `Kept` pins it before the borrow is given out.
        unsafe {
            let raw = self.checked(value).ok_or(Refused::Type)?;
            refuse_lent(raw)?;
            let (object, data) = borrow_exclusive::<T>(raw)?;
            let borrow = Exclusive { object, data };
            Ok(UserdataRefMut { borrow, _kept: Kept::new(self.state(), raw) })
        }
    }

    /// Borrows a userdata's value; the guard may outlive the Vm.
    ///
    /// # Errors
    /// Another type, a destroyed object, or a borrow in conflict.
    pub fn borrow_userdata<T: LuaUserdata>(
        &mut self,
        value: Value,
    ) -> Result<UserdataRef<T>, LuaError> {
        self.userdata(value, "borrow_userdata")?;
        self.borrow_shared_value(value)
            .map_err(|refused| self.refused::<T>(refused, value, "borrow_userdata"))
    }

    /// Borrows a userdata's value exclusively; the guard may outlive the Vm.
    ///
    /// # Errors
    /// Another type, a destroyed object, a frozen type, or a borrow in conflict.
    pub fn borrow_userdata_mut<T: LuaUserdata>(
        &mut self,
        value: Value,
    ) -> Result<UserdataRefMut<T>, LuaError> {
        self.userdata(value, "borrow_userdata_mut")?;
        self.borrow_exclusive_value(value)
            .map_err(|refused| self.refused::<T>(refused, value, "borrow_userdata_mut"))
    }

    /// Whether a live userdata was made from a `T`, be it destroyed since.
    #[must_use]
    pub fn is_userdata<T: 'static>(&self, value: Value) -> bool {
        // SAFETY: V1; the value is checked.
        unsafe {
            self.checked(value).is_some_and(|raw| {
                raw.tag == tag::USERDATA
                    && (*raw.as_ptr::<UserdataObj>()).class == TypeId::of::<T>()
            })
        }
    }

    /// Moves a userdata's value out; the object stays, destroyed.
    ///
    /// # Errors
    /// As [`Vm::borrow_userdata_mut`].
    pub fn take_userdata<T: LuaUserdata>(&mut self, value: Value) -> Result<T, LuaError> {
        let raw = self.userdata(value, "take_userdata")?;
        // SAFETY: the value is live; the exclusive borrow shows that nothing refers to the payload.
        let taken = unsafe {
            refuse_lent(raw).and_then(|()| borrow_exclusive::<T>(raw)).and_then(|(object, _)| {
                (*object).borrow = 0;
                (*object).payload.take().ok_or(Refused::Destroyed)
            })
        };
        match taken.and_then(|payload| payload.downcast::<T>().map_err(|_| Refused::Type)) {
            Ok(payload) => Ok(*payload),
            Err(refused) => Err(self.refused::<T>(refused, value, "take_userdata")),
        }
    }

    /// Drops a userdata's value; the object stays, destroyed.
    ///
    /// # Errors
    /// No userdata, or it is borrowed.
    pub fn destroy_userdata(&mut self, value: Value) -> Result<(), LuaError> {
        let raw = self.userdata(value, "destroy_userdata")?;
        if raw.tag != tag::USERDATA {
            let text = format!("userdata expected, got {}", self.type_name_of(value));
            return Err(LuaError(self.new_string(text.as_bytes())));
        }
        let object: *mut UserdataObj = raw.as_ptr();
        // SAFETY: the object is live; an unborrowed payload is referred to by nobody. It is dropped after it is moved out.
        unsafe {
            if (*object).borrow != 0 || (*object).frozen || !(*object).lent.is_null() {
                let text = format!(
                    "cannot destroy {}: it is borrowed, lent or frozen",
                    self.type_name_of(value)
                );
                return Err(LuaError(self.new_string(text.as_bytes())));
            }
            drop((*object).payload.take());
        }
        Ok(())
    }

    /// The payload behind a global, with the flag it allows.
    fn global_payload<T: 'static>(&self, name: &str, exclusive: bool) -> Option<*mut T> {
        let l = self.state();
        // SAFETY: V1; nothing collects on the host's side.
        unsafe {
            let key = RawValue::str(Str::new(&mut (*l).heap, name.as_bytes()));
            let value = Table::get((*l).globals, &(*l).heap, key);
            if value.tag != tag::USERDATA {
                return None;
            }
            let object: *mut UserdataObj = value.as_ptr();
            let free = if exclusive {
                (*object).borrow == 0 && !(*object).frozen
            } else {
                (*object).borrow >= 0
            };
            if free { payload::<T>(object).ok() } else { None }
        }
    }

    /// The value of a global userdata; `None` if it is absent, of another type, destroyed or borrowed exclusively.
    #[must_use]
    pub fn userdata_borrow<T: Any>(&self, name: &str) -> Option<&T> {
        // SAFETY: nothing runs, and no exclusive borrow begins, while the Vm is borrowed.
        self.global_payload(name, false).map(|data| unsafe { &*data })
    }

    /// The value of a global userdata; `None` if it is absent, of another type, destroyed, borrowed or frozen.
    #[must_use]
    pub fn userdata_borrow_mut<T: Any>(&mut self, name: &str) -> Option<&mut T> {
        // SAFETY: nothing runs, and no borrow begins, while the Vm is borrowed exclusively.
        self.global_payload(name, true).map(|data| unsafe { &mut *data })
    }

    /// User value `n`, from 1; nil if it was never set.
    #[must_use]
    pub fn user_value(&self, value: Value, n: usize) -> Value {
        // SAFETY: the value is checked.
        unsafe {
            match self.checked(value) {
                Some(raw) if raw.tag == tag::USERDATA => {
                    let values = (*raw.as_ptr::<UserdataObj>()).user_values;
                    if values.is_null() {
                        Value::Nil
                    } else {
                        Value::from_raw(Table::get_int(values, n as i64))
                    }
                }
                _ => Value::Nil,
            }
        }
    }

    /// Sets user value `n`, from 1.
    ///
    /// # Errors
    /// A stale handle, or no userdata.
    pub fn set_user_value(&mut self, value: Value, n: usize, user: Value) -> Result<(), LuaError> {
        let raw = self.userdata(value, "set_user_value")?;
        if raw.tag != tag::USERDATA || n == 0 {
            return Err(LuaError(self.new_string(b"userdata expected")));
        }
        let object: *mut UserdataObj = raw.as_ptr();
        // SAFETY: the object is live; the barrier follows the store.
        let values = unsafe {
            if (*object).user_values.is_null() {
                let table = Table::new(&mut (*self.state()).heap);
                (*object).user_values = table;
                (*self.state()).heap.barrier_object(object.cast(), table.cast());
            }
            (*object).user_values
        };
        self.raw_set(Gc::new(values), Value::Int(n as i64), user)
    }
}
