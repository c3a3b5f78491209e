//! The one place that reaches a Vm through a pointer.
//!
//! - **L1** `current` is null, or points to a live `Vm` that nobody holds a reference to: whoever takes it leaves null behind until done.
//! - **L2** A callback puts the reference it was given there for exactly as long as it does not use it itself.

use std::cell::Cell;
use std::ptr::{NonNull, null_mut};

use luna_core::Vm;

/// Owns a Vm and hands out exclusive access to it, one user at a time.
#[derive(Debug)]
pub(crate) struct VmCell {
    owned: NonNull<Vm>,
    current: Cell<*mut Vm>,
}

/// Puts a pointer back, also while unwinding.
struct Restore<'c> {
    cell: &'c VmCell,
    pointer: *mut Vm,
}

impl Drop for Restore<'_> {
    fn drop(&mut self) {
        self.cell.current.set(self.pointer);
    }
}

impl VmCell {
    /// Takes a Vm.
    pub(crate) fn new(vm: Vm) -> VmCell {
        let owned = NonNull::from(Box::leak(Box::new(vm)));
        VmCell { owned, current: Cell::new(owned.as_ptr()) }
    }

    /// Access to the Vm; `None` while somebody else has it.
    pub(crate) fn with<R>(&self, run: impl FnOnce(&mut Vm) -> R) -> Option<R> {
        let pointer = self.current.replace(null_mut());
        if pointer.is_null() {
            return None;
        }
        let _restore = Restore { cell: self, pointer };
        // SAFETY: L1; null stands in its place until `run` is done.
        Some(run(unsafe { &mut *pointer }))
    }

    /// Makes a callback's Vm available while `run` runs.
    pub(crate) fn lend<R>(&self, vm: &mut Vm, run: impl FnOnce() -> R) -> R {
        // L2: `vm` stays borrowed until `run` is done.
        let _restore =
            Restore { cell: self, pointer: self.current.replace(std::ptr::from_mut(vm)) };
        run()
    }
}

impl Drop for VmCell {
    fn drop(&mut self) {
        self.current.set(null_mut());
        // SAFETY: the box was leaked by `new`, and no access is in progress: each borrows the cell.
        drop(unsafe { Box::from_raw(self.owned.as_ptr()) });
    }
}
