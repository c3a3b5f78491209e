//! Coroutines: a stack, a stack of frames, and where they stand.

use std::ptr::null_mut;

use crate::heap::Heap;
use crate::heap::header::Header;
use crate::value::repr::{RawValue, tag};
use crate::value::upvalue::Upvalue;
use crate::vm::frame::CallInfo;
use crate::vm::hook::Hook;

/// The words the interpreter works on while a thread runs; kept in the thread while it does not.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct ThreadWords {
    /// The current frame.
    pub(crate) ci: *mut CallInfo,
    /// End of the values in use: of open results in a Lua frame, of everything pushed in a native's.
    pub(crate) top: *mut RawValue,
    /// Open upvalues, in order of falling stack address.
    pub(crate) open: *mut Upvalue,
    /// To-be-closed variables as stack indexes, innermost last; null or a boxed vector.
    pub(crate) tbc: *mut Vec<usize>,
    /// Above this no frame may start: the end of the stack less a reserve. It and what follows change only when stack or frames grow.
    pub(crate) stack_last: *mut RawValue,
    /// Last frame slot that may be used.
    pub(crate) ci_end: *mut CallInfo,
    /// The stack's first slot.
    pub(crate) stack: *mut RawValue,
    /// Slots in the stack.
    pub(crate) stack_size: usize,
    /// The first frame.
    pub(crate) ci_base: *mut CallInfo,
    /// Number of frames there is room for.
    pub(crate) ci_size: usize,
}

impl ThreadWords {
    /// Copies what changes while a thread runs; growth tells the thread of the rest itself.
    ///
    /// Frame and top word by word: one that was written just now would not reach a load of two at once before it is in memory.
    ///
    /// # Safety
    /// Both are live.
    #[inline(always)]
    pub(crate) unsafe fn save(to: *mut ThreadWords, from: *const ThreadWords) {
        (*to).ci = (&raw const (*from).ci).read_volatile();
        (*to).top = (&raw const (*from).top).read_volatile();
        ThreadWords::copy(to, from, std::mem::offset_of!(ThreadWords, stack_last));
    }

    /// Copies everything.
    ///
    /// # Safety
    /// As [`ThreadWords::save`].
    #[inline(always)]
    pub(crate) unsafe fn load(to: *mut ThreadWords, from: *const ThreadWords) {
        (*to).ci = (&raw const (*from).ci).read_volatile();
        (*to).top = (&raw const (*from).top).read_volatile();
        ThreadWords::copy(to, from, size_of::<ThreadWords>());
    }

    /// Copies the words from `open` to the byte `end`.
    #[inline(always)]
    unsafe fn copy(to: *mut ThreadWords, from: *const ThreadWords, end: usize) {
        const OPEN: usize = std::mem::offset_of!(ThreadWords, open);
        let (to, from) = (to.byte_add(OPEN).cast::<u64>(), from.byte_add(OPEN).cast::<u64>());
        to.copy_from_nonoverlapping(from, (end - OPEN) / size_of::<u64>());
    }
}

/// Where a coroutine stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CoroState {
    /// Not started, or yielded.
    Suspended,
    /// Running now.
    Running,
    /// Has resumed another.
    Normal,
    /// Put aside by a poll in the middle of something, or has resumed one that is.
    Parked,
    /// Finished or failed.
    Dead,
}

/// A coroutine, the main one included.
#[derive(Debug)]
#[repr(C)]
pub struct Coro {
    pub(crate) header: Header,
    /// Stack and frames; stale while the thread runs, synchronised before a collection.
    pub(crate) words: ThreadWords,
    /// State.
    pub(crate) state: CoroState,
    /// Whether its body has begun.
    pub(crate) started: bool,
    /// Who resumed it, while it runs or is normal.
    pub(crate) resumer: *mut Coro,
    /// The error it died of, for `coroutine.close`.
    pub(crate) error: RawValue,
    /// Whether it died of an error.
    pub(crate) failed: bool,
    /// Whether it has closed itself: nothing catches what ends it.
    pub(crate) ending: bool,
    /// Whether its variables are closed only once the natives that run on its stack have ended.
    pub(crate) closes_late: bool,
    /// The script's debug hook.
    pub(crate) hook: Hook,
    /// Whether `top` is the exact end of what is live, although a Lua function runs: at instructions that allocate.
    pub(crate) exact_top: bool,
    /// Protected calls in progress on its stack.
    pub(crate) catch_levels: usize,
    /// Native levels below it when it was resumed.
    pub(crate) entry_depth: usize,
    /// Native levels at which a method may run that is called to close a variable of it, while it is closed.
    pub(crate) closing_depth: usize,
    /// Where the next poll goes on: this or what it has resumed; null if it is not parked by a poll of its own.
    pub(crate) parked: *mut Coro,
    /// Whether scripts see it as the main coroutine.
    pub(crate) acts_as_main: bool,
}

