//! Natives that own host code: a box with what is known about the code before it.

use std::any::TypeId;

use crate::host::typed::signature::{Descriptor, NativeSource};
use crate::host::typed::{NativeCall, Pending, guarded};
use crate::host::userdata::describe::FunctionInfo;
use crate::host::value::Value;
use crate::host::vm::Vm;
use crate::value::function::{NativeClosure, NativeEntry};
use crate::value::repr::{RawValue, tag};
use crate::value::userdata::{PayloadType, UserdataObj};
use crate::vm::State;

/// Host code behind a native.
pub(in crate::host) trait HostFn: 'static {
    /// Runs it; the number of results, which lie from the function's slot on.
    fn run(&self, call: &NativeCall) -> Result<usize, Pending>;

    /// What is known about it.
    fn descriptor(&self) -> Descriptor {
        Descriptor::default()
    }

    /// Reads a plain field without a call.
    const READ: Option<ReadField> = None;

    /// Writes a plain field without a call.
    const WRITE: Option<WriteField> = None;
}

/// Reads a field of an object into a slot by the code of the box; whether it did: if not, only a call can say what is wrong. Runs none of
/// Lua's code.
pub(crate) type ReadField = unsafe fn(
    host: *const HostHeader,
    l: *mut State,
    object: *mut UserdataObj,
    to: *mut RawValue,
) -> bool;

/// Writes a field of an object, as [`ReadField`]; whether it did.
pub(crate) type WriteField = unsafe fn(
    host: *const HostHeader,
    l: *mut State,
    object: *mut UserdataObj,
    value: RawValue,
) -> bool;

/// The role of natives whose host code reads or writes a plain field, in their header's `extra`.
pub(crate) const FIELD: u8 = 1;

/// Entry of every native made by [`new_host_fn`].
unsafe fn host_fn_entry<H: HostFn>(l: *mut State, f: *mut RawValue, nargs: usize) -> isize {
    let native: *mut NativeClosure = (*f).as_ptr();
    // `new_host_fn` pairs this entry with a pointer to a `HostBox<H>`, which upvalue 0 owns; the native is rooted by its slot.
    let host = &(*(*native).data.cast::<HostBox<H>>()).host;
    guarded(l, || host.run(&NativeCall { l, nargs }))
}

/// What stands before host code in its box.
#[derive(Debug)]
pub(crate) struct HostHeader {
    /// What is known about the code.
    pub(crate) descriptor: Descriptor,
    /// Reads the field that the code is for.
    pub(crate) read: Option<ReadField>,
    /// Writes the field that the code is for.
    pub(crate) write: Option<WriteField>,
    /// Frees the box.
    free: unsafe fn(*mut HostHeader),
}

impl HostHeader {
    /// The code behind a header.
    ///
    /// # Safety
    /// The header is that of a live `HostBox<H>`.
    pub(in crate::host) unsafe fn host<'a, H>(this: *const HostHeader) -> &'a H {
        &(*this.cast::<HostBox<H>>()).host
    }
}

/// Host code in its box.
#[repr(C)]
struct HostBox<H> {
    header: HostHeader,
    host: H,
}

/// Frees a box of host code.
unsafe fn free_host<H>(header: *mut HostHeader) {
    drop(Box::from_raw(header.cast::<HostBox<H>>()));
}

/// Owner of boxed host code that a native points to.
struct OwnedHost(*mut HostHeader);

impl Drop for OwnedHost {
    fn drop(&mut self) {
        // SAFETY: H2; the pointer came from a box of the type that `free` frees, and this is dropped once.
        unsafe { ((*self.0).free)(self.0) }
    }
}

/// A native that runs `host`, which is dropped when the native is collected.
pub(in crate::host) unsafe fn new_host_fn<H: HostFn>(
    l: *mut State,
    name: &'static str,
    host: H,
) -> *mut NativeClosure {
    let entry: NativeEntry = host_fn_entry::<H>;
    let header = HostHeader {
        descriptor: host.descriptor(),
        read: H::READ,
        write: H::WRITE,
        free: free_host::<H>,
    };
    let boxed: *mut HostHeader = Box::into_raw(Box::new(HostBox { header, host })).cast();
    // `debug.getupvalue` and natives can reach it: only the collector may end it.
    const OWNER: &PayloadType = &PayloadType::new::<OwnedHost>(true, None);
    let heap = &mut (*l).heap;
    let owner = UserdataObj::new(heap, OwnedHost(boxed), OWNER);
    (*owner).charge(heap, size_of::<HostBox<H>>());
    let native = NativeClosure::new(&mut (*l).heap, entry, boxed.cast_const().cast(), name, 1);
    *NativeClosure::upvalue(native, 0) = RawValue::userdata(owner);
    if H::READ.is_some() || H::WRITE.is_some() {
        (*native).header.extra = FIELD;
    }
    native
}

/// The header of the host code behind a live native, if there is one.
pub(crate) unsafe fn host_header(native: *mut NativeClosure) -> Option<*const HostHeader> {
    if (*native).count() != 1 {
        return None;
    }
    let owner = *NativeClosure::upvalue(native, 0);
    let is_host = owner.tag == tag::USERDATA
        && (*owner.as_ptr::<UserdataObj>()).ty.id == TypeId::of::<OwnedHost>();
    is_host.then_some((*native).data.cast())
}

/// Tells a live native what its source says about it, if it has a header to keep that.
pub(in crate::host) unsafe fn describe(native: *mut NativeClosure, info: &FunctionInfo) -> bool {
    let Some(header) = host_header(native) else { return false };
    // Nothing refers to a descriptor: it is copied out.
    let descriptor = &raw mut (*header.cast_mut()).descriptor;
    (*descriptor).source = NativeSource::new(info, (*descriptor).signature);
    true
}

impl Vm {
    /// What is known about a native: its signature, or the field it stands for.
    #[must_use]
    pub fn descriptor(&self, native: Value) -> Descriptor {
        // SAFETY: E2; the check found the native live, which owns its header.
        unsafe {
            match self.checked(native) {
                Some(raw) if raw.tag == tag::NATIVE => {
                    host_header(raw.as_ptr()).map_or_else(Descriptor::default, |h| (*h).descriptor)
                }
                _ => Descriptor::default(),
            }
        }
    }

    /// Tells a native what its source says about it; `false` if it is none that was made of a Rust function.
    #[doc(hidden)]
    pub fn describe_native(&mut self, native: Value, info: &FunctionInfo) -> bool {
        match self.checked(native) {
            // SAFETY: E2; the check found the native live.
            Some(raw) if raw.tag == tag::NATIVE => unsafe { describe(raw.as_ptr(), info) },
            _ => false,
        }
    }
}
