//! Results of natives, and arguments of calls from the host.

use std::any::Any;
use std::error::Error;
use std::rc::Rc;

use crate::host::convert::IntoValue;
use crate::host::roots::{Cause, Recognized};
use crate::host::typed::signature::Kind;
use crate::host::typed::{NativeCall, Pending, Varargs};
use crate::host::value::Value;
use crate::host::vm::calls::Window;
use crate::host::vm::tables::Rooted;
use crate::host::vm::{LuaError, Vm};

/// What a native may return: nothing, a value, a tuple, [`Varargs`], or a `Result` of these.
pub trait IntoLuaReturn: Sized {
    /// How it travels.
    #[doc(hidden)]
    const KIND: Kind = Kind::Value;

    /// As a machine word of its kind.
    #[doc(hidden)]
    #[inline(always)]
    fn into_word(self) -> u64 {
        0
    }

    /// Puts the results in place and counts them.
    ///
    /// # Errors
    /// The error is pending.
    #[doc(hidden)]
    fn deliver(self, call: &NativeCall) -> Result<usize, Pending>;

    /// The results as a list.
    ///
    /// # Errors
    /// The error returned, or that a result has no Lua equivalent.
    fn into_values(self, vm: &mut Vm) -> Result<Vec<Value>, LuaError>;

    /// Adds the values to a window, as arguments of a call.
    ///
    /// # Errors
    /// As [`IntoLuaReturn::into_values`].
    #[doc(hidden)]
    fn push_on(self, vm: &mut Vm, window: &Window) -> Result<(), LuaError> {
        for value in self.into_values(vm)? {
            let slot = vm.admit(value)?;
            window.push(vm, slot)?;
        }
        Ok(())
    }
}

impl<T: IntoValue> IntoLuaReturn for T {
    const KIND: Kind = T::KIND;

    #[inline(always)]
    fn into_word(self) -> u64 {
        <T as IntoValue>::into_word(self)
    }

    #[inline(always)]
    fn deliver(self, call: &NativeCall) -> Result<usize, Pending> {
        let slot = self.into_slot(call)?;
        // SAFETY: N1; the function's slot is the place of the first result.
        unsafe { *call.base().sub(1) = slot.0 }
        Ok(1)
    }

    fn into_values(self, vm: &mut Vm) -> Result<Vec<Value>, LuaError> {
        Ok(vec![self.try_into_value(vm)?])
    }

    #[inline(always)]
    fn push_on(self, vm: &mut Vm, window: &Window) -> Result<(), LuaError> {
        let slot = vm.slot_of(self)?;
        window.push(vm, slot)
    }
}

/// As a result of a method: the object it was called on.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct SameObject;

impl IntoLuaReturn for SameObject {
    #[inline]
    fn deliver(self, call: &NativeCall) -> Result<usize, Pending> {
        // SAFETY: N1; the slots of the function and of the first argument are the native's until it returns.
        unsafe { *call.base().sub(1) = call.arg(0).0 }
        Ok(1)
    }

    fn into_values(self, vm: &mut Vm) -> Result<Vec<Value>, LuaError> {
        Err(LuaError(vm.new_string(b"only a method gives its receiver")))
    }
}

impl IntoLuaReturn for () {
    const KIND: Kind = Kind::Nothing;

    #[inline(always)]
    fn deliver(self, _call: &NativeCall) -> Result<usize, Pending> {
        Ok(0)
    }

    fn into_values(self, _vm: &mut Vm) -> Result<Vec<Value>, LuaError> {
        Ok(Vec::new())
    }

    #[inline(always)]
    fn push_on(self, _vm: &mut Vm, _window: &Window) -> Result<(), LuaError> {
        Ok(())
    }
}

impl<T: IntoValue> IntoLuaReturn for Varargs<T> {
    fn deliver(self, call: &NativeCall) -> Result<usize, Pending> {
        let count = self.0.len();
        for value in self.0 {
            let slot = value.into_slot(call)?;
            call.push(slot)?;
        }
        Ok(call.take_top(count))
    }

    fn into_values(self, vm: &mut Vm) -> Result<Vec<Value>, LuaError> {
        let mut rooted = Rooted::new(vm);
        let mut values = Vec::with_capacity(self.0.len());
        for value in self.0 {
            let value = value.try_into_value(vm)?;
            rooted.add(value);
            values.push(value);
        }
        Ok(values)
    }

    fn push_on(self, vm: &mut Vm, window: &Window) -> Result<(), LuaError> {
        self.0.into_iter().try_for_each(|value| value.push_on(vm, window))
    }
}

/// Raises what a native failed with, and keeps it as the cause.
#[cold]
#[inline(never)]
fn raise_failure<E: Error + 'static>(call: &NativeCall, failure: E) -> Pending {
    if let Some(error) = (&failure as &dyn Any).downcast_ref::<LuaError>() {
        return call.raise(*error);
    }
    // SAFETY: V1; the pointer is copied out before host code runs.
    let recognizer = unsafe { (*call.l).host.recognizer };
    let recognized = match recognizer {
        Some(recognize) => match call.with_vm(|vm| recognize(vm, &failure)) {
            Ok(recognized) => recognized,
            Err(pending) => return pending,
        },
        None => None,
    };
    let (pending, cause): (Pending, Rc<dyn Error>) = match recognized {
        Some(Recognized { raise: Some(value), cause }) => (call.raise(LuaError(value)), cause),
        Some(Recognized { raise: None, cause }) => (call.fail(&failure), cause),
        None => (call.fail(&failure), Rc::new(failure)),
    };
    // SAFETY: V1; the old cause is dropped after it is replaced.
    let old = unsafe {
        let raised = (*call.l).error;
        (*call.l).host.cause.replace(Cause { raised, error: cause })
    };
    drop(old);
    pending
}

impl<R: IntoLuaReturn, E: Error + 'static> IntoLuaReturn for Result<R, E> {
    #[inline(always)]
    fn deliver(self, call: &NativeCall) -> Result<usize, Pending> {
        match self {
            Ok(results) => results.deliver(call),
            Err(failure) => Err(raise_failure(call, failure)),
        }
    }

    fn into_values(self, vm: &mut Vm) -> Result<Vec<Value>, LuaError> {
        match self {
            Ok(results) => results.into_values(vm),
            Err(failure) => Err(match (&failure as &dyn Any).downcast_ref::<LuaError>() {
                Some(error) => *error,
                None => LuaError(vm.new_string(failure.to_string().as_bytes())),
            }),
        }
    }
}
