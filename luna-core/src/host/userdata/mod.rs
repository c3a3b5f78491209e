//! Userdata: Rust types whose values Lua holds, and access to these from the host.

pub(crate) mod borrow;
pub(crate) mod class;
pub(crate) mod describe;
pub(crate) mod foreign;
mod handlers;
pub(crate) mod holder;
pub(crate) mod lasting;
pub(crate) mod lent;
pub(crate) mod methods;
pub(crate) mod part;
pub(crate) mod suggest;
pub(crate) mod trace;

use std::any::{Any, TypeId};

use borrow::{Exclusive, Refused, payload, refuse_lent};
pub use borrow::{UserdataGuard, UserdataRef, UserdataRefMut};
use methods::UserdataMethods;
pub use trace::UserdataMarker;

use crate::heap::header::flag;
use crate::host::convert::{ConvError, IntoValue};
use crate::host::value::{Gc, Value};
use crate::host::vm::maker::{Made, Maker};
use crate::host::vm::{LuaError, Vm};
use crate::value::repr::{RawValue, tag};
use crate::value::string::Str;
use crate::value::table::Table;
use crate::value::userdata::{PayloadType, TraceFn, UserdataObj};
use crate::vm::meta::{self, Event};

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
    note = "write `#[derive(LuaUserdata)]` on the type; if it is declared elsewhere, write `luna::Foreign<{Self}>`"
)]
pub trait LuaUserdata: Sized + 'static {
    /// Whether objects are never borrowed exclusively, taken or destroyed; then shared borrows always succeed.
    const FROZEN: bool = false;

    /// Whether reading or writing a name that is not there raises, instead of giving nil.
    const STRICT: bool = false;

    /// Whether the collector asks values what they refer to ([`LuaUserdata::trace`]). A type that refers to nothing of Lua's sets this to
    /// `false` and is spared the question.
    const TRACES: bool = true;

    /// Whether name, strictness and whether it is frozen are said where the class is registered, in a state.
    #[doc(hidden)]
    const REGISTERED: bool = false;

    /// The type's name in messages and `__name`.
    #[must_use]
    fn type_name() -> &'static str {
        let path = std::any::type_name::<Self>();
        let path = path.split('<').next().unwrap_or(path);
        path.rsplit("::").next().unwrap_or(path)
    }

    /// Registers methods, fields and metamethods.
    fn add_methods<M: UserdataMethods<Self>>(_methods: &mut M) {}

    /// Tells what the source says about the type. Nobody asks but tools that write it down.
    fn describe_class(_info: &mut describe::ClassInfo) {}

    /// Marks what the value refers to: it lives as long as the userdata.
    ///
    /// Called while the collector marks, and when an exclusive borrow begins. The Vm is locked meanwhile, and what is not marked may be
    /// stale later.
    fn trace(&self, _marker: &mut UserdataMarker<'_>) {}

    /// Whether values have a part of a type, which functions that take that type borrow in their place.
    #[must_use]
    fn has_part(_of: TypeId) -> bool {
        false
    }

    /// The part of the value that is of a type.
    fn part(&self, _of: TypeId) -> Option<&dyn Any> {
        None
    }

    /// As [`LuaUserdata::part`], to be changed.
    fn part_mut(&mut self, _of: TypeId) -> Option<&mut dyn Any> {
        None
    }

    /// What stands for the value where its data is wanted, as of a deserializer; `None` if nothing does.
    #[doc(hidden)]
    fn make_data<'id>(&self, _maker: &mut Maker<'id>) -> Option<Result<Made<'id>, String>> {
        None
    }

    /// Bytes that the value holds outside of itself: they count as memory of the Vm.
    ///
    /// Asked for a new value, and if `TRACES` is set also after each exclusive borrow and while the collector marks, so it must be quick.
    fn external_bytes(&self) -> usize {
        0
    }
}

/// What objects know of their type.
pub(in crate::host) struct TypeOf<T>(std::marker::PhantomData<T>);

impl<T: LuaUserdata> TypeOf<T> {
    const TRACE: Option<TraceFn> = if T::TRACES { Some(trace::trace_payload::<T>) } else { None };