/// Slots of a fresh stack.
const INITIAL_STACK: usize = 48;
/// Frames of a fresh coroutine.
const INITIAL_FRAMES: usize = 8;
/// Slots kept free above `stack_last`, for metamethod calls and natives.
pub(crate) const STACK_RESERVE: usize = 24;

impl Coro {
    /// A suspended coroutine with an empty stack.
    ///
    /// # Safety
    /// Rooted before the next safe point.
    pub(crate) unsafe fn new(heap: &mut Heap) -> *mut Coro {
        let stack = heap.alloc_buffer(INITIAL_STACK * size_of::<RawValue>()).cast::<RawValue>();
        for i in 0..INITIAL_STACK {
            *stack.add(i) = RawValue::NIL;
        }
        let frames = heap.alloc_buffer(INITIAL_FRAMES * size_of::<CallInfo>()).cast::<CallInfo>();
        for i in 0..INITIAL_FRAMES {
            *frames.add(i) = CallInfo::EMPTY;
        }
        let this = heap.alloc_object(size_of::<Coro>(), tag::CORO).cast::<Coro>();
        (*this).words = ThreadWords {
            ci: frames,
            stack_last: stack.add(INITIAL_STACK - STACK_RESERVE),
            ci_end: frames.add(INITIAL_FRAMES - 1),
            top: stack.add(1),
            open: null_mut(),
            stack,
            stack_size: INITIAL_STACK,
            ci_base: frames,
            ci_size: INITIAL_FRAMES,
            tbc: null_mut(),
        };
        (*frames).base = stack.add(1);
        (*this).state = CoroState::Suspended;
        (*this).started = false;
        (*this).resumer = null_mut();
        (*this).error = RawValue::NIL;
        (*this).failed = false;
        (*this).ending = false;
        (*this).closes_late = false;
        (*this).hook = Hook::NONE;
        (*this).exact_top = false;
        (*this).catch_levels = 0;
        (*this).entry_depth = 0;
        (*this).closing_depth = 0;
        (*this).parked = null_mut();
        (*this).acts_as_main = false;
        heap.list_thread(this);
        this
    }

    /// Slots from the stack's start that may hold values in use: all frames whole, and up to `top`.
    pub(crate) unsafe fn live_slots(this: *mut Coro) -> usize {
        let words = &raw const (*this).words;
        let mut end = (*words).top;
        let ci = (*words).ci;
        if !(*this).exact_top
            && let Some(frame_end) = CallInfo::lua_frame_end(ci)
        {
            end = end.max(frame_end);
        }
        (end.offset_from((*words).stack) as usize).min((*words).stack_size)
    }

    /// Bytes of the list of to-be-closed variables.
    pub(crate) unsafe fn tbc_bytes(this: *mut Coro) -> usize {
        let tbc = (*this).words.tbc;
        if tbc.is_null() {
            0
        } else {
            size_of::<Vec<usize>>() + (*tbc).capacity() * size_of::<usize>()
        }
    }

    /// Frees the stack and frames of a dead thread.
    pub(crate) unsafe fn release(this: *mut Coro, heap: &mut Heap) {
        let words = &raw const (*this).words;
        if (*words).stack.is_null() {
            return;
        }
        heap.free_buffer((*words).stack.cast(), (*words).stack_size * size_of::<RawValue>());
        heap.free_buffer((*words).ci_base.cast(), (*words).ci_size * size_of::<CallInfo>());
        heap.used -= Coro::tbc_bytes(this);
        if !(*words).tbc.is_null() {
            drop(Box::from_raw((*words).tbc));
        }
    }
}
