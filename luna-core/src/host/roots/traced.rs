//! Handles that userdata holds: what they name is kept alive by the userdata, not by a root, so that the collector frees cycles.
//!
//! Such a handle pins its value until a userdata it is in has been asked by the collector, and again from when that may change: while the
//! userdata is borrowed exclusively. One that leaves its userdata by an exclusive borrow is therefore as good as an ordinary handle. Only
//! one that is got out through a cell, or read when its userdata is dropped, may find its value gone: so a read checks.

use std::cell::Cell;
use std::fmt;
use std::rc::Rc;

use crate::host::roots::HostRootTicket;
use crate::host::roots::handles::{Handle, HandleTable, Unavailable};
use crate::host::userdata::UserdataMarker;
use crate::host::value::Value;
use crate::host::vm::Vm;

/// A handle to be held by userdata, which tells the collector of it in [`LuaUserdata::trace`](crate::vm::LuaUserdata::trace).
pub struct TracedHandle {
    table: Rc<HandleTable>,
    value: Value,
    pin: Cell<Option<HostRootTicket>>,
}

impl fmt::Debug for TracedHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The value is not looked at: it may be gone.
        f.debug_tuple("TracedHandle").field(&self.value.type_name()).finish()
    }
}

impl Drop for TracedHandle {
    fn drop(&mut self) {
        self.unpin();
    }
}

impl Clone for TracedHandle {
    /// A handle of the same value. While the Vm is busy it may name what is gone, as the first.
    fn clone(&self) -> TracedHandle {
        let ticket = self.get().ok().map(|_kept| self.table.pin(self.value));
        TracedHandle { table: Rc::clone(&self.table), value: self.value, pin: Cell::new(ticket) }
    }
}

impl From<Handle> for TracedHandle {
    fn from(handle: Handle) -> TracedHandle {
        let table = Rc::clone(handle.table());
        let value = handle.peek().unwrap_or(Value::Nil);
        let pin = Cell::new(Some(table.pin(value)));
        TracedHandle { table, value, pin }
    }
}

impl TracedHandle {
    /// A handle of the value that keeps it.
    ///
    /// # Errors
    /// The Vm is gone, somebody else has it, or the value is gone.
    pub fn get(&self) -> Result<Handle, Unavailable> {
        if self.pin.get().is_some() && self.table.is_open() {
            return Ok(Handle::of_live(&self.table, self.value));
        }
        self.table.with(|vm| {
            let live = vm.is_live(self.value);
            live.then(|| Handle::new(vm, self.value)).ok_or(Unavailable::Expired)
        })?
    }

    /// The value for use in `vm`.
    ///
    /// # Errors
    /// The Vm is gone, the handle belongs to another Vm, or the value is gone.
    pub fn value_in(&self, vm: &Vm) -> Result<Value, Unavailable> {
        if !self.table.is_open() {
            return Err(Unavailable::Gone);
        }
        if !self.table.is_of(vm.state()) {
            return Err(Unavailable::Foreign);
        }
        vm.is_live(self.value).then_some(self.value).ok_or(Unavailable::Expired)
    }

    /// Tells the collector of the value; `false` if it is gone or of another Vm.
    pub fn trace(&self, marker: &mut UserdataMarker<'_>) -> bool {
        if !self.table.is_of(marker.state()) {
            return false;
        }
        if marker.is_collecting() {
            let live = marker.mark_value(self.value);
            self.unpin();
            return live;
        }
        if self.pin.get().is_none() {
            if !marker.is_live(self.value) {
                return false;
            }
            self.pin.set(Some(self.table.pin(self.value)));
        }
        true
    }

    /// Leaves the value to the userdata.
    fn unpin(&self) {
        if let Some(ticket) = self.pin.take() {
            self.table.unpin(ticket);
        }
    }
}
