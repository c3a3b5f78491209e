//! Userdata whose value belongs to somebody else and is there only for a while.

use std::ptr::null_mut;

use crate::host::roots::handles::Handle;
use crate::host::userdata::{LuaUserdata, TypeOf};
use crate::host::value::{Gc, Value};
use crate::host::vm::Vm;
use crate::value::userdata::UserdataObj;

/// A userdata over a lent value. Dropping this ends the loan: what Lua still holds has expired.
#[derive(Debug)]
pub struct LentUserdata {
    handle: Handle,
}

impl LentUserdata {
    /// The userdata.
    #[must_use]
    pub fn handle(&self) -> &Handle {
        &self.handle
    }
}

impl Drop for LentUserdata {
    fn drop(&mut self) {
        if let Some(Value::Userdata(object)) = self.handle.peek() {
            let object: *mut UserdataObj = object.as_ptr();
            // SAFETY: A1; the handle keeps the object. No call borrows it any more, and guards never do.
            unsafe { (*object).data = null_mut() }
        }
    }
}

impl Vm {
    /// A userdata over a value that belongs to somebody else: methods see it as any other, but it can be neither taken nor borrowed by
    /// guards.
    ///
    /// # Safety
    /// `value` is valid until the result is dropped, which happens while no call that was made after this is in progress: for reads, and
    /// if `exclusive` for writes, nobody else using it as long.
    pub unsafe fn lend_userdata<T: LuaUserdata>(
        &mut self,
        value: *mut T,
        exclusive: bool,
    ) -> LentUserdata {
        let class = self.class::<T>();
        let l = self.state();
        // SAFETY: V1, E2; the handle roots the object, and ends the loan before the value goes.
        let object = unsafe {
            let object = UserdataObj::lent(&mut (*l).heap, value.cast(), TypeOf::<T>::TYPE);
            (*object).meta = (*class).meta;
            (*object).members = class;
            if !exclusive || (*class).frozen {
                (*object).set_read_only();
            }
            object
        };
        LentUserdata { handle: Handle::new(self, Value::Userdata(Gc::new(object))) }
    }
}
