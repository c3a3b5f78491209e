//! Natives with a Rust signature: arguments straight from the stack, results straight onto it.

pub(crate) mod host_fn;
pub(crate) mod outcome;
pub(crate) mod raw;
pub(crate) mod results;
pub(crate) mod signature;
pub(crate) mod signatures;
pub(crate) mod warned;

pub use results::{IntoLuaReturn, SameObject};

use std::any::{Any, TypeId};
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use crate::host::convert::{ConvError, FromLuaValue};
use crate::host::native::{Cx, Raise};
use crate::host::panics::panic_text;
use crate::host::roots::handles::{Relock, moved_away};
use crate::host::typed::signature::Kind;
use crate::host::userdata::LuaUserdata;
use crate::host::userdata::borrow::{Exclusive, Shared};
use crate::host::value::Value;
use crate::host::vm::calls::Window;
use crate::host::vm::{LuaError, Vm};
use crate::value::function::NativeClosure;
use crate::value::repr::{RawValue, tag};
use crate::value::string::Str;
use crate::vm::error::LuaErrorKind;
use crate::vm::{State, call, error, inspect, stack};

/// An error is pending in the state.
#[derive(Clone, Copy, Debug)]
pub struct Pending(());

impl Pending {
    /// After an error was raised.
    pub(super) fn raised() -> Pending {
        Pending(())
    }
}

/// A live value in a slot of the stack.
#[derive(Clone, Copy, Debug)]
pub struct Slot(pub(crate) RawValue);

/// A native in progress.
#[derive(Debug)]
pub struct NativeCall {
    pub(super) l: *mut State,
    pub(super) nargs: usize,
}

impl NativeCall {
    /// Where the first argument is.
    #[inline(always)]
    pub(super) fn base(&self) -> *mut RawValue {
        // SAFETY: V1; the native's frame is the current one whenever host code does not run.
        unsafe { (*(*self.l).w.ci).base }
    }

    /// Argument `i`, from 0; nil if absent.
    #[inline(always)]
    pub(super) fn arg(&self, i: usize) -> Slot {
        if i >= self.nargs {
            return Slot(RawValue::NIL);
        }
        // SAFETY: N1; the position was compared with the number of arguments.
        Slot(unsafe { *self.base().add(i) })
    }

    /// Lends host code the handle that the running entry was made through.
    #[inline(always)]
    pub(super) fn with_vm<R>(&self, run: impl FnOnce(&mut Vm) -> R) -> Result<R, Pending> {
        let l = self.l;
        // SAFETY: V1. The handle outlives the entry, and nobody else uses it while host code that was lent it runs.
        unsafe {
            let vm = (*l).host.vm;
            if vm.is_null() {
                error::throw_str(l, b"Vm is closing");
                return Err(Pending(()));
            }
            let relock = Relock::set(l, true);
            let result = run(&mut *vm);
            drop(relock);
            if (*vm).state() != l {
                moved_away(l);
            }
            Ok(result)
        }
    }

    /// Runs a typed function that takes no handle: handles may be used as long, if the Vm is shared.
    #[inline(always)]
    pub(super) fn lending<R>(&self, body: impl FnOnce() -> R) -> R {
        // SAFETY: A2; nobody is lent the Vm while the body runs.
        let _relock = unsafe { Relock::set(self.l, !(*self.l).host.shared) };
        body()
    }

    /// A value from host code as the Vm holds it.
    #[inline]
    pub(super) fn admit(&self, value: Value) -> Result<Slot, Pending> {
        // SAFETY: V1; the heap is only looked at.
        match value.checked(unsafe { &(*self.l).heap }) {
            Some(raw) => Ok(Slot(raw)),
            None => Err(self
                .fail(format_args!("stale or foreign {} returned by a native", value.type_name()))),
        }
    }

