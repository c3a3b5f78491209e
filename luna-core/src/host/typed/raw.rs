//! Natives over slots: the raw protocol.

use crate::host::convert::FromLuaValue;
use crate::host::native::{Cx, Raise};
use crate::host::roots::Returns;
use crate::host::typed::{NativeCall, guarded};
use crate::host::value::{Gc, Value};
use crate::host::vm::{LuaError, Vm};
use crate::value::function::NativeClosure;
use crate::value::repr::{RawValue, tag};
use crate::vm::frame::CallInfo;
use crate::vm::{State, call, error, inspect, stack};

/// A raw native: it reads its arguments with [`Vm::nat_arg`], stores results with [`Vm::nat_return`] and answers how many count.
pub type NativeFn = fn(&mut Vm, func_slot: u32, nargs: u32) -> Result<u32, LuaError>;

/// Entry of every raw native.
unsafe fn raw_entry(l: *mut State, f: *mut RawValue, nargs: usize) -> isize {
    let native: *mut NativeClosure = (*f).as_ptr();
    // `native_with` alone pairs this entry with data, a `NativeFn`.
    let function = std::mem::transmute::<*const (), NativeFn>((*native).data);
    let slot = f.offset_from((*l).w.stack) as u32;
    let depth = (*l).host.returns.len();
    let n = guarded(l, || {
        let call = NativeCall { l, nargs };
        match call.with_vm(|vm| function(vm, slot, nargs as u32))? {
            Ok(n) => Ok(n as usize),
            Err(error) => Err(call.raise(error)),
        }
    });
    let stored = take_returns(l, depth).unwrap_or_default();
    if n < 0 {
        return n;
    }
    let n = n as usize;
    if stack::ensure(l, n).is_err() {
        return call::RAISED;
    }
    let f = (*(*l).w.ci).base.sub(1);
    for i in 0..n {
        *f.add(i) = stored.get(i).copied().unwrap_or(RawValue::NIL);
    }
    n as isize
}

/// What the running native has stored with [`Vm::nat_return`], if there were `depth` entries before it was called.
pub(in crate::host) unsafe fn take_returns(l: *mut State, depth: usize) -> Option<Vec<RawValue>> {
    let returns = &raw mut (*l).host.returns;
    let stored = if (*returns).len() > depth { (*returns).pop().map(|r| r.values) } else { None };
    (*returns).truncate(depth);
    stored
}

impl Vm {
    /// A raw native.
    pub fn native(&mut self, function: NativeFn) -> Value {
        self.native_with(function, Box::new([]))
    }

    /// A raw native with upvalues.
    ///
    /// # Panics
    /// If an upvalue is stale.
    #[expect(clippy::boxed_local, reason = "the signature embedders rely on")]
    pub fn native_with(&mut self, function: NativeFn, upvalues: Box<[Value]>) -> Value {
        let raw: Vec<RawValue> =
            upvalues.iter().map(|value| self.check_or_panic(*value, "native_with")).collect();
        // SAFETY: V1; the entry matches the data, and nothing collects on the host's side.
        unsafe {
            let native = NativeClosure::new(
                &mut (*self.state()).heap,
                raw_entry,
                function as *const (),
                "",
                raw.len(),
            );
            for (i, value) in raw.iter().enumerate() {
                *NativeClosure::upvalue(native, i) = *value;
            }
            Value::Native(Gc::new(native))
        }
    }

    /// First argument's slot of the running raw native, if `func_slot` is its own.
    fn running(&self, func_slot: u32) -> Option<*mut RawValue> {
        let l = self.state();
        // SAFETY: V1; a frame above the first has a function below its base.
        unsafe {
            let ci = (*l).w.ci;
            if ci <= (*l).w.ci_base || CallInfo::is_lua(ci) {
                return None;
            }
            let f = (*ci).base.sub(1);
            ((*f).tag == tag::NATIVE && f.offset_from((*l).w.stack) == func_slot as isize)
                .then_some((*ci).base)
        }
    }

    /// Argument `i`, from 0; nil if there is none.
    #[must_use]
    pub fn nat_arg(&self, func_slot: u32, nargs: u32, i: u32) -> Value {
        match self.running(func_slot) {
            // SAFETY: N1; the position is compared with the top.
            Some(base) if i < nargs => unsafe {
                let slot = base.add(i as usize);
                if slot < (*self.state()).w.top { Value::from_raw(*slot) } else { Value::Nil }
            },
            _ => Value::Nil,
        }
    }

