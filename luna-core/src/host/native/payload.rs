//! Userdata of the library: host values that scripts hold.

use std::any::Any;

use crate::host::native::Cx;
use crate::host::native::view::{TableRef, Val};
use crate::value::repr::{RawValue, tag};
use crate::value::userdata::UserdataObj;

impl Cx<'_> {
    /// A userdata that owns `payload`; the payload is dropped with it.
    pub(crate) fn new_userdata(&self, payload: Box<dyn Any>, meta: TableRef<'_>) -> Val<'_> {
        let size = size_of_val(&*payload);
        // SAFETY: N2, H4; allocation through a shared borrow does not collect, and the barrier follows the store.
        unsafe {
            let object = UserdataObj::new(&mut (*self.l).heap, payload, size);
            (*object).meta = meta.table;
            (*self.l).heap.barrier(object.cast(), RawValue::table(meta.table));
            Val::new(RawValue::userdata(object))
        }
    }

    /// Works on the payload of the userdata at a position; `None` if that holds no `T`.
    pub(crate) fn with_payload<T: Any, R>(
        &self,
        i: usize,
        work: impl FnOnce(&mut T) -> R,
    ) -> Option<R> {
        let raw = self.get(i).raw;
        if raw.tag != tag::USERDATA {
            return None;
        }
        // SAFETY: N2; the object is in a slot. The payload is out of it while `work` runs, so nothing else reaches it.
        unsafe {
            let object: *mut UserdataObj = raw.as_ptr();
            let mut payload = (*object).payload.take()?;
            let result = payload.downcast_mut::<T>().map(work);
            (*object).payload = Some(payload);
            result
        }
    }
}