    /// Raises a value from host code.
    #[cold]
    pub(super) fn raise(&self, error: LuaError) -> Pending {
        match self.admit(error.0) {
            // SAFETY: V1; the value is live.
            Ok(slot) => unsafe {
                let pending = (*self.l).error;
                let again = pending.tag == slot.0.tag && pending.bits == slot.0.bits;
                error::throw(self.l, slot.0);
                if !again {
                    set_host_kind(self.l);
                }
                Pending(())
            },
            Err(pending) => pending,
        }
    }

    /// Raises a message with the position of the calling line.
    #[cold]
    pub(super) fn fail(&self, message: impl std::fmt::Display) -> Pending {
        // SAFETY: V1, N1; the call is that of the running native.
        let Raise = unsafe { Cx::of_running(self.l, self.nargs) }.error(message);
        // SAFETY: V1; the state is live while its native runs, and the error was raised just above.
        unsafe { set_host_kind(self.l) }
        Pending(())
    }

    /// As [`NativeCall::fail`], of an argument of a wrong type.
    fn fail_by_type(&self, message: impl std::fmt::Display) -> Pending {
        let pending = self.fail(message);
        // SAFETY: V1; the error was raised just now.
        unsafe { (*self.l).error_kind = LuaErrorKind::Type }
        pending
    }

    /// The own name of the running native if it was called for an event: that of a handler, or of a field.
    fn event(&self) -> Option<&'static str> {
        // SAFETY: V1, N1; the frames are only read, and the slot below the base holds a live function.
        unsafe {
            let ci = (*self.l).w.ci;
            let called = inspect::frame_name((*self.l).w.ci_base, ci);
            let function = *(*ci).base.sub(1);
            if !matches!(called, Some(("metamethod", _))) || function.tag != tag::NATIVE {
                return None;
            }
            let name = (*function.as_ptr::<NativeClosure>()).name;
            (!name.is_empty()).then_some(name)
        }
    }

    /// The field that the running native writes, if it was called for an assignment, and the class of the object.
    fn assigned_field(&self) -> Option<(&'static str, String)> {
        // SAFETY: V1, N1; as `event`.
        let called = unsafe { inspect::frame_name((*self.l).w.ci_base, (*self.l).w.ci) };
        if !called.is_some_and(|(kind, name)| kind == "metamethod" && name == b"newindex") {
            return None;
        }
        // A handler of the event has the event's name.
        let field = self.event().filter(|name| !name.starts_with("__"))?;
        // SAFETY: V1; the argument is live.
        let class = unsafe { inspect::type_name(self.l, self.arg(0).0) };
        Some((field, String::from_utf8_lossy(&class).into_owned()))
    }

    /// What the source of the running native calls argument `i`.
    fn argument_name(&self, i: usize) -> Option<&'static str> {
        // SAFETY: V1, N1; the slot below the base holds a live function, which owns its header.
        unsafe {
            let function = *self.base().sub(1);
            if function.tag != tag::NATIVE {
                return None;
            }
            let header = host_fn::host_header(function.as_ptr())?;
            (*header).descriptor.source.argument_name(i)
        }
    }

    /// Raises `bad argument #i+1 to 'f' (message)`, with the argument's name before the message if its source has one.
    #[cold]
    pub(super) fn bad_argument(&self, i: usize, message: impl std::fmt::Display) -> Pending {
        if i == 1
            && let Some((field, class)) = self.assigned_field()
        {
            return self.fail_by_type(format_args!("field '{field}' of {class}: {message}"));
        }
        match self.argument_name(i) {
            Some(name) => self.bad_place(i, format_args!("{name}: {message}")),
            None => self.bad_place(i, message),
        }
    }

    /// Raises `bad argument #i+1 to 'f' (message)`.
    #[cold]
    fn bad_place(&self, i: usize, message: impl std::fmt::Display) -> Pending {
        if let Some(event) = self.event() {
            let text = format_args!("bad argument #{} to '{event}' ({message})", i + 1);
            return self.fail_by_type(text);
        }
        // SAFETY: V1, N1; as `fail`.
        let Raise = unsafe { Cx::of_running(self.l, self.nargs) }.arg_error(i, message);
        Pending(())
    }

    /// Raises a failed conversion of argument `i`.
    #[cold]
    pub(super) fn bad_conversion(&self, i: usize, mut failure: ConvError) -> Pending {
        if i >= self.nargs && failure.path.is_empty() && failure.got == "nil" {
            failure.got = "no value".into();
        }
        self.bad_argument(i, failure)
    }

    /// Raises that argument `i` has another type.
    #[cold]
    pub(super) fn bad_type(&self, i: usize, expected: &str) -> Pending {
        if self.event().is_some() || self.argument_name(i).is_some() {
            let got = if i < self.nargs {
                // SAFETY: V1; the argument is live.
                unsafe { inspect::argument_type_name(self.l, self.arg(i).0) }
            } else {
                b"no value".to_vec()
            };
            let got = String::from_utf8_lossy(&got);
            return self.bad_argument(i, format_args!("{expected} expected, got {got}"));
        }
        // SAFETY: V1, N1; as `fail`.
        let Raise = unsafe { Cx::of_running(self.l, self.nargs) }.type_error(i, expected);
        Pending(())
    }

    /// A new string.
    #[inline]
    pub(super) fn string(&self, bytes: &[u8]) -> Slot {
        // SAFETY: V1; allocation does not collect.
        Slot(RawValue::str(unsafe { Str::new(&mut (*self.l).heap, bytes) }))
    }

    /// Puts a result above everything.
    pub(super) fn push(&self, slot: Slot) -> Result<(), Pending> {
        // SAFETY: S1, S2; nothing here points into the stack.
        unsafe {
            stack::ensure(self.l, 1).map_err(|_| Pending(()))?;
            call::push(self.l, slot.0);
        }
        Ok(())
    }

    /// The topmost `n` values are the results.
    pub(super) fn take_top(&self, n: usize) -> usize {
        // SAFETY: N1; the `n` results were pushed above the arguments.
        unsafe { (*self.l).w.top.sub(n).copy_to(self.base().sub(1), n) }
        n
    }

    /// Argument `i` converted.
    #[inline(always)]
    pub(super) fn convert<T: FromLuaValue>(&self, i: usize) -> Result<T, Pending> {
        match T::from_slot(self.arg(i), self) {
            Some(value) => Ok(value),
            None => self.convert_slow(i),
        }
    }

    #[inline(never)]
    fn convert_slow<T: FromLuaValue>(&self, i: usize) -> Result<T, Pending> {
        let value = Value::from_raw(self.arg(i).0);
        self.with_vm(|vm| T::from_lua_value(value, vm))?
            .map_err(|failure| self.bad_conversion(i, failure))
    }
}

