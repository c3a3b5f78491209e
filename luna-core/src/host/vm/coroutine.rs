//! Coroutines from the host's side.

use crate::host::typed::{FromLuaArgs, IntoLuaReturn, Varargs};
use crate::host::value::{Gc, Value};
use crate::host::vm::calls::Window;
use crate::host::vm::{LuaError, Vm};
use crate::value::function::NativeClosure;
use crate::value::repr::{RawValue, tag};
use crate::value::thread::{Coro, CoroState};
use crate::vm::{call, coroutine};

/// What a coroutine does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CoroStatus {
    /// Not started, or waiting in a yield.
    Suspended,
    /// It is the one that runs.
    Running,
    /// It has resumed another one.
    Normal,
    /// It has ended, or failed.
    Dead,
}

impl Vm {
    /// A coroutine that will call `body`, which need not be callable until it is resumed.
    ///
    /// # Panics
    /// If the body is stale.
    pub fn create_coroutine(&mut self, body: Value) -> Value {
        let raw = self.check_or_panic(body, "create_coroutine");
        // SAFETY: V1, E2; the coroutine keeps its body, and is given out before anything can collect.
        Value::Coro(Gc::new(unsafe { coroutine::create(self.state(), raw) }))
    }

    /// Runs a coroutine until it yields or ends: what it yielded or returned.
    ///
    /// # Errors
    /// What it raised, that it is no coroutine, or that it cannot be resumed now.
    pub fn resume_coroutine(
        &mut self,
        co: Value,
        args: Vec<Value>,
    ) -> Result<Vec<Value>, LuaError> {
        self.resume(co, Varargs(args)).map(|Varargs(results)| results)
    }

    /// As [`Vm::resume_coroutine`], with converted arguments and results.
    ///
    /// # Errors
    /// As [`Vm::resume_coroutine`], and that a value does not convert.
    pub fn resume<R: FromLuaArgs>(
        &mut self,
        co: Value,
        args: impl IntoLuaReturn,
    ) -> Result<R, LuaError> {
        match self.checked(co) {
            Some(live) => self.resume_live(live, args),
            None => self.resume_live(RawValue::NIL, args),
        }
    }

    /// As [`Vm::resume`], of a live value or nil.
    pub(super) fn resume_live<R: FromLuaArgs>(
        &mut self,
        co: RawValue,
        args: impl IntoLuaReturn,
    ) -> Result<R, LuaError> {
        if co.tag != tag::CORO {
            return Err(self.no_coroutine());
        }
        let window = Window::of(self, [self.resume_native(), co])?;
        args.push_on(self, &window)?;
        if window.resume(self, co.as_ptr())? {
            return Err(LuaError(Value::from_raw(window.slot(0).0)));
        }
        window.results(self)
    }

    /// The error of a resume of something else.
    pub(in crate::host) fn no_coroutine(&mut self) -> LuaError {
        LuaError(self.new_string(b"bad argument #1 to 'resume' (coroutine expected)"))
    }

    /// The native behind [`Vm::resume_coroutine`].
    pub(in crate::host) fn resume_native(&self) -> RawValue {
        let l = self.state();
        // SAFETY: V1; the native is a root from here on.
        unsafe {
            if (*l).host.resume.is_null() {
                let entry = coroutine::host_resume_entry;
                let data = std::ptr::null();
                (*l).host.resume = NativeClosure::new(&mut (*l).heap, entry, data, "resume", 0);
            }
            RawValue::native((*l).host.resume)
        }
    }

    /// What a coroutine does; `None` for anything else and for stale handles.
    #[must_use]
    pub fn coroutine_status(&self, co: Value) -> Option<CoroStatus> {
        // SAFETY: E2; the check found the value live, and only words of the coroutine are read.
        unsafe {
            let raw = self.checked(co)?;
            if raw.tag != tag::CORO {
                return None;
            }
            Some(match (*raw.as_ptr::<Coro>()).state {
                CoroState::Suspended => CoroStatus::Suspended,
                CoroState::Parked if !(*raw.as_ptr::<Coro>()).parked.is_null() => {
                    CoroStatus::Suspended
                }
                CoroState::Running => CoroStatus::Running,
                CoroState::Normal | CoroState::Parked => CoroStatus::Normal,
                CoroState::Dead => CoroStatus::Dead,
            })
        }
    }

    /// Ends a suspended or dead coroutine: its pending variables are closed. One that a poll has left in the middle of something is given up
    /// as by [`Vm::discard_coroutine`].
    ///
    /// # Errors
    /// What it had failed with, what closing raised, or that it cannot be closed now.
    pub fn close_coroutine(&mut self, co: Value) -> Result<(), LuaError> {
        let text = match self.coroutine_status(co) {
            Some(CoroStatus::Suspended | CoroStatus::Dead) => None,
            Some(CoroStatus::Running) => Some("cannot close a running coroutine"),
            Some(CoroStatus::Normal) => Some("cannot close a normal coroutine"),
            None => Some("bad argument #1 to 'close' (coroutine expected)"),
        };
        if let Some(text) = text {
            return Err(LuaError(self.new_string(text.as_bytes())));
        }
        let raw: RawValue = co.to_raw();
        // SAFETY: E2; the status was that of a live coroutine, of which only a word is read.
        if unsafe { (*raw.as_ptr::<Coro>()).state } == CoroState::Parked {
            self.discard_coroutine(co);
            return Ok(());
        }
        // SAFETY: V1; the coroutine is live, and rooted on the stack while its variables are closed.
        self.enter(|l| unsafe {
            let at = (*l).w.top.offset_from((*l).w.stack);
            let closed = call::guarded(l, |l| {
                crate::vm::stack::ensure(l, 1)?;
                call::push(l, raw);
                Ok(coroutine::close_thread(l, raw.as_ptr()))
            });
            (*l).w.top = (*l).w.stack.offset(at);
            match closed {
                Ok(Ok(())) => Ok(()),
                Ok(Err(value)) => Err(LuaError(Value::from_raw(value))),
                Err(_) => Err(LuaError(Value::from_raw((*l).error))),
            }
        })?
    }
}
