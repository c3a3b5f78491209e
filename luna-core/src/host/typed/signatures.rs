//! The signatures a native may have: up to 16 parameters of any kind, and the Vm or a context before them.

use std::marker::PhantomData;

use crate::host::convert::{ConvError, IntoValue};
use crate::host::typed::host_fn::{HostFn, new_host_fn};
use crate::host::typed::signature::{Descriptor, Signature};
use crate::host::typed::{FromLuaArgs, IntoLuaReturn, NativeCall, OwnedArg, Param, Pending};
use crate::host::value::{Gc, Value};
use crate::host::vm::calls::Window;
use crate::host::vm::tables::Rooted;
use crate::host::vm::{LuaError, Vm};
use crate::value::function::NativeClosure;
use crate::vm::State;

/// A signature starts with `&mut Vm`.
#[derive(Debug)]
pub struct WithVm;
/// A signature starts with a context.
#[derive(Debug)]
pub struct WithContext<C>(PhantomData<C>);
/// A signature has only Lua's arguments.
#[derive(Debug)]
pub struct Plain;

/// A function that can be a native: up to 16 parameters, `&mut Vm` before them if wanted. `Marker` is always inferred.
#[diagnostic::on_unimplemented(
    message = "a parameter or the result of this function is nothing that Lua has",
    label = "not callable from Lua",
    note = "parameters are numbers, strings, collections and handles, `&T` or `&mut T` of a class, `T` of a class that is `#[lua(clone)]`, and types with `#[derive(FromLua)]`",
    note = "results are these by value, types with `#[derive(IntoLua)]` or `#[derive(LuaUserdata)]`, `Ud(T)` for a new userdata, and a `Result` of them whose error is a `std::error::Error`: neither a text, which only `#[lua_methods]` takes, nor a `Box<dyn Error>`",
    note = "each argument is a parameter of its own: `|a: i64, b: i64|`, with `&Lua` before them if it is wanted"
)]
pub trait NativeTypedSig<Marker>: 'static {
    /// Calls it with the arguments of the running native.
    ///
    /// # Errors
    /// The error is pending.
    #[doc(hidden)]
    fn call_typed(&self, call: &NativeCall) -> Result<usize, Pending>;

    /// What is known about it.
    #[doc(hidden)]
    const SIGNATURE: &'static Signature;

    /// Calls it with arguments that came as machine words; `false` if one of them cannot be had.
    ///
    /// # Safety
    /// As [`DirectEntry`](crate::host::typed::signature::DirectEntry): the words are of the signature's kinds, what they name is live, and so is the
    /// state.
    #[doc(hidden)]
    unsafe fn call_direct(&self, state: *mut (), args: *const u64, result: *mut u64) -> bool;
}

/// What a native may take first instead of the Vm: a binding's own face of it.
pub trait NativeContext: Sized + 'static {
    /// Runs with the context of the Vm, which is lent as long.
    ///
    /// # Errors
    /// There is none.
    fn enter<R>(vm: &mut Vm, run: impl FnOnce(&Self) -> R) -> Result<R, LuaError>;
}

/// The direct entry of a signature.
unsafe fn direct_entry<F: NativeTypedSig<M>, M>(
    state: *mut (),
    host: *const (),
    args: *const u64,
    result: *mut u64,
) -> bool {
    (*host.cast::<F>()).call_direct(state, args, result)
}

