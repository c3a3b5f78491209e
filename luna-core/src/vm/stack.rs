//! The value stack: room, growth, moving.
//!
//! - **S1** `stack_last` leaves [`STACK_RESERVE`] slots to the end: metamethod calls and a native's first pushes go there
//!   unchecked.
//! - **S2** Growth happens only in slow paths; it fixes the bases of all frames, open upvalues and `top`.

use super::State;
use super::error::{Raised, throw_message};
use super::frame::CallInfo;
use super::limits::{ERROR_STACK, MAX_STACK};
use crate::value::repr::RawValue;
use crate::value::thread::STACK_RESERVE;

/// The policy of `--cfg stack_zeal`.
#[cfg(stack_zeal)]
mod zeal {
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// Slots of stack for which the period grows by one growth check; smaller stacks move at each.
    const SLOTS: usize = 1024;
    /// Growth checks so far.
    static CHECKS: AtomicUsize = AtomicUsize::new(0);

    /// Whether a stack of `size` slots moves at this growth check.
    pub(super) fn is_time(size: usize) -> bool {
        CHECKS.fetch_add(1, Ordering::Relaxed) % (1 + size / SLOTS) == 0
    }
}

/// Slots a native may push unchecked.
pub(crate) const NATIVE_RESERVE: usize = 20;

const _: () = assert!(NATIVE_RESERVE < STACK_RESERVE);

/// Makes room for `n` slots above `top`. That many values are there, so the sum does not wrap.
#[inline(always)]
pub(crate) unsafe fn ensure(l: *mut State, n: usize) -> Result<(), Raised> {
    if cfg!(stack_zeal) || (*l).w.top.wrapping_add(n) > (*l).w.stack_last {
        return grow(l, (*l).w.top.offset_from((*l).w.stack) as usize + n);
    }
    Ok(())
}

/// Gives the stack at least `needed` slots below `stack_last`.
#[inline(never)]
pub(crate) unsafe fn grow(l: *mut State, needed: usize) -> Result<(), Raised> {
    let size = (*l).w.stack_size;
    let wanted = needed + STACK_RESERVE;
    if wanted <= size {
        // Only `stack_zeal` asks for what is there: the stack moves all the same.
        #[cfg(stack_zeal)]
        if zeal::is_time(size) {
            resize(l, size);
        }
        return Ok(());
    }
    if wanted > MAX_STACK {
        if size < MAX_STACK + ERROR_STACK {
            check_memory(l, MAX_STACK + ERROR_STACK)?;
            resize(l, MAX_STACK + ERROR_STACK);
        } else if wanted > MAX_STACK + ERROR_STACK {
            return Err(super::error::throw_str(l, b"error in error handling"));
        }
        return Err(throw_message(l, b"stack overflow"));
    }
    let wanted = wanted.max(size * 2).min(MAX_STACK);
    check_memory(l, wanted)?;
    resize(l, wanted);
    Ok(())
}

/// Raises if the allocator has not what a stack of so many slots takes.
unsafe fn check_memory(l: *mut State, slots: usize) -> Result<(), Raised> {
    if (*l).heap.can_allocate(slots * size_of::<RawValue>()) {
        return Ok(());
    }
    Err(super::error::throw_out_of_memory(l))
}

/// As [`ensure`] at a safe point: the memory cap is asked first.
pub(crate) unsafe fn ensure_for_call(l: *mut State, n: usize) -> Result<(), Raised> {
    let used = (*l).w.top.offset_from((*l).w.stack) as usize;
    if cfg!(stack_zeal) || used + n + STACK_RESERVE > (*l).w.stack_size {
        return grow_for_call(l, used + n);
    }
    Ok(())
}