    /// It, the same for all objects of the type.
    pub(in crate::host) const TYPE: &'static PayloadType =
        &PayloadType::new::<T>(T::FROZEN, Self::TRACE).of_class(part::ops::<T>());
}

/// An owned userdata value on its way to Lua.
#[derive(Debug)]
pub struct Ud<T>(pub T);

impl<T: LuaUserdata> IntoValue for Ud<T> {
    fn into_value(self, vm: &mut Vm) -> Value {
        vm.create_userdata(self.0)
    }
}

impl Vm {
    /// A userdata that owns `value`.
    pub fn create_userdata<T: LuaUserdata>(&mut self, value: T) -> Value {
        let class = self.class::<T>();
        let l = self.state();
        // SAFETY: V1, E2; the object is given out before anything can collect.
        unsafe {
            let object = UserdataObj::new(&mut (*l).heap, value, TypeOf::<T>::TYPE);
            (*object).meta = (*class).meta;
            (*object).members = class;
            if T::REGISTERED && (*class).frozen {
                // It counts as borrowed shared all the time.
                (*object).borrow = 1;
            }
            trace::attach::<T>(l, object);
            if !meta::handler_in(l, (*class).meta, Event::Gc).is_nil() {
                (*object).header.flags |= flag::FINALIZER;
                (*l).heap.list_finalizer(object.cast());
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
        let class = self.class::<T>();
        // SAFETY: V1; the list of classes keeps the class.
        unsafe {
            (*class).expose();
            Ok(Gc::new((*class).meta))
        }
    }

    /// The table of a type's methods, functions and constants.
    ///
    /// # Errors
    /// None at present.
    pub fn class_table<T: LuaUserdata>(&mut self) -> Result<Gc<Table>, LuaError> {
        // SAFETY: V1; the list of classes keeps the class.
        Ok(Gc::new(unsafe { (*self.class::<T>()).table }))
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

    /// The error that a borrow refused to `function` is.
    fn refused<T: LuaUserdata>(
        &mut self,
        refused: Refused,
        value: Value,
        function: &str,
    ) -> LuaError {
        let failure = self.refused_conversion::<T>(refused, value, function);
        failure.into_error(self)
    }

    /// The path of the Rust type of a userdata that is no `T`, but of a class of the same name.
    pub(super) fn namesake<T: LuaUserdata>(&self, value: Value) -> Option<&'static str> {
        if self.is_userdata::<T>(value) || self.type_name_of(value) != self.class_name::<T>() {
            return None;
        }
        // SAFETY: V1; `checked` found the object live.
        let class = unsafe {
            let raw = self.checked(value).filter(|raw| raw.tag == tag::USERDATA)?;
            (*raw.as_ptr::<UserdataObj>()).ty.shown()
        };
        self.read().host.classes.get(&class).map(|class| class.path)
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
        self.borrow_value(value)
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
        self.borrow_value(value)
            .map_err(|refused| self.refused::<T>(refused, value, "borrow_userdata_mut"))
    }

    /// Whether a live userdata was made from a `T`, be it destroyed since.
    #[must_use]
    pub fn is_userdata<T: 'static>(&self, value: Value) -> bool {
        // SAFETY: E2; the check found the value live, and only words of the object are read.
        unsafe {
            self.checked(value).is_some_and(|raw| {
                raw.tag == tag::USERDATA
                    && (*raw.as_ptr::<UserdataObj>()).ty.shown() == TypeId::of::<T>()
            })
        }
    }

    /// Moves a userdata's value out; the object stays, destroyed.
    ///
    /// # Errors
    /// As [`Vm::borrow_userdata_mut`].
    pub fn take_userdata<T: LuaUserdata>(&mut self, value: Value) -> Result<T, LuaError> {
        self.userdata(value, "take_userdata")?;
        self.take_value(value).map_err(|refused| self.refused::<T>(refused, value, "take_userdata"))
    }

    /// As [`Vm::take_userdata`], as a conversion, for a binding whose function is called `take`.
    ///
    /// # Errors
    /// As [`Vm::take_userdata`].
    #[doc(hidden)]
    pub fn take_converted<T: LuaUserdata>(&mut self, value: Value) -> Result<T, ConvError> {
        self.take_value(value)
            .map_err(|refused| self.refused_conversion::<T>(refused, value, "take"))
    }

    /// Moves a payload out.
    fn take_value<T: LuaUserdata>(&mut self, value: Value) -> Result<T, Refused> {
        // SAFETY: V1; `checked` found the object live. The exclusive borrow shows that nothing refers to the payload, and nothing runs
        // between its end and the move.
        unsafe {
            let raw = self.checked(value).ok_or(Refused::Type)?;
            refuse_lent(raw)?;
            part::refuse::<T>(raw)?;
            drop(Exclusive::<T>::of(raw)?);
            payload::<T>(raw.as_ptr())?;
            Ok(UserdataObj::take(raw.as_ptr(), &mut (*self.state()).heap))
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
        // SAFETY: E2; the check found the object live. Nothing refers to an unborrowed payload, which is dropped after it is moved out.
        unsafe {
            let part = part::view(object).is_some();
            if (*object).borrow != 0 || (*object).ty.frozen || (*object).is_lent() {
                let name = self.type_name_of(value);
                let members = (*object).members;
                let frozen = !members.is_null() && (*members).frozen;
                let why = match (*object).read_only && !(*object).is_lent() && !frozen {
                    true => "a constant, which all share",
                    false if part => "part of another value",
                    false => "borrowed, lent or frozen",
                };
                let text = format!("cannot destroy {name}: it is {why}");
                return Err(LuaError(self.new_string(text.as_bytes())));
            }
            drop(UserdataObj::detach(object, &mut (*self.state()).heap));
        }
        Ok(())
    }

    /// The payload behind a global, with the flag it allows.
    fn global_payload<T: 'static>(&self, name: &str, exclusive: bool) -> Option<*mut T> {
        let l = self.state();
        // SAFETY: V1, E2; the globals keep the object until the next entry.
        unsafe {
            let key = RawValue::str(Str::new(&mut (*l).heap, name.as_bytes()));
            let value = Table::get((*l).globals, &(*l).heap, key);
            if value.tag != tag::USERDATA {
                return None;
            }
            let object: *mut UserdataObj = value.as_ptr();
            let free = if exclusive {
                (*object).borrow == 0 && !(*object).ty.frozen
            } else {
                (*object).borrow >= 0
            };
            let payload = if free { payload::<T>(object).ok() } else { None };
            if payload.is_some() {
                if exclusive && let Some(ops) = (*object).ty.class {
                    // Nothing tells when this borrow ends: what may be taken out of the value pins itself when it is asked.
                    (ops.begin)(object, true);
                    (*l).host.edges.remove(&object);
                }
                trace::changed(object);
            }
            payload
        }
    }

    /// The value of a global userdata; `None` if it is absent, of another type, destroyed or borrowed exclusively.
    #[must_use]
    pub fn userdata_borrow<T: Any>(&self, name: &str) -> Option<&T> {
        // SAFETY: E2; no entry begins while the Vm is borrowed, and with it no exclusive borrow.
        self.global_payload(name, false).map(|data| unsafe { &*data })
    }

    /// The value of a global userdata; `None` if it is absent, of another type, destroyed, borrowed or frozen.
    #[must_use]
    pub fn userdata_borrow_mut<T: Any>(&mut self, name: &str) -> Option<&mut T> {
        // SAFETY: E2; no entry begins while the Vm is borrowed exclusively, and with it no borrow.
        self.global_payload(name, true).map(|data| unsafe { &mut *data })
    }

    /// User value `n`, from 1; nil if it was never set.
    #[must_use]
    pub fn user_value(&self, value: Value, n: usize) -> Value {
        // SAFETY: E2; the check finds the object live, and a raw read runs nothing.
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
        // SAFETY: E2, H4; the check found the object live, and the barrier follows the store.
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

impl ConvError {
    /// A value that is no `T`. Types of one name are told apart by their paths.
    pub fn other_userdata<T: LuaUserdata>(value: Value, vm: &mut Vm) -> ConvError {
        match vm.namesake::<T>(value) {
            Some(path) => ConvError {
                expected: std::any::type_name::<T>().into(),
                got: path.into(),
                path: String::new(),
            },
            None => ConvError::expected(vm.class_name::<T>(), value, vm),
        }
    }
}
