//! Natives that wait for a future.
//!
//! The future lies in a userdata above the native's arguments, and the native's frame goes on in [`wait`], which polls it: so it waits as a
//! frame does, and the collector drops the future with the frame if nothing else ends it.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::host::panics::drop_caught;
use crate::host::roots::handles::{Relock, moved_away};
use crate::host::typed::host_fn::{HostFn, new_host_fn};
use crate::host::typed::raw::take_returns;
use crate::host::typed::{NativeCall, Pending, guarded};
use crate::host::value::{Gc, Value};
use crate::host::vm::{LuaError, Vm};
use crate::value::repr::{RawValue, tag};
use crate::value::thread::Coro;
use crate::value::userdata::{PayloadType, UserdataObj};
use crate::vm::call::{SWITCHED, WAITING};
use crate::vm::frame::CallInfo;
use crate::vm::{State, call, park, stack};

/// A raw native that waits: called once, its future is polled until it is ready with the number of results, which it has stored with
/// [`Vm::nat_return`].
///
/// The pointer is good inside the call and inside polls of the future, as long as the state is that of the Vm there; arguments stay readable
/// until the future is ready. A run of [`Vm::eval_async`] that is begun inside is polled to its end there: it is given up where this native
/// waits.
pub type AsyncNativeFn =
    fn(*mut Vm, u32, u32) -> Pin<Box<dyn Future<Output = Result<u32, LuaError>>>>;

/// What a native waits for.
pub(super) trait Awaited {
    /// Goes on; when it is ready its results are in place, so many.
    fn poll(
        self: Pin<&mut Self>,
        call: &NativeCall,
        context: &mut Context<'_>,
    ) -> Poll<Result<usize, Pending>>;
}

/// The payload of the userdata that keeps a future; none while it is polled, and once it is ready.
struct Waiting(Option<Pin<Box<dyn Awaited>>>);

/// What is known of [`Waiting`].
const WAITING_TYPE: &PayloadType = &PayloadType::new::<Waiting>(true, None);

/// The number of results of a native that goes on in its continuation.
const GOES_ON: usize = SWITCHED.cast_unsigned();

/// Refuses natives that wait where nothing can wait.
pub(super) fn check_place(call: &NativeCall) -> Result<(), Pending> {
    // SAFETY: V1; only counters are looked at.
    match unsafe { park::context(call.l) } {
        Ok(_) => Ok(()),
        Err(_) => Err(Pending::raised()),
    }
}

/// Lets the running native wait for a future.
pub(super) fn wait_for(call: &NativeCall, future: Pin<Box<dyn Awaited>>) -> Result<usize, Pending> {
    let l = call.l;
    // SAFETY: V1, N1, S1, S2; the frame is the native's, room is made before the store, and the future is rooted by its slot.
    unsafe {
        let at = call.base().add(call.nargs).offset_from((*l).w.stack);
        (*l).w.top = (*l).w.stack.offset(at);
        if stack::ensure(l, 1).is_err() {
            return Err(Pending::raised());
        }
        let object = UserdataObj::new(&mut (*l).heap, Waiting(Some(future)), WAITING_TYPE);
        call::push(l, RawValue::userdata(object));
        (*(*l).w.ci).saved = call.nargs;
        call::set_continuation(l, wait);
    }
    Ok(GOES_ON)
}

/// Where the future of the native in a frame is.
unsafe fn future_of(ci: *mut CallInfo) -> Option<*mut Waiting> {
    let slot = (*ci).base.add((*ci).saved);
    if (*slot).tag != tag::USERDATA {
        return None;
    }
    (*(*slot).as_ptr::<UserdataObj>()).payload()
}

/// Polls the future of the native in the current frame.
unsafe fn wait(l: *mut State) -> isize {
    let context = match park::context(l) {
        Ok(context) => context.cast::<Context<'_>>(),
        Err(_) => return call::RAISED,
    };
    let call = NativeCall { l, nargs: (*(*l).w.ci).saved };
    let Some(mut future) = future_of((*l).w.ci).and_then(|waiting| (*waiting).0.take()) else {
        return call::RAISED;
    };
    let n = guarded(l, || match future.as_mut().poll(&call, &mut *context) {
        Poll::Ready(results) => results,
        Poll::Pending => Ok(WAITING.cast_unsigned()),
    });
    if n == WAITING
        && let Some(place) = future_of((*l).w.ci)
    {
        (*place).0 = Some(future);
        return n;
    }
    drop_future(l, future);
    n
}

/// Drops a future; a panic of its own is told as a warning.
unsafe fn drop_future(l: *mut State, future: Pin<Box<dyn Awaited>>) {
    if let Err(panic) = drop_caught(future) {
        (*l).warnings.take_in(format!("error in drop ({panic})").as_bytes(), false);
    }
}

