//! What goes wrong: a raised Lua value with its message and traceback, a Rust error behind it, or a handle that is no longer good.

use std::any::Any;
use std::error::Error as StdError;
use std::fmt;
use std::rc::Rc;

use luna_core::Vm;
use luna_core::frontend::SyntaxError;
use luna_core::vm::{ConvError, Handle, IntoValue, LuaError, LuaErrorKind, Recognized};

use crate::value::Value;

/// Result with luna's [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

/// An error from Lua or from the use of a handle.
///
/// It keeps what was raised. When a Rust function that Lua calls returns an error, and the script does not catch it, the call that entered
/// Lua gives an error whose [`source`](StdError::source) is the one returned. Returned from a Rust function in turn, it is raised as
/// the very value it holds.
///
/// ```
/// use luna::Lua;
///
/// # fn main() -> luna::Result<()> {
/// let lua = Lua::new();
/// let parse = lua.create_function(|text: &str| text.parse::<i64>())?;
/// lua.globals().set("parse", parse)?;
/// let error = lua.load("local n = parse('x')").name("@mod.lua").exec().unwrap_err();
/// assert_eq!(error.message(), "mod.lua:1: invalid digit found in string");
/// assert_eq!(error.source_line(), Some(("@mod.lua", 1)));
/// assert!(error.downcast_ref::<std::num::ParseIntError>().is_some());
/// assert_eq!(error.context("loading mod").to_string(), "loading mod: mod.lua:1: invalid digit found in string");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Error(Rc<Details>);

/// The parts of an error.
#[derive(Clone)]
struct Details {
    message: String,
    kind: LuaErrorKind,
    traceback: Option<String>,
    value: Option<Value>,
    line: Option<(String, u32)>,
    cause: Option<Rc<dyn StdError>>,
    /// What was being done, innermost first.
    contexts: Vec<String>,
}

impl Error {
    /// An error with a message of its own.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Error {
        Error(Rc::new(Details {
            message: message.into(),
            kind: LuaErrorKind::Native,
            traceback: None,
            value: None,
            line: None,
            cause: None,
            contexts: Vec::new(),
        }))
    }

    /// A Rust error; one that is an [`Error`] already stays as it is.
    #[must_use]
    pub fn external<E: StdError + 'static>(error: E) -> Error {
        if let Some(own) = (&error as &dyn Any).downcast_ref::<Error>() {
            return own.clone();
        }
        let mut wrapped = Error::new(error.to_string());
        wrapped.change(|details| details.cause = Some(Rc::new(error)));
        wrapped
    }

    /// A raised value.
    pub(crate) fn from_lua(error: LuaError, vm: &mut Vm) -> Error {
        if !vm.is_live(error.0) {
            // Host code has given the Vm another state meanwhile.
            return Error::new("the Vm was moved while it ran");
        }
        let pin = Handle::new(vm, error.0);
        let mut details = Details {
            message: String::new(),
            kind: vm.error_kind(),
            traceback: vm.take_error_traceback(),
            value: Some(Value::new(vm, error.0)),
            line: vm.error_source().map(|(name, line)| (name.to_owned(), line)),
            cause: vm.take_error_cause(error.0),
            contexts: Vec::new(),
        };
        details.message = vm.error_display(&error);
        drop(pin);
        let own = details.cause.as_ref().and_then(|cause| cause.downcast_ref::<Error>()).cloned();
        if let Some(own) = own {
            // It went through Rust on its way: the inner error knows more.
            let inner = &own.0;
            if inner.value.is_some() {
                details.traceback = inner.traceback.clone().or(details.traceback);
                details.line = inner.line.clone().or(details.line);
                details.kind = inner.kind;
                details.cause.clone_from(&inner.cause);
                details.contexts.clone_from(&inner.contexts);
            } else if inner.cause.is_some() {
                details.cause.clone_from(&inner.cause);
            }
        }
        Error(Rc::new(details))
    }

    /// A chunk that does not compile; its value is the message.
    pub(crate) fn from_syntax(error: &SyntaxError, chunk: &str, vm: &mut Vm) -> Error {
        let message = error.to_string();
        let value = (&message).into_value(vm);
        let mut own = Error::new(message);
        own.change(|details| {
            details.kind = if error.is_out_of_memory() {
                LuaErrorKind::OutOfMemory
            } else {
                LuaErrorKind::Syntax
            };
            details.line = (error.line > 0).then(|| (chunk.to_owned(), error.line));
            details.value = Some(Value::new(vm, value));
        });
        own
    }

    /// Changes what is said.
    fn change(&mut self, change: impl FnOnce(&mut Details)) {
        change(Rc::make_mut(&mut self.0));
    }

    /// The same error, with what was being done when it came.
    #[must_use]
    pub fn context(mut self, context: impl fmt::Display) -> Error {
        self.change(|details| details.contexts.push(context.to_string()));
        self
    }

    /// The message, without context.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What was being done, outermost first.
    pub fn contexts(&self) -> impl Iterator<Item = &str> {
        self.0.contexts.iter().rev().map(String::as_str)
    }

    /// What kind of error it is; [`LuaErrorKind::Native`] if it did not come from Lua.
    #[must_use]
    pub fn kind(&self) -> LuaErrorKind {
        self.0.kind
    }

    /// The stack where the error was raised, from `stack traceback:` on.
    #[must_use]
    pub fn traceback(&self) -> Option<&str> {
        self.0.traceback.as_deref()
    }

    /// The name and line of the chunk where the error was raised; the name as it was given, `@` or `=` included.
    #[must_use]
    pub fn source_line(&self) -> Option<(&str, u32)> {
        self.0.line.as_ref().map(|(name, line)| (name.as_str(), *line))
    }

    /// The raised value; `None` if the error did not come from Lua.
    #[must_use]
    pub fn value(&self) -> Option<&Value> {
        self.0.value.as_ref()
    }

    /// The first error of type `E` in the chain of causes.
    #[must_use]
    pub fn downcast_ref<E: StdError + 'static>(&self) -> Option<&E> {
        let mut at: Option<&(dyn StdError + 'static)> = self.source();
        while let Some(error) = at {
            if let Some(found) = error.downcast_ref() {
                return Some(found);
            }
            at = error.source();
        }
        None
    }

    /// The error as text: for other threads.
    #[must_use]
    pub fn into_send(self) -> SendError {
        let mut causes = Vec::new();
        let mut at: Option<&(dyn StdError + 'static)> = self.source();
        while let Some(error) = at {
            causes.push(error.to_string());
            at = error.source();
        }
        let cause = causes
            .into_iter()
            .rev()
            .fold(None, |source, text| Some(Box::new(SendCause { text, source })));
        SendError {
            text: self.to_string(),
            kind: self.kind(),
            traceback: self.0.traceback.clone(),
            line: self.0.line.clone(),
            cause,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for context in self.contexts() {
            write!(f, "{context}: ")?;
        }
        f.write_str(&self.0.message)
    }
}

/// The message, the causes and the traceback: what `main` shows of an error it returns.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)?;
        let mut at: Option<&(dyn StdError + 'static)> = self.source();
        while let Some(error) = at {
            write!(f, "\ncaused by: {error}")?;
            at = error.source();
        }
        match self.traceback() {
            Some(traceback) => write!(f, "\n{traceback}"),
            None => Ok(()),
        }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.cause.as_deref()
    }
}

