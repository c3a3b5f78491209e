//! Safe points: where the collector runs, finalizers are called, limits are looked at.

use super::budget::{self, Trip};
use super::error::Raised;
use super::frame::frame_flag;
use super::meta::{self, Event};
use super::{State, call, hook, stack};
use crate::heap::header::flag;
use crate::heap::{Heap, Roots, pace};
use crate::host::vm::mark_capi_stack;
use crate::value::repr::RawValue;

/// The roots of a state.
struct StateRoots(*mut State);

impl Roots for StateRoots {
    fn mark_roots(&self, heap: &mut Heap) {
        let l = self.0;
        // SAFETY: the state is live and everything it names is live (H3). `heap` is its own heap, reached only through this
        // reference here.
        unsafe {
            heap.mark_object((*l).main.cast());
            heap.mark_object((*l).current.cast());
            heap.mark_object((*l).globals.cast());
            heap.mark_object((*l).registry.cast());
            for meta in (*l).type_meta {
                if !meta.is_null() {
                    heap.mark_object(meta.cast());
                }
            }
            let names = &raw const (*l).names;
            for &name in (*names).all() {
                heap.mark_object(name.cast());
            }
            if !heap.mode_key.is_null() {
                heap.mark_object(heap.mode_key.cast());
            }
            heap.mark_value((*l).error);
            if !(*l).anonymous_native.is_null() {
                heap.mark_object((*l).anonymous_native.cast());
            }
            let host = &raw const (*l).host;
            (*host).mark(heap);
            mark_capi_stack(l, heap);
        }
    }
}

/// Whether it is time for the collector.
#[inline(always)]
pub(crate) unsafe fn is_due(l: *mut State) -> bool {
    cfg!(gc_zeal) || (*l).heap.used > (*l).heap.threshold
}

/// A safe point of a slow path or after a native: collects if it is time.
#[inline(always)]
pub(crate) unsafe fn poll(l: *mut State) {
    if is_due(l) {
        step(l);
    }
}

/// The safe point of an instruction that made an object in a register: registers are a stack, so nothing above it is live.
#[inline(always)]
pub(crate) unsafe fn poll_at(l: *mut State, register: *mut RawValue) {
    if is_due(l) {
        (*l).w.top = register.add(1);
        (*(*l).current).exact_top = true;
        step(l);
    }
}

/// One collector step, then finalizers.
#[inline(never)]
unsafe fn step(l: *mut State) {
    if budget::is_tripped(l) {
        // Nothing is freed until the host has control again; the little that is still allocated is counted.
        return;
    }
    collect_some(l);
    (*(*l).current).exact_top = false;
    after_collection(l);
    if (*l).heap.exhausted {
        recover(l);
    }
    trip_over_cap(l);
}

/// A safe point while an error is pending: collects if it is time, and leaves to the next what runs other code.
#[inline(always)]
pub(crate) unsafe fn poll_pending(l: *mut State) {
    if is_due(l) && !budget::is_tripped(l) {
        collect_pending(l);
    }
}

#[cold]
unsafe fn collect_pending(l: *mut State) {
    collect_some(l);
    trip_over_cap(l);
}

/// The collector's part of a safe point.
unsafe fn collect_some(l: *mut State) {
    (*(*l).current).words = (*l).w;
    let heap = &mut (*l).heap;
    #[cfg(gc_zeal)]
    if !heap.stopped {
        heap.zealous_step(&StateRoots(l));
    }
    #[cfg(not(gc_zeal))]
    heap.step(&StateRoots(l));
    if heap.exceeds_cap(0) {
        heap.full(&StateRoots(l));
    }
}

/// Trips if the heap is over its cap after a collection: the next instruction raises it, or the native that is running on its return.
unsafe fn trip_over_cap(l: *mut State) {
    if (*l).heap.exceeds_cap(0) && !budget::is_tripped(l) {
        budget::trip(l, Trip::Memory);
    }
}

/// After the allocator refused: collects all there is; if that does not help, the next instruction raises it.
#[cold]
unsafe fn recover(l: *mut State) {
    (*l).heap.full(&StateRoots(l));
    after_collection(l);
    if !(*l).heap.recovers() {
        budget::run_out_of_memory(l);
    }
}