/// Runs host code; a panic becomes an error.
#[inline(always)]
pub(super) unsafe fn guarded(l: *mut State, run: impl FnOnce() -> Result<usize, Pending>) -> isize {
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(Ok(n)) => n as isize,
        Ok(Err(Pending(()))) => call::RAISED,
        // What came out of the interpreter below the native goes on to the host.
        Err(payload) if (*l).host.poisoned => resume_unwind(payload),
        Err(payload) => {
            raise_panic(l, payload);
            call::RAISED
        }
    }
}

/// Raises `native panic: PAYLOAD`.
#[cold]
unsafe fn raise_panic(l: *mut State, payload: Box<dyn Any + Send>) {
    let text = panic_text(payload);
    error::throw_str(l, format!("native panic: {text}").as_bytes());
    set_host_kind(l);
}

/// Gives an error of host code the kind that the host set, or its own.
unsafe fn set_host_kind(l: *mut State) {
    let host = &raw mut (*l).host;
    (*l).error_kind = (*host).next_kind.take().unwrap_or(LuaErrorKind::Native);
}

/// The rest of the arguments, or any number of results.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Varargs<T>(pub Vec<T>);

impl<T> std::ops::Deref for Varargs<T> {
    type Target = Vec<T>;

    fn deref(&self) -> &Vec<T> {
        &self.0
    }
}

