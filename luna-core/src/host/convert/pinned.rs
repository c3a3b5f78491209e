//! What conversions know of types that are handles.

use crate::host::roots::handles::Handle;
use crate::host::typed::{NativeCall, Pending, Slot};
use crate::host::value::Value;
use crate::vm::error;

/// How a type is made that is a handle of values of one kind.
#[derive(Debug)]
pub struct Pinned<T> {
    /// Whether a value is of the kind.
    pub accepts: fn(Value) -> bool,
    /// From the handle of such a value.
    pub wrap: fn(Handle) -> T,
}

impl<T> Pinned<T> {
    /// From an argument, if it is of the kind.
    #[inline(always)]
    pub(crate) fn wrap_slot(&self, slot: Slot, call: &NativeCall) -> Option<T> {
        let value = Value::from_raw(slot.0);
        if !(self.accepts)(value) {
            return None;
        }
        // SAFETY: V1; the table is the state's own, and the argument is live in it.
        let table = unsafe { &(*call.l).host.handles };
        Some((self.wrap)(Handle::of_live(table, value)))
    }
}

/// The value of a handle as an argument or a result.
#[inline(always)]
pub(crate) fn slot_of(handle: &Handle, call: &NativeCall) -> Result<Slot, Pending> {
    match handle.raw_in(call.l) {
        Ok(raw) => Ok(Slot(raw)),
        Err(reason) => {
            // SAFETY: V1; raising only stores the error.
            unsafe { error::throw_str(call.l, reason.to_string().as_bytes()) };
            Err(Pending::raised())
        }
    }
}
