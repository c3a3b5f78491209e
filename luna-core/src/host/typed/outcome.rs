//! Results that do not raise.

use crate::host::typed::{IntoLuaReturn, NativeCall, Pending};
use crate::host::value::Value;
use crate::host::vm::{LuaError, Vm};

/// Results, or nil and a message.
#[derive(Clone, Debug)]
pub struct OrMessage<R>(pub Result<R, String>);

impl<R: IntoLuaReturn> IntoLuaReturn for OrMessage<R> {
    fn deliver(self, call: &NativeCall) -> Result<usize, Pending> {
        match self.0 {
            Ok(results) => results.deliver(call),
            Err(message) => (Value::Nil, message).deliver(call),
        }
    }

    fn into_values(self, vm: &mut Vm) -> Result<Vec<Value>, LuaError> {
        match self.0 {
            Ok(results) => results.into_values(vm),
            Err(message) => (Value::Nil, message).into_values(vm),
        }
    }
}
