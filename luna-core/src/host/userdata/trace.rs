//! What the collector sees of payloads.
//!
//! A type whose `TRACES` is set marks what its values refer to. The collector asks it while it marks (`trace_payload`). A borrowed object
//! may change at any time, so it stays grey until the atomic step, and one that was borrowed is asked again. An exclusively borrowed
//! payload cannot be looked at: it counts as referring to what it referred to when the borrow began.
//!
//! A type's own code is never trusted: values are checked, panics caught, and the Vm is locked while it runs.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{LuaUserdata, TypeOf, borrow};
use crate::heap::Heap;
use crate::host::panics::panic_text;
use crate::host::roots::handles::Seal;
use crate::host::value::{Gc, Value};
use crate::value::repr::RawValue;
use crate::value::userdata::UserdataObj;
use crate::vm::State;

/// Most bytes that one object is charged for outside the heap, so that a wrong answer cannot overflow the account.
const MOST_EXTERNAL: usize = 1 << 40;

/// Where a payload tells what it refers to.
#[derive(Debug)]
pub struct UserdataMarker<'m> {
    l: *mut State,
    to: Target<'m>,
}

/// What happens to what is marked.
#[derive(Debug)]
enum Target<'m> {
    /// The collector marks it.
    Heap(&'m mut Heap),
    /// It is noted, as long as its owner cannot be asked.
    Edges(&'m mut Vec<RawValue>),
}

impl UserdataMarker<'_> {
    /// Keeps an object alive as long as the userdata; `false` for a stale handle, which is ignored.
    pub fn mark<T>(&mut self, object: Gc<T>) -> bool
    where
        Value: From<Gc<T>>,
    {
        self.mark_value(object.into())
    }

    /// Keeps a value alive as long as the userdata; `false` for a stale handle, which is ignored.
    pub fn mark_value(&mut self, value: Value) -> bool {
        // SAFETY: H1, V1; the check finds the object live, in the heap of the state that asks.
        unsafe {
            match &mut self.to {
                Target::Heap(heap) => {
                    let raw = value.checked(heap);
                    raw.is_some_and(|raw| {
                        heap.mark_value(raw);
                        true
                    })
                }
                Target::Edges(edges) => value.checked(&(*self.l).heap).is_some_and(|raw| {
                    if raw.is_object() {
                        edges.push(raw);
                    }
                    true
                }),
            }
        }
    }

    /// The state whose collector asks.
    pub(in crate::host) fn state(&self) -> *mut State {
        self.l
    }

    /// Whether a value is live in the Vm.
    pub(in crate::host) fn is_live(&self, value: Value) -> bool {
        // SAFETY: V1; the heap is only looked at, through the collector's own reference if that asks.
        unsafe {
            match &self.to {
                Target::Heap(heap) => value.checked(heap).is_some(),
                Target::Edges(_) => value.checked(&(*self.l).heap).is_some(),
            }
        }
    }

    /// Whether the collector marks, so that what is told now holds until the object is asked again.
    pub(in crate::host) fn is_collecting(&self) -> bool {
        matches!(self.to, Target::Heap(_))
    }
}

/// Runs a type's own code, which has no access to the Vm; a panic is logged as a warning.
unsafe fn ask<T: LuaUserdata, R>(l: *mut State, what: &str, run: impl FnOnce() -> R) -> Option<R> {
    let _seal = Seal::set(l);
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(answer) => Some(answer),
        Err(panic) => {
            // The type's name is its own code, too.
            let name = catch_unwind(T::type_name).unwrap_or_else(|_| std::any::type_name::<T>());
            let text = format!("error in {what} of {name} ({})", panic_text(panic));
            // Nothing may run here that could show it.
            (*l).warnings.take_in(text.as_bytes(), false);
            None
        }
    }
}

/// Bytes to charge for a value besides its object.
unsafe fn charge_of<T: LuaUserdata>(l: *mut State, value: *const T) -> usize {
    let external = ask::<T, _>(l, "external_bytes", || (*value).external_bytes());
    let boxed = if TypeOf::<T>::TYPE.is_inline() { 0 } else { size_of::<T>() };
    boxed + external.unwrap_or(0).min(MOST_EXTERNAL)
}

/// Charges a new object.
pub(super) unsafe fn attach<T: LuaUserdata>(l: *mut State, object: *mut UserdataObj) {
    if let Ok(data) = borrow::payload::<T>(object) {
        let bytes = charge_of::<T>(l, data);
        (*object).charge(&mut (*l).heap, bytes);
    }
}

/// Marks what a payload refers to.
///
/// # Safety
/// H3; the object is live and of the type, and `heap` is its own, which marks.
pub(super) unsafe fn trace_payload<T: LuaUserdata>(object: *mut UserdataObj, heap: &mut Heap) {
    let l = (*(*object).members).owner;
    let Ok(data) = borrow::payload::<T>(object) else { return };
    if (*object).borrow < 0 {
        // What it referred to before is among the roots.
        return;
    }
    (*l).host.tracing = true;
    ask::<T, _>(l, "trace", || {
        (*data).trace(&mut UserdataMarker { l, to: Target::Heap(&mut *heap) });
    });
    let bytes = charge_of::<T>(l, data);
    (*l).host.tracing = false;
    (*object).charge(heap, bytes);
}

/// A borrow begins: what the collector has seen of the object may change.
#[inline(always)]
pub(super) unsafe fn before_borrow<T: LuaUserdata>(object: *mut UserdataObj, exclusive: bool) {
    if (*object).trace().is_none() {
        return;
    }
    let l = (*(*object).members).owner;
    if (*object).header.is_black() {
        (*l).heap.barrier_back(object.cast());
    }
    if exclusive && let Ok(data) = borrow::payload::<T>(object) {
        let mut edges = Vec::new();
        ask::<T, _>(l, "trace", || {
            (*data).trace(&mut UserdataMarker { l, to: Target::Edges(&mut edges) });
        });
        if !edges.is_empty() {
            (*l).host.edges.insert(object, edges);
        }
    }
}

/// A borrow has ended: the collector asks again, and what the value says it holds is charged.
#[inline(always)]
pub(super) unsafe fn after_borrow<T: LuaUserdata>(object: *mut UserdataObj, exclusive: bool) {
    if (*object).trace().is_none() {
        return;
    }
    let l = (*(*object).members).owner;
    if exclusive && !(*l).host.edges.is_empty() {
        (*l).host.edges.remove(&object);
    }
    if (*l).host.tracing {
        // A guard that is dropped by a payload while the collector asks that: the heap is in use.
        return;
    }
    if exclusive && let Ok(data) = borrow::payload::<T>(object) {
        let bytes = charge_of::<T>(l, data);
        (*object).charge(&mut (*l).heap, bytes);
    }
    if (*object).header.is_black() {
        (*l).heap.barrier_back(object.cast());
    }
}

/// The collector asks an object again after access that no flag tells of.
pub(super) unsafe fn changed(object: *mut UserdataObj) {
    if (*object).trace().is_some() && (*object).header.is_black() {
        (*(*(*object).members).owner).heap.barrier_back(object.cast());
    }
}