/// Drops the future that a parked thread waits for, if it waits for one.
pub(super) unsafe fn release(l: *mut State, thread: *mut Coro) {
    let ci = (*thread).words.ci;
    if ci <= (*thread).words.ci_base || !call::goes_on_in(ci, wait) {
        return;
    }
    if let Some(future) = future_of(ci).and_then(|waiting| (*waiting).0.take()) {
        drop_future(l, future);
    }
}

/// A raw native as host code.
struct Raw(AsyncNativeFn);

impl HostFn for Raw {
    fn run(&self, call: &NativeCall) -> Result<usize, Pending> {
        check_place(call)?;
        let l = call.l;
        // SAFETY: V1; the handle is that of the running entry.
        let (vm, slot, depth) = unsafe {
            let slot = call.base().sub(1).offset_from((*l).w.stack);
            ((*l).host.vm, slot as u32, (*l).host.returns.len())
        };
        if vm.is_null() {
            return Err(call.fail("Vm is closing"));
        }
        let future = lending(l, vm, || (self.0)(vm, slot, call.nargs as u32));
        let result = wait_for(call, Box::pin(RawFuture { future, vm, stored: 0 }))?;
        // SAFETY: V1, N1; what the native has stored is above its future from now on.
        unsafe { keep_returns(call, depth) }?;
        Ok(result)
    }
}

/// Runs host code that has the pointer to the handle of the running entry.
fn lending<R>(l: *mut State, vm: *mut Vm, run: impl FnOnce() -> R) -> R {
    // SAFETY: V1; the entry keeps the state and the handle.
    unsafe {
        let relock = Relock::set(l, true);
        let result = run();
        drop(relock);
        if (*vm).state() != l {
            moved_away(l);
        }
        result
    }
}

/// Puts the results that the running native has stored since `depth` above its future: how many there are, if it has stored any.
unsafe fn keep_returns(call: &NativeCall, depth: usize) -> Result<Option<usize>, Pending> {
    let l = call.l;
    let Some(values) = take_returns(l, depth) else { return Ok(None) };
    let at = call.base().add(call.nargs + 1).offset_from((*l).w.stack);
    (*l).w.top = (*l).w.stack.offset(at);
    if stack::ensure(l, values.len()).is_err() {
        return Err(Pending::raised());
    }
    for &value in &values {
        call::push(l, value);
    }
    Ok(Some(values.len()))
}

/// The future of a raw native.
struct RawFuture {
    future: Pin<Box<dyn Future<Output = Result<u32, LuaError>>>>,
    /// The handle that the native was given.
    vm: *mut Vm,
    /// How many results are above the future's slot.
    stored: usize,
}

impl Awaited for RawFuture {
    fn poll(
        mut self: Pin<&mut Self>,
        call: &NativeCall,
        context: &mut Context<'_>,
    ) -> Poll<Result<usize, Pending>> {
        let (l, vm) = (call.l, self.vm);
        // SAFETY: V1; only compared.
        if unsafe { (*l).host.vm } != vm {
            return Poll::Ready(Err(call.fail("the Vm was moved while an async native waited")));
        }
        // SAFETY: V1; the poll keeps the state, of which a length is read.
        let depth = unsafe { (*l).host.returns.len() };
        let polled = lending(l, vm, || self.future.as_mut().poll(context));
        // SAFETY: V1, N1; the native's frame is the current one again.
        match unsafe { keep_returns(call, depth) } {
            Ok(Some(stored)) => self.stored = stored,
            Ok(None) => {}
            Err(pending) => return Poll::Ready(Err(pending)),
        }
        polled.map(|result| match result {
            // SAFETY: V1, N1; the native's frame is the current one.
            Ok(n) => unsafe { deliver_stored(call, self.stored, n as usize) },
            Err(error) => Err(call.raise(error)),
        })
    }
}

/// Puts the first `n` of the `stored` results above the running native's future in place.
unsafe fn deliver_stored(call: &NativeCall, stored: usize, n: usize) -> Result<usize, Pending> {
    let l = call.l;
    (*l).w.top = call.base().add(call.nargs + 1 + stored);
    if stack::ensure(l, n).is_err() {
        return Err(Pending::raised());
    }
    let (f, from) = (call.base().sub(1), call.base().add(call.nargs + 1));
    from.copy_to(f, stored.min(n));
    for i in stored..n {
        *f.add(i) = RawValue::NIL;
    }
    Ok(n)
}

impl Vm {
    /// A raw native that waits for a future: see [`AsyncNativeFn`]. It can be called in a poll alone.
    pub fn create_async_native(&mut self, function: AsyncNativeFn) -> Value {
        // SAFETY: V1, E2; the native is given out before anything can collect.
        Value::Native(Gc::new(unsafe { new_host_fn(self.state(), "", Raw(function)) }))
    }

    /// As [`Vm::create_async_native`], as a global.
    ///
    /// # Errors
    /// The globals cannot grow.
    pub fn set_async_native(
        &mut self,
        name: &str,
        function: AsyncNativeFn,
    ) -> Result<(), LuaError> {
        let native = self.create_async_native(function);
        self.set_global(name, native)
    }
}
