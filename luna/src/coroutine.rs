//! Coroutines.

use luna_core::runtime::Value as RawValue;
use luna_core::vm::{CoroStatus, Handle};

use crate::error::{Error, Result};
use crate::handle::{enter, handle_conversions, try_with, with};
use crate::pretty::shows_content;
use crate::{FromLuaMulti, IntoLuaMulti};

/// A coroutine.
///
/// ```
/// use luna::{CoroutineStatus, Function, Lua};
///
/// # fn main() -> luna::Result<()> {
/// let lua = Lua::new();
/// let body: Function = lua.load("function(a) local b = coroutine.yield(a + 1) return b * 2 end").eval()?;
/// let co = lua.create_coroutine(&body)?;
/// assert_eq!(co.resume::<i64>(1)?, 2);
/// assert_eq!(co.resume::<i64>(21)?, 42);
/// assert_eq!(co.status()?, CoroutineStatus::Dead);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Coroutine(pub(crate) Handle);

shows_content!(Coroutine);
handle_conversions!(Coroutine, RawValue::Coro(_), "thread");

impl Coroutine {
    /// Runs it until it yields or ends: what it yielded or returned.
    ///
    /// # Errors
    /// What it raised, that it cannot be resumed now, or that an argument or result does not convert.
    pub fn resume<R: FromLuaMulti>(&self, args: impl IntoLuaMulti) -> Result<R> {
        enter(&self.0, |vm| self.0.resume(vm, args))
    }

    /// What it does.
    ///
    /// # Errors
    /// The state is closed or busy.
    pub fn status(&self) -> Result<CoroStatus> {
        let status = with(&self.0, |vm, co| vm.coroutine_status(co))?;
        status.ok_or_else(|| Error::new("coroutine expected"))
    }

    /// Ends it, unless it runs: its pending `<close>` variables are closed.
    ///
    /// # Errors
    /// What it had failed with or closing raised, or that it runs.
    pub fn close(&self) -> Result<()> {
        try_with(&self.0, |vm, co| vm.close_coroutine(co))
    }
}
