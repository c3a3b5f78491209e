//! Polls of coroutines.

use std::task::{Context, Poll};

use crate::host::convert::ConvError;
use crate::host::futures::await_native;
use crate::host::roots::handles::Handle;
use crate::host::typed::{FromLuaArgs, IntoLuaReturn, Varargs};
use crate::host::value::Value;
use crate::host::vm::calls::{Polled, Window};
use crate::host::vm::coroutine::CoroStatus;
use crate::host::vm::{LuaError, Vm};
use crate::value::repr::{RawValue, tag};
use crate::value::thread::Coro;
use crate::vm::State;
use crate::vm::park::{self, Parked};

/// Polls a live coroutine through a handle that natives may have pointers to; the results are in the window. `budget` is one of its own, which
/// counts if this is the outermost entry.
///
/// # Safety
/// As [`enter_through`](crate::host::vm::entry::enter_through).
pub(super) unsafe fn poll_through(
    vm: *mut Vm,
    co: RawValue,
    args: impl IntoLuaReturn,
    cx: &mut Context<'_>,
    budget: Option<i64>,
) -> Poll<Result<Window, LuaError>> {
    let coroutine: *mut Coro = co.as_ptr();
    let window = Window::of(&*vm, [(*vm).resume_native(), co])?;
    if (*coroutine).parked.is_null() {
        args.push_on(&mut *vm, &window)?;
    }
    let context: *mut Context<'_> = cx;
    match window.poll(vm, coroutine, context.cast(), budget)? {
        Polled::Parked(why) => {
            if why == Parked::SliceOver {
                cx.waker().wake_by_ref();
            }
            Poll::Pending
        }
        Polled::Failed => Poll::Ready(Err(LuaError(Value::from_raw(window.slot(0).0)))),
        Polled::Returned => Poll::Ready(Ok(window)),
    }
}

/// As [`Vm::discard_coroutine`] of a live coroutine.
pub(super) unsafe fn discard(l: *mut State, co: *mut Coro) {
    park::discard(l, co, |l, thread| await_native::release(l, thread));
}

impl Handle {
    /// Polls the coroutine it pins, as [`Vm::poll`]. `budget` is what is left of an instruction budget of its own, which an outermost poll
    /// runs under and counts down.
    ///
    /// # Errors
    /// As [`Vm::poll`], or that the handle belongs to another Vm.
    pub fn poll<R: FromLuaArgs>(
        &self,
        vm: &mut Vm,
        args: impl IntoLuaReturn,
        cx: &mut Context<'_>,
        budget: &mut Option<i64>,
    ) -> Poll<Result<R, LuaError>> {
        let polled = self.poll_window(vm, args, cx, budget);
        polled.map(|window| window?.results(vm))
    }

    /// As [`Handle::poll`] without arguments: what the coroutine has yielded, and nothing once it has returned.
    ///
    /// # Errors
    /// As [`Handle::poll`].
    pub fn poll_next<R: FromLuaArgs>(
        &self,
        vm: &mut Vm,
        cx: &mut Context<'_>,
        budget: &mut Option<i64>,
    ) -> Poll<Result<Option<R>, LuaError>> {
        let polled = self.poll_window(vm, (), cx, budget);
        polled.map(|window| {
            let window = window?;
            let has_returned =
                self.peek().and_then(|co| vm.coroutine_status(co)) == Some(CoroStatus::Dead);
            if has_returned { Ok(None) } else { window.results(vm).map(Some) }
        })
    }

    /// Polls the coroutine it pins; what it has yielded or returned.
    fn poll_window(
        &self,
        vm: &mut Vm,
        args: impl IntoLuaReturn,
        cx: &mut Context<'_>,
        budget: &mut Option<i64>,
    ) -> Poll<Result<Window, LuaError>> {
        let co = match self.value_in(vm) {
            Ok(co) => co,
            Err(reason) => {
                return Poll::Ready(Err(ConvError::message(reason.to_string()).into_error(vm)));
            }
        };
        let outermost = vm.read().host.entries == 0;
        let polled = vm.poll_within(co, args, cx, *budget);
        if outermost {
            *budget = vm.instr_budget_remaining();
        }
        polled
    }
}

impl Vm {
    /// Runs a coroutine as [`Vm::resume_coroutine`] does, for one slice: `Pending` once that is over, or when an async native has to wait.
    ///
    /// `args` are those of the resume, and of no meaning where the coroutine goes on after `Pending`. When it has yielded its status is
    /// suspended. A parked coroutine cannot be resumed otherwise; scripts see it as a normal one.
    ///
    /// # Errors
    /// As [`Vm::resume_coroutine`].
    pub fn poll_coroutine(
        &mut self,
        co: Value,
        args: &[Value],
        cx: &mut Context<'_>,
    ) -> Poll<Result<Vec<Value>, LuaError>> {
        let args = Varargs(args.to_vec());
        self.poll(co, args, cx).map(|polled| polled.map(|Varargs(results)| results))
    }

    /// As [`Vm::poll_coroutine`], with converted arguments and results.
    ///
    /// # Errors
    /// As [`Vm::poll_coroutine`], and that a value does not convert.
    pub fn poll<R: FromLuaArgs>(
        &mut self,
        co: Value,
        args: impl IntoLuaReturn,
        cx: &mut Context<'_>,
    ) -> Poll<Result<R, LuaError>> {
        self.poll_within(co, args, cx, None).map(|window| window?.results(self))
    }

    /// Polls a coroutine within an instruction budget of its own; what it has yielded or returned.
    fn poll_within(
        &mut self,
        co: Value,
        args: impl IntoLuaReturn,
        cx: &mut Context<'_>,
        budget: Option<i64>,
    ) -> Poll<Result<Window, LuaError>> {
        match self.checked(co).filter(|raw| raw.tag == tag::CORO) {
            // SAFETY: V1, E2; the handle is borrowed exclusively, and the check found the coroutine live.
            Some(live) => unsafe { poll_through(self, live, args, cx, budget) },
            None => Poll::Ready(Err(self.no_coroutine())),
        }
    }

    /// Gives a parked coroutine up: it and all that it waits for are dead, and nothing of theirs runs any more, neither `__close` methods nor
    /// futures. Others are left as they are.
    pub fn discard_coroutine(&mut self, co: Value) {
        if let Some(raw) = self.checked(co)
            && raw.tag == tag::CORO
            && !self.read().host.poisoned
        {
            // SAFETY: V1, E2; the check found the coroutine live, and the host has control.
            unsafe { discard(self.state(), raw.as_ptr()) }
        }
    }

    /// Sets how many units a poll may spend before it is `Pending`; at least 1, and 10,000 at first.
    pub fn set_async_slice(&mut self, units: i64) {
        self.write().limits.async_slice = units.max(1);
    }

    /// How many units a poll may spend.
    #[must_use]
    pub fn async_slice(&self) -> i64 {
        self.read().limits.async_slice
    }
}