/// Stands for the direct entry of a signature that has none.
unsafe fn no_direct_entry(_: *mut (), _: *const (), _: *const u64, _: *mut u64) -> bool {
    false
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
                call.lending(|| invoke(self, $(<$p as Param<$k>>::item(&mut $i),)*)).deliver(call)
            }

            const SIGNATURE: &'static Signature =
                &Signature::new(&[$(<$p as Param<$k>>::KIND,)*], Ret::KIND, false, direct_entry::<Func, (Plain, fn($($p,)*) -> Ret, ($($k,)*))>);

            #[inline(always)]
            unsafe fn call_direct(&self, state: *mut (), args: *const u64, result: *mut u64) -> bool {
                #[inline(always)]
                fn invoke<Ret, $($p,)*>(f: impl Fn($($p,)*) -> Ret, $($i: $p,)*) -> Ret {
                    f($($i,)*)
                }
                // Functions without parameters read none.
                let _: *const u64 = args;
                $( let Some(mut $i) = <$p as Param<$k>>::hold_word(*args.add($n)) else { return false }; )*
                let call = NativeCall { l: state.cast(), nargs: 0 };
                *result = call.lending(|| invoke(self, $(<$p as Param<$k>>::item(&mut $i),)*)).into_word();
                true
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

            const SIGNATURE: &'static Signature =
                &Signature::new(&[$(<$p as Param<$k>>::KIND,)*], Ret::KIND, true, no_direct_entry);

            unsafe fn call_direct(&self, _state: *mut (), _args: *const u64, _result: *mut u64) -> bool {
                false
            }
        }

        impl<Func, Ret, Context, $($p, $k,)*> NativeTypedSig<(WithContext<Context>, fn($($p,)*) -> Ret, ($($k,)*))> for Func
        where
            Func: Fn(&Context, $($p,)*) -> Ret + Fn(&Context, $(<$p as Param<$k>>::Item<'_>,)*) -> Ret + 'static,
            Context: NativeContext,
            Ret: IntoLuaReturn,
            $($p: Param<$k>,)*
        {
            #[inline(always)]
            fn call_typed(&self, call: &NativeCall) -> Result<usize, Pending> {
                #[inline(always)]
                fn invoke<Context, Ret, $($p,)*>(f: impl Fn(&Context, $($p,)*) -> Ret, context: &Context, $($i: $p,)*) -> Ret {
                    f(context, $($i,)*)
                }
                $( let mut $i = <$p as Param<$k>>::hold(call, $n)?; )*
                let entered = call.with_vm(|vm| {
                    Context::enter(vm, |context| invoke(self, context, $(<$p as Param<$k>>::item(&mut $i),)*))
                })?;
                match entered {
                    Ok(result) => result.deliver(call),
                    Err(error) => Err(call.raise(error)),
                }
            }

            const SIGNATURE: &'static Signature =
                &Signature::new(&[$(<$p as Param<$k>>::KIND,)*], Ret::KIND, true, no_direct_entry);

            unsafe fn call_direct(&self, _state: *mut (), _args: *const u64, _result: *mut u64) -> bool {
                false
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

            #[inline(always)]
            fn from_window(vm: &mut Vm, window: &Window) -> Result<Self, ConvError> {
                Ok(($($p::from_result(vm, window, $n).map_err(|failure| failure.of_result($n))?,)+))
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
                let (mut rooted, mut values) = (Rooted::new(vm), Vec::with_capacity([$($n),+].len()));
                $(
                    let value = $i.try_into_value(vm)?;
                    rooted.add(value);
                    values.push(value);
                )+
                Ok(values)
            }

            #[inline(always)]
            fn push_on(self, vm: &mut Vm, window: &Window) -> Result<(), LuaError> {
                let ($($i,)+) = self;
                $( $i.push_on(vm, window)?; )+
                Ok(())
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
#[repr(transparent)]
struct Typed<F, M>(F, PhantomData<fn() -> M>);

impl<F: NativeTypedSig<M>, M: 'static> HostFn for Typed<F, M> {
    #[inline(always)]
    fn run(&self, call: &NativeCall) -> Result<usize, Pending> {
        self.0.call_typed(call)
    }

    fn descriptor(&self) -> Descriptor {
        Descriptor { signature: Some(F::SIGNATURE), ..Descriptor::default() }
    }
}

/// A typed native.
pub(in crate::host) unsafe fn new_typed<F: NativeTypedSig<M>, M: 'static>(
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
        // SAFETY: V1, E2; the native is given out before anything can collect.
        Value::Native(Gc::new(unsafe { new_typed(self.state(), "", f) }))
    }
}