macro_rules! from_errors {
    ($($type:ty)*) => { $(
        impl From<$type> for Error {
            fn from(error: $type) -> Error {
                Error::external(error)
            }
        }
    )* };
}
from_errors! {
    std::io::Error fmt::Error std::str::Utf8Error std::string::FromUtf8Error std::num::ParseIntError std::num::ParseFloatError
    std::num::TryFromIntError ConvError
}

/// Finds out what an error that a Rust function returned stands for.
pub(crate) fn recognize(vm: &mut Vm, error: &dyn Any) -> Option<Recognized> {
    let own = error.downcast_ref::<Error>()?;
    // The value of another Lua, or of none, cannot be raised here: its text is.
    let raise = own.0.value.clone().and_then(|value| value.try_into_value(vm).ok());
    Some(Recognized { raise, cause: Rc::new(own.clone()) })
}

/// An [`Error`] as text, which other threads may have.
#[derive(Debug)]
pub struct SendError {
    text: String,
    kind: LuaErrorKind,
    traceback: Option<String>,
    line: Option<(String, u32)>,
    cause: Option<Box<SendCause>>,
}

/// A cause as text.
#[derive(Debug)]
struct SendCause {
    text: String,
    source: Option<Box<SendCause>>,
}

impl SendError {
    /// What kind of error it is.
    #[must_use]
    pub fn kind(&self) -> LuaErrorKind {
        self.kind
    }

    /// The stack where the error was raised.
    #[must_use]
    pub fn traceback(&self) -> Option<&str> {
        self.traceback.as_deref()
    }

    /// The name and line of the chunk where the error was raised.
    #[must_use]
    pub fn source_line(&self) -> Option<(&str, u32)> {
        self.line.as_ref().map(|(name, line)| (name.as_str(), *line))
    }
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl StdError for SendError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.cause.as_ref().map(|cause| &**cause as _)
    }
}

impl fmt::Display for SendCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl StdError for SendCause {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_ref().map(|cause| &**cause as _)
    }
}

/// Says what was being done when something failed.
///
/// ```
/// use luna::ResultExt;
///
/// let error = "x".parse::<u8>().context("reading the port").unwrap_err();
/// assert_eq!(error.to_string(), "reading the port: invalid digit found in string");
/// ```
pub trait ResultExt<T> {
    /// The error as luna's, with what was being done.
    ///
    /// # Errors
    /// The one there was.
    fn context(self, context: impl fmt::Display) -> Result<T>;

    /// The error as luna's.
    ///
    /// # Errors
    /// The one there was.
    fn into_lua_err(self) -> Result<T>;
}

impl<T, E: StdError + 'static> ResultExt<T> for std::result::Result<T, E> {
    fn context(self, context: impl fmt::Display) -> Result<T> {
        self.map_err(|error| Error::external(error).context(context))
    }

    fn into_lua_err(self) -> Result<T> {
        self.map_err(Error::external)
    }
}