impl<T> IntoIterator for Varargs<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<T> FromIterator<T> for Varargs<T> {
    fn from_iter<I: IntoIterator<Item = T>>(iter: I) -> Self {
        Varargs(iter.into_iter().collect())
    }
}

/// An owned argument: converted from one value, or from the rest.
pub trait OwnedArg: Sized {
    /// How it travels.
    #[doc(hidden)]
    const KIND: Kind;

    /// From a machine word of this kind.
    #[doc(hidden)]
    fn from_word(_word: u64) -> Option<Self> {
        None
    }

    /// From argument `i` of a native on.
    ///
    /// # Errors
    /// The error is pending.
    #[doc(hidden)]
    fn fetch_owned(call: &NativeCall, i: usize) -> Result<Self, Pending>;

    /// From value `i` of a list on.
    ///
    /// # Errors
    /// What was expected, and what was there.
    #[doc(hidden)]
    fn from_list(values: &[Value], i: usize, vm: &mut Vm) -> Result<Self, ConvError>;

    /// From value `i` of a window on.
    ///
    /// # Errors
    /// What was expected, and what was there.
    #[doc(hidden)]
    fn from_result(vm: &mut Vm, window: &Window, i: usize) -> Result<Self, ConvError> {
        Self::from_list(&window.values(i), 0, vm)
    }
}

impl<T: FromLuaValue> OwnedArg for T {
    const KIND: Kind = T::KIND;

    #[inline(always)]
    fn from_word(word: u64) -> Option<T> {
        <T as FromLuaValue>::from_word(word)
    }

    #[inline(always)]
    fn fetch_owned(call: &NativeCall, i: usize) -> Result<T, Pending> {
        call.convert(i)
    }

    fn from_list(values: &[Value], i: usize, vm: &mut Vm) -> Result<T, ConvError> {
        T::from_lua_value(values.get(i).copied().unwrap_or(Value::Nil), vm)
    }

    #[inline(always)]
    fn from_result(vm: &mut Vm, window: &Window, i: usize) -> Result<T, ConvError> {
        window.convert(vm, i)
    }
}

/// All arguments from a place on, as [`FromLuaArgs`] takes them.
#[derive(Clone, Debug, Default)]
pub struct Rest<A>(pub A);

impl<A: FromLuaArgs> OwnedArg for Rest<A> {
    const KIND: Kind = Kind::Rest;

    #[inline(always)]
    fn fetch_owned(call: &NativeCall, i: usize) -> Result<Self, Pending> {
        A::fetch_args(call, i).map(Rest)
    }

    fn from_list(values: &[Value], i: usize, vm: &mut Vm) -> Result<Self, ConvError> {
        A::from_lua_args(values.get(i..).unwrap_or_default(), vm).map(Rest)
    }
}

impl<T: FromLuaValue> OwnedArg for Varargs<T> {
    const KIND: Kind = Kind::Rest;

    fn fetch_owned(call: &NativeCall, i: usize) -> Result<Self, Pending> {
        (i..call.nargs).map(|i| call.convert(i)).collect()
    }

    fn from_list(values: &[Value], i: usize, vm: &mut Vm) -> Result<Self, ConvError> {
        values.iter().skip(i).map(|value| T::from_lua_value(*value, vm)).collect()
    }
}

/// All arguments at once: `()`, one, or a tuple, the last of which may be [`Varargs`].
pub trait FromLuaArgs: Sized {
    /// From argument `from` of a native on.
    ///
    /// # Errors
    /// The error is pending.
    #[doc(hidden)]
    fn fetch_args(call: &NativeCall, from: usize) -> Result<Self, Pending>;

    /// From a list of values; absent ones count as nil.
    ///
    /// # Errors
    /// What was expected, and what was there.
    fn from_lua_args(values: &[Value], vm: &mut Vm) -> Result<Self, ConvError>;

    /// From the values of a window.
    ///
    /// # Errors
    /// What was expected, and what was there.
    #[doc(hidden)]
    fn from_window(vm: &mut Vm, window: &Window) -> Result<Self, ConvError> {
        Self::from_lua_args(&window.values(0), vm)
    }
}

