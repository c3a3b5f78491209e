//! Natives with a Rust signature: arguments straight from the stack, results straight onto it.

use std::any::Any;
use std::error::Error;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use super::convert::{ConvError, FromLuaValue, IntoValue};
use super::host_io::panic_text;
use super::native::{Cx, Raise};
use super::roots::Lender;
use super::userdata::{Exclusive, LuaUserdata, Shared};
use super::value::{Gc, Value};
use super::vm::{LuaError, Vm};
use crate::value::function::{NativeClosure, NativeEntry};
use crate::value::repr::{RawValue, tag};
use crate::value::string::Str;
use crate::value::userdata::UserdataObj;
use crate::vm::{State, call, error, stack};

/// An error is pending in the state.
#[derive(Clone, Copy, Debug)]
pub struct Pending(());

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
        // SAFETY: the argument exists.
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
            let result = run(&mut *vm);
            if (*vm).state() != l {
                // The state has moved to a handle that lends its values beside this run: nothing may be freed any more.
                (*l).heap.stopped = true;
            }
            Ok(result)
        }
    }

    /// Runs a typed function that takes no handle: the handle goes to the lender for as long, if there is one.
    #[inline(always)]
    fn lending<R>(&self, body: impl FnOnce() -> R) -> Result<R, Pending> {
        // SAFETY: V1.
        match unsafe { &(*self.l).host.lender } {
            None => Ok(body()),
            Some(lender) => self.lend(&Rc::clone(lender), body),
        }
    }

    /// The rest of [`NativeCall::lending`].
    fn lend<R>(&self, lender: &Lender, body: impl FnOnce() -> R) -> Result<R, Pending> {
        let (mut body, mut result) = (Some(body), None);
        self.with_vm(|vm| lender(vm, &mut || result = body.take().map(|body| body())))?;
        result.ok_or_else(|| self.fail("Vm is busy"))
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
        // SAFETY: V1; a native runs.
        let Raise = unsafe { Cx::of_running(self.l, self.nargs) }.error(message);
        // SAFETY: V1.
        unsafe { set_host_kind(self.l) }
        Pending(())
    }

    /// Raises `bad argument #i+1 to 'f' (message)`.
    #[cold]
    pub(super) fn bad_argument(&self, i: usize, message: impl std::fmt::Display) -> Pending {
        // SAFETY: V1; a native runs.
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
        // SAFETY: V1; a native runs.
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
    fn push(&self, slot: Slot) -> Result<(), Pending> {
        // SAFETY: S1, S2; nothing here points into the stack.
        unsafe {
            stack::ensure(self.l, 1).map_err(|_| Pending(()))?;
            call::push(self.l, slot.0);
        }
        Ok(())
    }

    /// The topmost `n` values are the results.
    fn take_top(&self, n: usize) -> usize {
        // SAFETY: they were pushed above the arguments.
        unsafe { (*self.l).w.top.sub(n).copy_to(self.base().sub(1), n) }
        n
    }

    /// Argument `i` converted.
    #[inline(always)]
    pub(super) fn convert<T: FromLuaValue>(&self, i: usize) -> Result<T, Pending> {
        match T::from_slot(self.arg(i)) {
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

/// Host code behind a native.
pub(super) trait HostFn: 'static {
    /// Runs it; the number of results, which lie from the function's slot on.
    fn run(&self, call: &NativeCall) -> Result<usize, Pending>;
}

/// Runs host code; a panic becomes an error.
#[inline(always)]
pub(super) unsafe fn guarded(l: *mut State, run: impl FnOnce() -> Result<usize, Pending>) -> isize {
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(Ok(n)) => n as isize,
        Ok(Err(Pending(()))) => call::RAISED,
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
    (*l).error_kind = (*host).next_kind.take().unwrap_or(error::LuaErrorKind::Native);
}

/// Entry of every native made by [`new_host_fn`].
unsafe fn host_fn_entry<H: HostFn>(l: *mut State, f: *mut RawValue, nargs: usize) -> isize {
    let native: *mut NativeClosure = (*f).as_ptr();
    // `new_host_fn` pairs this entry with a pointer to an `H`, which upvalue 0 owns; the native is rooted by its slot.
    let host: &H = &*(*native).data.cast::<H>();
    guarded(l, || host.run(&NativeCall { l, nargs }))
}

/// Owner of a boxed value that others point to.
struct Owned<H>(*mut H);

impl<H> Drop for Owned<H> {
    fn drop(&mut self) {
        // SAFETY: the pointer came from a box and is owned by this.
        drop(unsafe { Box::from_raw(self.0) });
    }
}

/// A native that runs `host`, which is dropped when the native is collected.
pub(super) unsafe fn new_host_fn<H: HostFn>(
    l: *mut State,
    name: &'static str,
    host: H,
) -> *mut NativeClosure {
    let entry: NativeEntry = host_fn_entry::<H>;
    let host = Box::into_raw(Box::new(host));
    let owner = UserdataObj::new(&mut (*l).heap, Box::new(Owned(host)), size_of::<H>());
    let native = NativeClosure::new(&mut (*l).heap, entry, host.cast_const().cast(), name, 1);
    *NativeClosure::upvalue(native, 0) = RawValue::userdata(owner);
    native
}

// ---- arguments

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
}

impl<T: FromLuaValue> OwnedArg for T {
    #[inline(always)]
    fn fetch_owned(call: &NativeCall, i: usize) -> Result<T, Pending> {
        call.convert(i)
    }

    fn from_list(values: &[Value], i: usize, vm: &mut Vm) -> Result<T, ConvError> {
        T::from_lua_value(values.get(i).copied().unwrap_or(Value::Nil), vm)
    }
}

impl<T: FromLuaValue> OwnedArg for Varargs<T> {
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
}

impl<T: OwnedArg> FromLuaArgs for T {
    #[inline(always)]
    fn fetch_args(call: &NativeCall, from: usize) -> Result<T, Pending> {
        T::fetch_owned(call, from)
    }

    fn from_lua_args(values: &[Value], vm: &mut Vm) -> Result<T, ConvError> {
        T::from_list(values, 0, vm)
    }
}

impl FromLuaArgs for () {
    fn fetch_args(_call: &NativeCall, _from: usize) -> Result<(), Pending> {
        Ok(())
    }

    fn from_lua_args(_values: &[Value], _vm: &mut Vm) -> Result<(), ConvError> {
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

/// A parameter of a typed native; `Kind` says how it takes its argument.
pub trait Param<Kind>: Sized {
    /// What is held while the native runs.
    #[doc(hidden)]
    type Held;
    /// The parameter with the lifetime of what is held.
    #[doc(hidden)]
    type Item<'a>;

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

    #[inline(always)]
    fn hold(call: &NativeCall, i: usize) -> Result<HeldStr, Pending> {
        hold_string(call, i)
    }

    #[inline(always)]
    fn item(held: &mut HeldStr) -> &[u8] {
        // SAFETY: the argument's slot keeps the string while the native runs.
        unsafe { Str::bytes(held.0) }
    }
}

impl Param<ByText> for &str {
    type Held = HeldStr;
    type Item<'a> = &'a str;

    #[inline(always)]
    fn hold(call: &NativeCall, i: usize) -> Result<HeldStr, Pending> {
        let held = hold_string(call, i)?;
        // SAFETY: the argument's slot keeps the string.
        match std::str::from_utf8(unsafe { Str::bytes(held.0) }) {
            Ok(_) => Ok(held),
            Err(_) => Err(call.bad_argument(i, "invalid UTF-8")),
        }
    }

    #[inline(always)]
    fn item(held: &mut HeldStr) -> &str {
        // SAFETY: the argument's slot keeps the string, and `hold` checked it.
        unsafe { std::str::from_utf8_unchecked(Str::bytes(held.0)) }
    }
}

impl<T: LuaUserdata> Param<ByRef> for &T {
    type Held = Shared<T>;
    type Item<'a> = &'a T;

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
pub trait BorrowingParam<Kind>: Param<Kind> {}
impl BorrowingParam<ByText> for &str {}
impl BorrowingParam<ByBytes> for &[u8] {}
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

// ---- results

/// What a native may return: nothing, a value, a tuple, [`Varargs`], or a `Result` of these.
pub trait IntoLuaReturn: Sized {
    /// Puts the results in place and counts them.
    ///
    /// # Errors
    /// The error is pending.
    #[doc(hidden)]
    fn deliver(self, call: &NativeCall) -> Result<usize, Pending>;

    /// The results as a list.
    ///
    /// # Errors
    /// The error returned, or that a result has no Lua equivalent.
    fn into_values(self, vm: &mut Vm) -> Result<Vec<Value>, LuaError>;
}

impl<T: IntoValue> IntoLuaReturn for T {
    #[inline(always)]
    fn deliver(self, call: &NativeCall) -> Result<usize, Pending> {
        let slot = self.into_slot(call)?;
        // SAFETY: the function's slot is the first result's place.
        unsafe { *call.base().sub(1) = slot.0 }
        Ok(1)
    }

    fn into_values(self, vm: &mut Vm) -> Result<Vec<Value>, LuaError> {
        Ok(vec![self.try_into_value(vm)?])
    }
}

impl IntoLuaReturn for () {
    #[inline(always)]
    fn deliver(self, _call: &NativeCall) -> Result<usize, Pending> {
        Ok(0)
    }

    fn into_values(self, _vm: &mut Vm) -> Result<Vec<Value>, LuaError> {
        Ok(Vec::new())
    }
}

impl<T: IntoValue> IntoLuaReturn for Varargs<T> {
    fn deliver(self, call: &NativeCall) -> Result<usize, Pending> {
        let count = self.0.len();
        for value in self.0 {
            let slot = value.into_slot(call)?;
            call.push(slot)?;
        }
        Ok(call.take_top(count))
    }

    fn into_values(self, vm: &mut Vm) -> Result<Vec<Value>, LuaError> {
        self.0.into_iter().map(|value| value.try_into_value(vm)).collect()
    }
}

/// What an error of a binding gives as its source to be raised as the Lua value it holds, not as its text.
#[derive(Clone, Copy, Debug)]
pub struct Rethrow(pub LuaError);

impl std::fmt::Display for Rethrow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl Error for Rethrow {}

/// The Lua error that a failure is or stands for.
fn raised_by<E: Error + 'static>(failure: &E) -> Option<LuaError> {
    match (failure as &dyn Any).downcast_ref::<LuaError>() {
        Some(error) => Some(*error),
        None => failure.source()?.downcast_ref::<Rethrow>().map(|rethrow| rethrow.0),
    }
}

impl<R: IntoLuaReturn, E: Error + 'static> IntoLuaReturn for Result<R, E> {
    #[inline(always)]
    fn deliver(self, call: &NativeCall) -> Result<usize, Pending> {
        match self {
            Ok(results) => results.deliver(call),
            Err(failure) => Err(match raised_by(&failure) {
                Some(error) => call.raise(error),
                None => call.fail(failure),
            }),
        }
    }

    fn into_values(self, vm: &mut Vm) -> Result<Vec<Value>, LuaError> {
        match self {
            Ok(results) => results.into_values(vm),
            Err(failure) => Err(match raised_by(&failure) {
                Some(error) => error,
                None => LuaError(vm.new_string(failure.to_string().as_bytes())),
            }),
        }
    }
}

// ---- signatures

/// A signature starts with `&mut Vm`.
#[derive(Debug)]
pub struct WithVm;
/// A signature has only Lua's arguments.
#[derive(Debug)]
pub struct Plain;

/// A function that can be a native: up to 16 parameters, `&mut Vm` before them if wanted. `Marker` is always inferred.
pub trait NativeTypedSig<Marker>: 'static {
    /// Calls it with the arguments of the running native.
    ///
    /// # Errors
    /// The error is pending.
    #[doc(hidden)]
    fn call_typed(&self, call: &NativeCall) -> Result<usize, Pending>;
}

macro_rules! signatures {
    ($($p:ident $k:ident $i:ident $n:literal)*) => {
        impl<Func, Ret, $($p, $k,)*> NativeTypedSig<(Plain, fn($($p,)*) -> Ret, ($($k,)*))> for Func
        where
            Func: Fn($($p,)*) -> Ret + Fn($(<$p as Param<$k>>::Item<'_>,)*) -> Ret + 'static,
            Ret: IntoLuaReturn,
            $($p: Param<$k>,)*
        {
            #[inline(always)]
            fn call_typed(&self, call: &NativeCall) -> Result<usize, Pending> {
                #[inline(always)]
                fn invoke<Ret, $($p,)*>(f: impl Fn($($p,)*) -> Ret, $($i: $p,)*) -> Ret {
                    f($($i,)*)
                }
                $( let mut $i = <$p as Param<$k>>::hold(call, $n)?; )*
                call.lending(|| invoke(self, $(<$p as Param<$k>>::item(&mut $i),)*))?.deliver(call)
            }
        }

        impl<Func, Ret, $($p, $k,)*> NativeTypedSig<(WithVm, fn($($p,)*) -> Ret, ($($k,)*))> for Func
        where
            Func: Fn(&mut Vm, $($p,)*) -> Ret + Fn(&mut Vm, $(<$p as Param<$k>>::Item<'_>,)*) -> Ret + 'static,
            Ret: IntoLuaReturn,
            $($p: Param<$k>,)*
        {
            #[inline(always)]
            fn call_typed(&self, call: &NativeCall) -> Result<usize, Pending> {
                #[inline(always)]
                fn invoke<Ret, $($p,)*>(f: impl Fn(&mut Vm, $($p,)*) -> Ret, vm: &mut Vm, $($i: $p,)*) -> Ret {
                    f(vm, $($i,)*)
                }
                $( let mut $i = <$p as Param<$k>>::hold(call, $n)?; )*
                call.with_vm(|vm| invoke(self, vm, $(<$p as Param<$k>>::item(&mut $i),)*))?.deliver(call)
            }
        }
    };
}

macro_rules! tuples {
    ($($p:ident $i:ident $n:literal)+) => {
        impl<$($p: OwnedArg,)+> FromLuaArgs for ($($p,)+) {
            #[inline(always)]
            fn fetch_args(call: &NativeCall, from: usize) -> Result<Self, Pending> {
                Ok(($($p::fetch_owned(call, from + $n)?,)+))
            }

            fn from_lua_args(values: &[Value], vm: &mut Vm) -> Result<Self, ConvError> {
                Ok(($($p::from_list(values, $n, vm)?,)+))
            }
        }

        impl<$($p: IntoValue,)+> IntoLuaReturn for ($($p,)+) {
            #[inline]
            fn deliver(self, call: &NativeCall) -> Result<usize, Pending> {
                let ($($i,)+) = self;
                $(
                    let slot = $i.into_slot(call)?;
                    call.push(slot)?;
                )+
                Ok(call.take_top([$($n),+].len()))
            }

            fn into_values(self, vm: &mut Vm) -> Result<Vec<Value>, LuaError> {
                let ($($i,)+) = self;
                Ok(vec![$($i.try_into_value(vm)?),+])
            }
        }
    };
}

macro_rules! all {
    (@ $($done:tt)*) => {};
    ([$($p:ident $k:ident $i:ident $n:literal)*]) => {
        signatures! { $($p $k $i $n)* }
    };
    ([$($p:ident $k:ident $i:ident $n:literal)*] $np:ident $nk:ident $ni:ident $nn:literal $($rest:tt)*) => {
        signatures! { $($p $k $i $n)* }
        tuples! { $($p $i $n)* $np $ni $nn }
        all! { [$($p $k $i $n)* $np $nk $ni $nn] $($rest)* }
    };
}
all! { []
    P0 K0 a0 0 P1 K1 a1 1 P2 K2 a2 2 P3 K3 a3 3 P4 K4 a4 4 P5 K5 a5 5 P6 K6 a6 6 P7 K7 a7 7
    P8 K8 a8 8 P9 K9 a9 9 P10 K10 a10 10 P11 K11 a11 11 P12 K12 a12 12 P13 K13 a13 13 P14 K14 a14 14 P15 K15 a15 15
}

/// A typed function as host code.
struct Typed<F, M>(F, PhantomData<fn() -> M>);

impl<F: NativeTypedSig<M>, M: 'static> HostFn for Typed<F, M> {
    #[inline(always)]
    fn run(&self, call: &NativeCall) -> Result<usize, Pending> {
        self.0.call_typed(call)
    }
}

/// A typed native.
pub(super) unsafe fn new_typed<F: NativeTypedSig<M>, M: 'static>(
    l: *mut State,
    name: &'static str,
    f: F,
) -> *mut NativeClosure {
    new_host_fn(l, name, Typed(f, PhantomData))
}

impl Vm {
    /// A native from a Rust function.
    ///
    /// ```
    /// use luna_core::{LuaVersion, Vm, runtime::Value};
    /// let mut vm = Vm::new_minimal(LuaVersion::Lua55);
    /// let shout = vm.native_typed(|text: &str, times: Option<i64>| text.to_uppercase().repeat(times.unwrap_or(1) as usize));
    /// vm.set_global("shout", shout).unwrap();
    /// let out = vm.eval("return shout('hey', 2)").unwrap();
    /// assert_eq!(vm.str_utf8(out[0]), Some("HEYHEY"));
    /// ```
    pub fn native_typed<F: NativeTypedSig<Marker>, Marker: 'static>(&mut self, f: F) -> Value {
        // SAFETY: V1; nothing collects on the host's side.
        Value::Native(Gc::new(unsafe { new_typed(self.state(), "", f) }))
    }
}