    /// Upvalue `i` of the running native; nil if there is none.
    #[must_use]
    pub fn nat_upval(&self, func_slot: u32, i: usize) -> Value {
        // SAFETY: N1; `running` found the native's frame, whose function is below its base.
        self.running(func_slot).map_or(Value::Nil, |base| unsafe { upvalue_of(*base.sub(1), i) })
    }

    /// Upvalue `i` of the native that runs; nil if none runs or has it.
    #[must_use]
    pub fn running_native_upvalue(&self, i: usize) -> Value {
        let l = self.state();
        // SAFETY: V1; as `running`.
        unsafe {
            let ci = (*l).w.ci;
            if ci <= (*l).w.ci_base { Value::Nil } else { upvalue_of(*(*ci).base.sub(1), i) }
        }
    }

    /// Stores the results of the running native; their count.
    ///
    /// # Panics
    /// If `func_slot` is not that of the running native, or a value is stale.
    pub fn nat_return(&mut self, func_slot: u32, values: &[Value]) -> u32 {
        assert!(
            self.running(func_slot).is_some(),
            "nat_return outside of the native whose slot this is"
        );
        let values: Vec<RawValue> =
            values.iter().map(|value| self.check_or_panic(*value, "nat_return")).collect();
        let count = values.len() as u32;
        let l = self.state();
        // SAFETY: V1; the native of this slot runs, so the state is live, and nothing here runs host code.
        unsafe {
            let thread = (*l).current;
            let returns = &raw mut (*l).host.returns;
            match (*returns).last_mut() {
                Some(last) if last.slot == func_slot && last.thread == thread => {
                    last.values = values
                }
                _ => (*returns).push(Returns { thread, slot: func_slot, values }),
            }
        }
        count
    }

    /// An error with the position of the Lua line that called the running native, or that a hook is called for.
    pub fn error(&mut self, message: impl std::fmt::Display) -> LuaError {
        let l = self.state();
        // SAFETY: V1; the frames are only read, and one above the first has a function below its base.
        let mut text = unsafe {
            let ci = (*l).w.ci;
            let hooked = ci > (*l).w.ci_base && CallInfo::is_lua(ci);
            error::position(l, usize::from(!hooked))
        };
        text.extend_from_slice(message.to_string().as_bytes());
        LuaError(self.new_string(&text))
    }

    /// `bad argument #i+1 to 'f' (message)` of the running native.
    pub fn arg_error(&mut self, i: u32, message: impl std::fmt::Display) -> LuaError {
        let l = self.state();
        // SAFETY: V1; the frames are only read.
        let text = unsafe {
            if (*l).w.ci <= (*l).w.ci_base {
                format!("bad argument #{} to '?' ({message})", u64::from(i) + 1).into_bytes()
            } else {
                inspect::argument_message(l, i as usize, message.to_string().as_bytes())
            }
        };
        self.error(String::from_utf8_lossy(&text))
    }

    /// Argument `i` of the running native, converted.
    ///
    /// # Errors
    /// `bad argument #i+1 to 'f' (..)`
    pub fn check_arg<T: FromLuaValue>(
        &mut self,
        func_slot: u32,
        nargs: u32,
        i: u32,
    ) -> Result<T, LuaError> {
        let value = self.nat_arg(func_slot, nargs, i);
        T::from_lua_value(value, self).map_err(|mut failure| {
            if i >= nargs && failure.path.is_empty() && failure.got == "nil" {
                failure.got = "no value".into();
            }
            self.arg_error(i, failure)
        })
    }

    /// Charges an armed instruction budget for work of a native.
    ///
    /// # Errors
    /// The budget is used up.
    pub fn charge(&mut self, units: u64) -> Result<(), LuaError> {
        let l = self.state();
        // SAFETY: V1; charging looks at no frame, so it does not matter which runs.
        match unsafe { Cx::of_running(l, 0) }.charge(units) {
            Ok(()) => Ok(()),
            // SAFETY: V1; the pending error is live.
            Err(Raise) => Err(LuaError(Value::from_raw(unsafe { (*l).error }))),
        }
    }
}

/// Upvalue `i` of a native.
unsafe fn upvalue_of(function: RawValue, i: usize) -> Value {
    if function.tag != tag::NATIVE {
        return Value::Nil;
    }
    let native: *mut NativeClosure = function.as_ptr();
    if i < (*native).count() {
        Value::from_raw(*NativeClosure::upvalue(native, i))
    } else {
        Value::Nil
    }
}