/// A full collection with its finalizers.
pub(crate) unsafe fn full(l: *mut State) {
    (*(*l).current).words = (*l).w;
    let heap = &mut (*l).heap;
    heap.full(&StateRoots(l));
    after_collection(l);
}

/// The collector's work for so many allocated bytes, or a usual step, as a script asked for it; whether a cycle over all objects ended.
pub(crate) unsafe fn step_of(l: *mut State, bytes: usize) -> bool {
    (*(*l).current).words = (*l).w;
    let heap = &mut (*l).heap;
    let ended = heap.step_of(bytes.max(pace::STEP), &StateRoots(l));
    let ended = ended && !heap.pace.generational;
    after_collection(l);
    ended
}

/// Drops dead payloads and calls due finalizers.
unsafe fn after_collection(l: *mut State) {
    if !(*l).heap.dead_payloads.is_empty() {
        let payloads = std::mem::take(&mut (*l).heap.dead_payloads);
        for payload in payloads {
            // A panic of one payload's own code must not keep the others, or the script, from going on.
            if let Err(panic) = crate::host::panics::drop_caught(payload) {
                (*l).warnings.take_in(format!("error in drop ({panic})").as_bytes(), false);
            }
        }
    }
    if !(*l).heap.due.is_empty() && !(*l).finalizing {
        run_finalizers(l);
    }
}

/// Calls every due finalizer; their errors become warnings.
pub(crate) unsafe fn run_finalizers(l: *mut State) {
    // They stay due where natives are refused.
    if budget::is_tripped(l) || (*(*l).current).closes_late {
        return;
    }
    (*l).finalizing = true;
    let paused = hook::is_on(l).then(|| hook::pause(l));
    let due = &raw mut (*l).heap.due;
    while let Some(object) = (*due).pop_front() {
        (*object).flags &= !flag::FINALIZER;
        let value = RawValue::object((*object).kind, object);
        let handler = meta::handler(l, value, Event::Gc);
        if handler.is_nil() {
            continue;
        }
        let saved_top = (*l).w.top.offset_from((*l).w.stack);
        let end = stack::frame_end(l);
        (*l).w.top = end.max((*l).w.top);
        let at = (*l).w.ci.offset_from((*l).w.ci_base);
        (*(*l).w.ci).flags |= frame_flag::FINALIZER;
        let outcome = budget::within_finalizer_budget(l, |l| call::isolated(l, handler, &[value]));
        (*(*l).w.ci_base.offset(at)).flags &= !frame_flag::FINALIZER;
        if outcome.is_err() {
            super::warning::warn_of_error(l, "__gc");
            (*l).error = RawValue::NIL;
        }
        // What fails never gets to a safe point of its own.
        poll(l);
        (*l).w.top = (*l).w.stack.offset(saved_top);
        if budget::is_tripped(l) {
            break;
        }
    }
    if let Some(paused) = paused {
        hook::unpause(l, paused);
    }
    (*l).finalizing = false;
}

/// At the end of a state: every object with a finalizer is due, last marked first.
pub(crate) unsafe fn run_all_finalizers(l: *mut State) {
    let heap = &raw mut (*l).heap;
    (*heap).stopped = true;
    run_finalizers(l);
    // One by one, for there may be no memory to list them all a second time.
    for object in (*heap).take_finalizable().into_iter().rev() {
        (*heap).due.push_back(object);
        run_finalizers(l);
    }
}

/// Before a large allocation in a native: collects if needed, refuses what the memory cap forbids.
pub(crate) unsafe fn reserve(l: *mut State, bytes: usize) -> Result<(), Raised> {
    if (*l).heap.used.saturating_add(bytes) > (*l).heap.threshold || cfg!(gc_zeal) {
        step(l);
    }
    if (*l).heap.exceeds_cap(bytes) && !budget::is_tripped(l) {
        full(l);
        if (*l).heap.exceeds_cap(bytes) {
            budget::trip(l, Trip::Memory);
        }
    }
    if budget::is_tripped(l) {
        return Err(budget::raise_trip(l));
    }
    budget::check_memory(l)?;
    // What is made of it may be copied once.
    let pieces = bytes.saturating_mul(2);
    if !(*l).heap.can_allocate(pieces) {
        full(l);
        if !(*l).heap.can_allocate(pieces) {
            return Err(super::error::throw_out_of_memory(l));
        }
    }
    Ok(())
}
