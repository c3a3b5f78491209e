//! Natives that are deprecated.

use std::cell::Cell;
use std::marker::PhantomData;

use super::signature::Signature;
use super::signatures::NativeTypedSig;
use super::{NativeCall, Pending};
use crate::host::userdata::LuaUserdata;
use crate::host::vm::Vm;

/// A function of a class that warns the first time it is called.
#[derive(Debug)]
pub struct Deprecated<T, F> {
    function: F,
    name: &'static str,
    note: &'static str,
    warned: Cell<bool>,
    of: PhantomData<fn() -> T>,
}

impl<T, F> Deprecated<T, F> {
    /// A function of the class of `T` that goes by a name.
    pub fn new(function: F, name: &'static str, note: &'static str) -> Deprecated<T, F> {
        Deprecated { function, name, note, warned: Cell::new(false), of: PhantomData }
    }
}

/// A signature is that of a deprecated function.
#[derive(Debug)]
pub struct Warning<M>(PhantomData<M>);

#[diagnostic::do_not_recommend]
impl<T, F, M> NativeTypedSig<Warning<M>> for Deprecated<T, F>
where
    T: LuaUserdata,
    F: NativeTypedSig<M>,
    M: 'static,
{
    fn call_typed(&self, call: &NativeCall) -> Result<usize, Pending> {
        if !self.warned.replace(true) {
            call.with_vm(|vm| {
                let owner = vm.class_name::<T>();
                vm.warn_deprecated(owner, self.name, self.note);
            })?;
        }
        self.function.call_typed(call)
    }

    const SIGNATURE: &'static Signature = &Signature { direct: None, ..*F::SIGNATURE };

    unsafe fn call_direct(&self, _state: *mut (), _args: *const u64, _result: *mut u64) -> bool {
        false
    }
}

impl Vm {
    /// Warns that a function or field of a class or module is deprecated.
    pub fn warn_deprecated(&mut self, owner: &str, name: &str, note: &str) {
        let separator = if note.is_empty() { "" } else { ": " };
        self.warn(format!("'{name}' of {owner} is deprecated{separator}{note}").as_bytes());
    }
}
