//! Entries: how the host lets Lua run, and the end of a state that nothing uses any more.

use std::mem::ManuallyDrop;
use std::ptr::null_mut;

use crate::host::futures::eval;
use crate::host::io::host_io;
use crate::host::value::{Gc, Value};
use crate::host::vm::{LuaError, Vm, forget_live};
use crate::vm::error::LuaErrorKind;
use crate::vm::{State, budget, safepoint};

/// Dropped by a panic that leaves the interpreter: nothing of what it was working on can be trusted, so nothing runs any more.
struct Poison(*mut State);

impl Drop for Poison {
    fn drop(&mut self) {
        // SAFETY: E1; the entry that this is part of keeps the state.
        unsafe {
            (*self.0).host.entries -= 1;
            (*self.0).host.poisoned = true;
        }
    }
}

/// Frees a state that has lost its handle, once no run and no guard uses it.
///
/// # Safety
/// `l` is live; if it is freed here, the caller does not use it again.
#[inline(always)]
pub(crate) unsafe fn release_orphan(l: *mut State) {
    let host = &raw mut (*l).host;
    if (*host).orphaned && (*host).entries == 0 && !(*host).is_kept() {
        take_apart(l);
    }
}

/// Frees an orphaned state that nothing uses.
#[cold]
unsafe fn take_apart(l: *mut State) {
    let host = &raw mut (*l).host;
    if (*host).poisoned {
        // Whatever it was working on cannot be taken apart safely: its memory is given up.
        forget_live(l);
        (*host).handles.detach();
        return;
    }
    // Finalizers get a handle of their own. One that moves it out takes the state over.
    // Finalizers are a script's code: they stay under the limits.
    (*host).handles.arm(l);
    let mut lent = ManuallyDrop::new(Vm::of_state(l));
    (*host).locked = true;
    (*host).vm = &raw mut *lent;
    (*host).entries = 1;
    (*host).orphaned = false;
    safepoint::run_all_finalizers(l);
    (*host).entries = 0;
    (*host).vm = null_mut();
    (*host).handles.disarm(l);
    budget::disarm(l);
    if lent.state != l {
        ManuallyDrop::drop(&mut lent);
        (*host).shared = false;
        (*host).locked = true;
        if !(*host).orphaned {
            return;
        }
    }
    (*host).orphaned = false;
    if (*host).is_kept() {
        // A finalizer has taken a guard, or the Vm itself: the state is kept for it, and nothing runs in it any more.
        (*host).orphaned = true;
        (*host).handles.detach();
        return;
    }
    forget_live(l);
    let kept = (std::mem::take(&mut (*host).app_data), (*host).cause.take());
    (*host).handles.detach();
    let place = (*host).place;
    State::destroy(l);
    drop(kept);
    if !place.is_null() {
        // Only the place: the handle in it is the one whose state has just been freed, or was given another since.
        drop(Box::from_raw(place.cast::<ManuallyDrop<Vm>>()));
    }
}

impl Vm {
    /// Runs something that may run Lua: natives are lent this handle meanwhile. A panic that comes out of it is ours: it poisons the Vm.
    #[inline]
    pub(in crate::host) fn enter<R>(
        &mut self,
        run: impl FnOnce(*mut State) -> R,
    ) -> Result<R, LuaError> {
        // SAFETY: V1; the handle is borrowed exclusively.
        unsafe { enter_through(self, self.state, true, run) }
    }

    /// Does the collector's share of work for what the host has made, if it is due. What was last reported stays as it is.
    #[cold]
    #[inline(never)]
    pub(in crate::host) fn pay_debt(&mut self) {
        // SAFETY: V1; the handle is borrowed exclusively. Everything that is live between two accesses is pinned, or lies in a frame or below
        // the top.
        let paid = unsafe { enter_through(self, self.state, false, |l| safepoint::poll(l)) };
        debug_assert!(paid.is_ok() || self.read().host.sealed || self.read().host.poisoned);
    }
}

/// As [`Vm::enter`], through a handle that natives may have pointers to; `reports` whether it begins a report of its own.
///
/// # Safety
/// The handle is there and that of `l`, and nobody uses it meanwhile but whom it is lent to.
#[inline]
pub(in crate::host) unsafe fn enter_through<R>(
    vm: *mut Vm,
    l: *mut State,
    reports: bool,
    run: impl FnOnce(*mut State) -> R,
) -> Result<R, LuaError> {
    if (*l).host.sealed {
        return Err(LuaError((*vm).new_string(b"Vm is busy")));
    }
    if (*l).host.poisoned {
        return Err(LuaError(Value::Str(Gc::new((*l).host.poison_text))));
    }
    // E1: the entry keeps the state. The handle may be given another state meanwhile, so it is not looked at again.
    let outer = std::mem::replace(&mut (*l).host.vm, vm);
    if (*l).host.entries == 0 {
        if reports {
            (*l).error_kind = LuaErrorKind::Runtime;
            (*l).report = None;
        }
        if !(*l).host.waiting_run.is_null() {
            eval::give_up_leaked(l);
        }
        (*l).host.handles.arm(l);
        // What the host allocated counts now.
        budget::look_at_memory(l);
    }
    (*l).host.entries += 1;
    let poison = Poison(l);
    let result = run(l);
    std::mem::forget(poison);
    (*l).host.entries -= 1;
    if (*l).host.entries == 0 {
        (*l).host.handles.disarm(l);
        budget::disarm(l);
        if (*l).services.take_unflushed() {
            // Output is seen when the host goes on; a failure has nobody to be told.
            let _ = host_io::flush(&raw mut (*l).services);
        }
    }
    (*l).host.vm = outer;
    release_orphan(l);
    Ok(result)
}
