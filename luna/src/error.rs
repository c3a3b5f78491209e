//! What goes wrong: a raised Lua value with its message and traceback, or a handle that is no longer good.

use std::fmt;
use std::rc::Rc;

use luna_core::Vm;
use luna_core::vm::{LuaError, Rethrow};

use crate::handle::{Handle, owner_of};
use crate::value::Value;

/// Result with luna's [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

/// An error from Lua or from the use of a handle.
#[derive(Clone, Debug)]
pub struct Error(Rc<Details>);

/// The parts of an error.
#[derive(Debug)]
struct Details {
    message: String,
    traceback: Option<String>,
    raised: Option<Raised>,
}

/// A raised value, kept as long as the error.
#[derive(Debug)]
struct Raised {
    rethrow: Rethrow,
    handle: Option<Handle>,
}

impl Error {
    /// An error with a message of its own.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Error {
        Error(Rc::new(Details { message: message.into(), traceback: None, raised: None }))
    }

    /// A raised value.
    pub(crate) fn from_lua(error: LuaError, vm: &mut Vm) -> Error {
        let traceback = vm.take_error_traceback();
        let message = vm.error_display(&error);
        let handle = owner_of(vm).map(|owner| Handle::new(vm, &owner, error.0));
        Error(Rc::new(Details {
            message,
            traceback,
            raised: Some(Raised { rethrow: Rethrow(error), handle }),
        }))
    }

    /// The message.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The stack where the error was raised, from `stack traceback:` on.
    #[must_use]
    pub fn traceback(&self) -> Option<&str> {
        self.0.traceback.as_deref()
    }

    /// The raised value; `None` if the error did not come from Lua or its Lua is gone.
    #[must_use]
    pub fn value(&self) -> Option<Value> {
        let handle = self.0.raised.as_ref()?.handle.as_ref()?;
        handle.with(Value::new).ok()?.ok()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.raised.as_ref().map(|raised| &raised.rethrow as _)
    }
}
