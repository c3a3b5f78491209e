//! Userdata of the library: host values that scripts hold.

use std::any::Any;
use std::marker::PhantomData;
use std::ptr::null_mut;

use crate::host::native::Cx;
use crate::host::native::view::{TableRef, Val};
use crate::value::repr::{RawValue, tag};
use crate::value::userdata::{PayloadType, UserdataObj};

impl Cx<'_> {
    /// A userdata that owns `payload`; the payload is dropped with it.
    pub(crate) fn new_userdata<T: Any>(&self, payload: T, meta: TableRef<'_>) -> Val<'_> {
        // SAFETY: N2, H4; allocation through a shared borrow does not collect, and the barrier follows the store.
        unsafe {
            let object = UserdataObj::new(&mut (*self.l).heap, payload, Library::<T>::TYPE);
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
        /// Puts the payload back, also while unwinding.
        struct Aside(*mut UserdataObj, *mut u8);
        impl Drop for Aside {
            fn drop(&mut self) {
                // SAFETY: N2; the object is in a slot of the native.
                unsafe { (*self.0).data = self.1 }
            }
        }
        let raw = self.get(i).raw;
        if raw.tag != tag::USERDATA {
            return None;
        }
        // SAFETY: N2; the object is in a slot. It has no payload while `work` runs, so nothing else reaches that.
        unsafe {
            let object: *mut UserdataObj = raw.as_ptr();
            let payload = (*object).payload::<T>()?;
            let _aside = Aside(object, std::mem::replace(&mut (*object).data, null_mut()));
            Some(work(&mut *payload))
        }
    }
}

/// What objects of the library know of their type.
struct Library<T>(PhantomData<T>);

impl<T: Any> Library<T> {
    const TYPE: &'static PayloadType = &PayloadType::new::<T>(false, None);
}