impl<T: OwnedArg> FromLuaArgs for T {
    #[inline(always)]
    fn fetch_args(call: &NativeCall, from: usize) -> Result<T, Pending> {
        T::fetch_owned(call, from)
    }

    fn from_lua_args(values: &[Value], vm: &mut Vm) -> Result<T, ConvError> {
        T::from_list(values, 0, vm)
    }

    #[inline(always)]
    fn from_window(vm: &mut Vm, window: &Window) -> Result<T, ConvError> {
        T::from_result(vm, window, 0).map_err(|failure| failure.within("result"))
    }
}

impl FromLuaArgs for () {
    fn fetch_args(_call: &NativeCall, _from: usize) -> Result<(), Pending> {
        Ok(())
    }

    fn from_lua_args(_values: &[Value], _vm: &mut Vm) -> Result<(), ConvError> {
        Ok(())
    }

    #[inline(always)]
    fn from_window(_vm: &mut Vm, _window: &Window) -> Result<(), ConvError> {
        Ok(())
    }
}

/// How a parameter takes its argument.
#[derive(Debug)]
pub struct ByValue;
/// A parameter borrows a string.
#[derive(Debug)]
pub struct ByText;
/// A parameter borrows a string's bytes.
#[derive(Debug)]
pub struct ByBytes;
/// A parameter borrows a userdata.
#[derive(Debug)]
pub struct ByRef;
/// A parameter borrows a userdata exclusively.
#[derive(Debug)]
pub struct ByMut;
/// A parameter borrows if there is something.
#[derive(Debug)]
pub struct Optional<K>(PhantomData<K>);

/// A parameter of a typed native; `How` says how it takes its argument.
pub trait Param<How>: Sized {
    /// What is held while the native runs.
    #[doc(hidden)]
    type Held;
    /// The parameter with the lifetime of what is held.
    #[doc(hidden)]
    type Item<'a>;
    /// How it travels.
    #[doc(hidden)]
    const KIND: Kind = Kind::Value;

    /// Takes hold of an argument that came as a machine word of its kind.
    ///
    /// # Safety
    /// The word is of the kind; an object it names is live as long as what is returned.
    #[doc(hidden)]
    #[inline(always)]
    unsafe fn hold_word(_word: u64) -> Option<Self::Held> {
        None
    }

    /// Takes hold of argument `i`.
    ///
    /// # Errors
    /// The error is pending.
    #[doc(hidden)]
    fn hold(call: &NativeCall, i: usize) -> Result<Self::Held, Pending>;

    /// What the native gets.
    #[doc(hidden)]
    fn item(held: &mut Self::Held) -> Self::Item<'_>;
}

impl<T: OwnedArg> Param<ByValue> for T {
    type Held = Option<T>;
    type Item<'a> = T;
    const KIND: Kind = <T as OwnedArg>::KIND;

    #[inline(always)]
    unsafe fn hold_word(word: u64) -> Option<Option<T>> {
        T::from_word(word).map(Some)
    }

    #[inline(always)]
    fn hold(call: &NativeCall, i: usize) -> Result<Option<T>, Pending> {
        T::fetch_owned(call, i).map(Some)
    }

    #[inline(always)]
    fn item(held: &mut Option<T>) -> T {
        held.take().expect("an argument is taken once")
    }
}

/// A string argument, rooted by its slot.
#[derive(Debug)]
pub struct HeldStr(*mut Str);

/// The string in argument `i`.
#[inline(always)]
fn hold_string(call: &NativeCall, i: usize) -> Result<HeldStr, Pending> {
    let raw = call.arg(i).0;
    if raw.tag == tag::STR { Ok(HeldStr(raw.as_ptr())) } else { Err(call.bad_type(i, "string")) }
}

impl Param<ByBytes> for &[u8] {
    type Held = HeldStr;
    type Item<'a> = &'a [u8];
    const KIND: Kind = Kind::Bytes;

    #[inline(always)]
    fn hold(call: &NativeCall, i: usize) -> Result<HeldStr, Pending> {
        hold_string(call, i)
    }

