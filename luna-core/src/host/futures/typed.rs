//! Async natives with a Rust signature.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::host::futures::await_native::{Awaited, check_place, wait_for};
use crate::host::typed::host_fn::{HostFn, new_host_fn};
use crate::host::typed::signatures::WithContext;
use crate::host::typed::{IntoLuaReturn, NativeCall, OwnedArg, Pending};
use crate::host::value::{Gc, Value};
use crate::host::vm::Vm;
use crate::value::function::NativeClosure;
use crate::vm::State;

/// A function that can be an async native: up to 16 owned parameters, and a future whose output can be returned. `Marker` is always inferred.
#[diagnostic::on_unimplemented(
    message = "this function cannot be an async function of Lua",
    label = "not an async function of Lua",
    note = "its parameters are owned: numbers, `String`, collections, handles, `UserdataRef<T>`; neither `&str` nor `&T`, which would not outlive the call",
    note = "it returns a future, `'static`, of what a function may return"
)]
pub trait AsyncNativeSig<Marker>: 'static {
    /// What it waits for.
    #[doc(hidden)]
    type Future: Future<Output: IntoLuaReturn> + 'static;

    /// Calls it with the arguments of the running native.
    ///
    /// # Errors
    /// The error is pending.
    #[doc(hidden)]
    fn start(&self, call: &NativeCall) -> Result<Self::Future, Pending>;
}

/// What an async native may take first: a binding's own way to the Vm, which outlives the call.
pub trait OwnedContext: Sized + 'static {
    /// The way to a Vm.
    fn of(vm: &mut Vm) -> Self;
}

macro_rules! signatures {
    ($($p:ident $i:ident $n:literal)*) => {
        impl<Func, Fut, $($p,)*> AsyncNativeSig<fn($($p,)*) -> Fut> for Func
        where
            Func: Fn($($p,)*) -> Fut + 'static,
            Fut: Future<Output: IntoLuaReturn> + 'static,
            $($p: OwnedArg,)*
        {
            type Future = Fut;

            fn start(&self, call: &NativeCall) -> Result<Fut, Pending> {
                $( let $i = $p::fetch_owned(call, $n)?; )*
                Ok(call.lending(|| self($($i,)*)))
            }
        }

        impl<Func, Fut, Context, $($p,)*> AsyncNativeSig<(WithContext<Context>, fn($($p,)*) -> Fut)> for Func
        where
            Func: Fn(Context, $($p,)*) -> Fut + 'static,
            Context: OwnedContext,
            Fut: Future<Output: IntoLuaReturn> + 'static,
            $($p: OwnedArg,)*
        {
            type Future = Fut;

            fn start(&self, call: &NativeCall) -> Result<Fut, Pending> {
                $( let $i = $p::fetch_owned(call, $n)?; )*
                let context = call.with_vm(|vm| Context::of(vm))?;
                Ok(call.lending(|| self(context, $($i,)*)))
            }
        }
    };
}

macro_rules! all {
    ([$($p:ident $i:ident $n:literal)*]) => {
        signatures! { $($p $i $n)* }
    };
    ([$($p:ident $i:ident $n:literal)*] $np:ident $ni:ident $nn:literal $($rest:tt)*) => {
        signatures! { $($p $i $n)* }
        all! { [$($p $i $n)* $np $ni $nn] $($rest)* }
    };
}
all! { []
    P0 a0 0 P1 a1 1 P2 a2 2 P3 a3 3 P4 a4 4 P5 a5 5 P6 a6 6 P7 a7 7
    P8 a8 8 P9 a9 9 P10 a10 10 P11 a11 11 P12 a12 12 P13 a13 13 P14 a14 14 P15 a15 15
}

/// A typed async function as host code.
struct Typed<F, M>(F, PhantomData<fn() -> M>);

impl<F: AsyncNativeSig<M>, M: 'static> HostFn for Typed<F, M> {
    fn run(&self, call: &NativeCall) -> Result<usize, Pending> {
        check_place(call)?;
        let future = self.0.start(call)?;
        wait_for(call, Box::pin(future))
    }
}

impl<F: Future<Output: IntoLuaReturn>> Awaited for F {
    fn poll(
        self: Pin<&mut Self>,
        call: &NativeCall,
        context: &mut Context<'_>,
    ) -> Poll<Result<usize, Pending>> {
        call.lending(|| Future::poll(self, context)).map(|output| output.deliver(call))
    }
}

/// A typed async native.
pub(in crate::host) unsafe fn new_async<F: AsyncNativeSig<M>, M: 'static>(
    l: *mut State,
    name: &'static str,
    f: F,
) -> *mut NativeClosure {
    new_host_fn(l, name, Typed(f, PhantomData))
}

impl Vm {
    /// A native from an async Rust function: a script that calls it waits for the future, and the host goes on meanwhile.
    ///
    /// Arguments are owned. It can be called in a poll alone: of [`Vm::eval_async`] or [`Vm::poll_coroutine`].
    ///
    /// ```
    /// use luna_core::{LuaVersion, Vm, runtime::Value};
    /// # use std::future::Future;
    /// # use std::task::{Context, Poll, Waker};
    /// # fn block_on<F: Future + Unpin>(mut future: F) -> F::Output {
    /// #     loop {
    /// #         let polled = std::pin::Pin::new(&mut future).poll(&mut Context::from_waker(Waker::noop()));
    /// #         if let Poll::Ready(output) = polled { return output }
    /// #     }
    /// # }
    /// let mut vm = Vm::new(LuaVersion::Lua55);
    /// let fetch = vm.native_async(|key: String| async move { key.len() });
    /// vm.set_global("fetch", fetch).unwrap();
    /// let results = block_on(vm.eval_async("return fetch('four') + 1")).unwrap();
    /// assert!(matches!(results[0], Value::Int(5)));
    /// ```
    pub fn native_async<F: AsyncNativeSig<Marker>, Marker: 'static>(&mut self, f: F) -> Value {
        // SAFETY: V1, E2; the native is given out before anything can collect.
        Value::Native(Gc::new(unsafe { new_async(self.state(), "", f) }))
    }
}
