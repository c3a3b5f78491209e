//! Every numeric limit of the interpreter.

/// Slots of one coroutine's stack.
pub(crate) const MAX_STACK: usize = 1_000_000;
/// Slots beyond it, for the handlers of a stack overflow.
pub(crate) const ERROR_STACK: usize = 200;
/// Nested native, callback and resume levels.
pub(crate) const MAX_NATIVE_DEPTH: usize = 196;
/// Native, callback, resume and protected levels in progress.
pub(crate) unsafe fn levels(l: *mut super::State) -> usize {
    (*l).native_depth + (*l).resume_depth + (*l).catch_depth
}

/// Bytes of a chunk that are loaded unless the host says otherwise.
pub(crate) const LOADER_INPUT_BUDGET: usize = 1 << 28;

/// Hops of an `__index` or `__newindex` chain.
pub(crate) const MAX_META_CHAIN: usize = 2000;
/// Frames of a traceback shown at its start and at its end.
pub(crate) const TRACEBACK_HEAD: usize = 10;
/// As above.
pub(crate) const TRACEBACK_TAIL: usize = 11;