    #[inline(always)]
    fn item(held: &mut HeldStr) -> &[u8] {
        // SAFETY: N2; the slot of the argument keeps the string while the native runs.
        unsafe { Str::bytes(held.0) }
    }
}

impl Param<ByText> for &str {
    type Held = HeldStr;
    type Item<'a> = &'a str;
    const KIND: Kind = Kind::Text;

    #[inline(always)]
    fn hold(call: &NativeCall, i: usize) -> Result<HeldStr, Pending> {
        let held = hold_string(call, i)?;
        // SAFETY: N2; as for bytes: the slot of the argument keeps the string.
        match unsafe { Str::text(held.0) } {
            Some(_) => Ok(held),
            None => Err(call.bad_argument(i, "invalid UTF-8")),
        }
    }

    #[inline(always)]
    fn item(held: &mut HeldStr) -> &str {
        // SAFETY: N2; as for bytes, and `hold` found the text valid.
        unsafe { std::str::from_utf8_unchecked(Str::bytes(held.0)) }
    }
}

/// A parameter borrows a path.
#[derive(Debug)]
pub struct ByPath;

impl Param<ByPath> for &std::path::Path {
    type Held = HeldStr;
    type Item<'a> = &'a std::path::Path;
    const KIND: Kind = Kind::Text;

    #[inline(always)]
    fn hold(call: &NativeCall, i: usize) -> Result<HeldStr, Pending> {
        <&str as Param<ByText>>::hold(call, i)
    }

    #[inline(always)]
    fn item(held: &mut HeldStr) -> &std::path::Path {
        std::path::Path::new(<&str as Param<ByText>>::item(held))
    }
}

impl<T: LuaUserdata> Param<ByRef> for &T {
    type Held = Shared<T>;
    type Item<'a> = &'a T;
    const KIND: Kind = Kind::Shared(TypeId::of::<T>);

    #[inline(always)]
    unsafe fn hold_word(word: u64) -> Option<Shared<T>> {
        Shared::of_object(word)
    }

    #[inline(always)]
    fn hold(call: &NativeCall, i: usize) -> Result<Shared<T>, Pending> {
        Shared::of_argument(call, i)
    }

    #[inline(always)]
    fn item(held: &mut Shared<T>) -> &T {
        held.get()
    }
}

impl<T: LuaUserdata> Param<ByMut> for &mut T {
    type Held = Exclusive<T>;
    type Item<'a> = &'a mut T;
    const KIND: Kind = Kind::Exclusive(TypeId::of::<T>);

    #[inline(always)]
    unsafe fn hold_word(word: u64) -> Option<Exclusive<T>> {
        Exclusive::of_object(word)
    }

    #[inline(always)]
    fn hold(call: &NativeCall, i: usize) -> Result<Exclusive<T>, Pending> {
        Exclusive::of_argument(call, i)
    }

    #[inline(always)]
    fn item(held: &mut Exclusive<T>) -> &mut T {
        held.get_mut()
    }
}

/// A parameter that borrows.
pub trait BorrowingParam<How>: Param<How> {}
impl BorrowingParam<ByText> for &str {}
impl BorrowingParam<ByBytes> for &[u8] {}
impl BorrowingParam<ByPath> for &std::path::Path {}
impl<T: LuaUserdata> BorrowingParam<ByRef> for &T {}
impl<T: LuaUserdata> BorrowingParam<ByMut> for &mut T {}

impl<K, P: BorrowingParam<K>> Param<Optional<K>> for Option<P> {
    type Held = Option<P::Held>;
    type Item<'a> = Option<P::Item<'a>>;

    #[inline(always)]
    fn hold(call: &NativeCall, i: usize) -> Result<Self::Held, Pending> {
        if call.arg(i).0.is_nil() { Ok(None) } else { P::hold(call, i).map(Some) }
    }

    #[inline(always)]
    fn item(held: &mut Self::Held) -> Option<P::Item<'_>> {
        held.as_mut().map(P::item)
    }
}