/// As [`grow`] at a safe point: the memory cap is asked first.
#[inline(never)]
pub(crate) unsafe fn grow_for_call(l: *mut State, needed: usize) -> Result<(), Raised> {
    let size = (*l).w.stack_size;
    let wanted = (needed + STACK_RESERVE).max(size * 2).min(MAX_STACK);
    let bytes = wanted.saturating_sub(size) * size_of::<RawValue>();
    let whole = wanted * size_of::<RawValue>();
    if (*l).heap.exceeds_cap(bytes) || !(*l).heap.can_allocate(whole) {
        super::safepoint::reserve(l, bytes)?;
    }
    grow(l, needed)
}

/// Gives back the room for overflow handlers, once an error has been caught.
#[inline(always)]
pub(crate) unsafe fn shrink(l: *mut State) {
    if (*l).w.stack_size > MAX_STACK {
        shrink_to_limit(l);
    }
}

#[cold]
#[inline(never)]
unsafe fn shrink_to_limit(l: *mut State) {
    let end = frame_end(l).max((*l).w.top).offset_from((*l).w.stack) as usize;
    if end + STACK_RESERVE <= MAX_STACK {
        resize(l, MAX_STACK);
    }
}

/// Moves the stack to a buffer of `size` slots.
unsafe fn resize(l: *mut State, size: usize) {
    let (old, old_size) = ((*l).w.stack, (*l).w.stack_size);
    let bytes = size_of::<RawValue>();
    let new = (*l).heap.alloc_buffer(size * bytes).cast::<RawValue>();
    for i in 0..size {
        *new.add(i) = if i < old_size { *old.add(i) } else { RawValue::NIL };
    }
    let moved = |p: *mut RawValue| new.offset(p.offset_from(old));
    (*l).w.top = moved((*l).w.top);
    let mut ci = (*l).w.ci_base;
    while ci <= (*l).w.ci {
        (*ci).base = moved((*ci).base);
        ci = ci.add(1);
    }
    let mut upvalue = (*l).w.open;
    while !upvalue.is_null() {
        (*upvalue).slot = moved((*upvalue).slot);
        upvalue = (*upvalue).next;
    }
    (*l).heap.free_buffer(old.cast(), old_size * bytes);
    (*l).w.stack = new;
    (*l).w.stack_size = size;
    (*l).w.stack_last = new.add(size - STACK_RESERVE);
    (*(*l).current).words = (*l).w;
}

/// The next frame's slot, above the current frame.
pub(crate) unsafe fn push_frame(l: *mut State) -> Result<*mut CallInfo, Raised> {
    if (*l).w.ci == (*l).w.ci_end {
        grow_frames(l)?;
    }
    (*l).w.ci = (*l).w.ci.add(1);
    let ci = (*l).w.ci;
    (*ci).extra = 0;
    (*ci).flags = 0;
    Ok(ci)
}

/// Makes room for more frames.
#[inline(never)]
pub(crate) unsafe fn grow_frames(l: *mut State) -> Result<(), Raised> {
    let (old, size) = ((*l).w.ci_base, (*l).w.ci_size);
    let bytes = size_of::<CallInfo>();
    if (*l).heap.exceeds_cap(size * bytes) || !(*l).heap.can_allocate(size * 2 * bytes) {
        super::safepoint::reserve(l, size * bytes)?;
    }
    let new =
        (*l).heap.resize_buffer(old.cast(), size * bytes, size * 2 * bytes).cast::<CallInfo>();
    for i in size..size * 2 {
        *new.add(i) = CallInfo::EMPTY;
    }
    (*l).w.ci = new.add(size - 1);
    (*l).w.ci_base = new;
    (*l).w.ci_size = size * 2;
    (*l).w.ci_end = new.add(size * 2 - 1);
    (*(*l).current).words = (*l).w;
    Ok(())
}

/// End of what the current frame uses.
pub(crate) unsafe fn frame_end(l: *mut State) -> *mut RawValue {
    let ci = (*l).w.ci;
    match CallInfo::lua_frame_end(ci) {
        Some(end) => end,
        None => (*l).w.top,
    }
}
