//! Chunks as futures.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::ptr::null_mut;
use std::task::{Context, Poll};

use crate::host::futures::poll::{discard, poll_through};
use crate::host::roots::handles::Handle;
use crate::host::typed::IntoLuaReturn;
use crate::host::value::{Gc, Value};
use crate::host::vm::calls::Window;
use crate::host::vm::{LuaError, Vm};
use crate::value::repr::RawValue;
use crate::value::thread::Coro;
use crate::vm::State;

/// A chunk that runs when it is polled: its results, or what it has raised. Dropping it unfinished gives the run up.
#[must_use = "nothing runs before it is polled"]
pub struct EvalFuture<'vm> {
    vm: *mut Vm,
    stage: Stage,
    life: PhantomData<&'vm mut Vm>,
}

/// How far a run is.
enum Stage {
    /// Nothing has run: source and name.
    New(String, String),
    /// It waits for its next poll.
    Runs(Run),
    /// It is over.
    Done,
}

/// A run between two polls: the state keeps the coroutine as long as it waits, and not this, which may be leaked.
struct Run {
    l: *mut State,
    co: *mut Coro,
}

impl Run {
    /// Whether a state still keeps it.
    unsafe fn is_waiting_in(&self, l: *mut State) -> bool {
        self.l == l && (*l).host.waiting_run == self.co
    }
}

impl fmt::Debug for EvalFuture<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stage = match self.stage {
            Stage::New(..) => "new",
            Stage::Runs(_) => "runs",
            Stage::Done => "done",
        };
        f.debug_tuple("EvalFuture").field(&stage).finish()
    }
}

impl Future for EvalFuture<'_> {
    type Output = Result<Vec<Value>, LuaError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let vm = self.vm;
        // SAFETY: V1; the handle was borrowed exclusively for as long as this lives, and is used through this pointer alone.
        unsafe {
            let run = match std::mem::replace(&mut self.stage, Stage::Done) {
                Stage::Done => panic!("EvalFuture polled after completion"),
                Stage::Runs(run) if !run.is_waiting_in((*vm).state()) => {
                    let text = b"the run of this future was given up";
                    return Poll::Ready(Err(LuaError((*vm).new_string(text))));
                }
                Stage::Runs(run) => {
                    (*run.l).host.waiting_run = null_mut();
                    run
                }
                Stage::New(source, name) => match (*vm).start_chunk(&source, &name) {
                    Ok(co) => Run { l: (*vm).state(), co },
                    Err(error) => return Poll::Ready(Err(error)),
                },
            };
            let polled = poll_through(vm, RawValue::coro(run.co), (), cx, None);
            if polled.is_pending() {
                // One that was left there meanwhile has leaked.
                give_up_leaked(run.l);
                (*run.l).host.waiting_run = run.co;
                self.stage = Stage::Runs(run);
            }
            polled.map(|window| Ok(window?.values(0)))
        }
    }
}

/// Gives the run up that is left between two polls, if there is one.
#[cold]
pub(in crate::host) unsafe fn give_up_leaked(l: *mut State) {
    let run = std::mem::replace(&mut (*l).host.waiting_run, null_mut());
    if !run.is_null() {
        discard(l, run);
    }
}

impl Drop for EvalFuture<'_> {
    fn drop(&mut self) {
        if let Stage::Runs(run) = &self.stage {
            // SAFETY: V1; the handle was borrowed exclusively for as long as this lives.
            unsafe {
                if run.is_waiting_in((*self.vm).state()) && !(*run.l).host.poisoned {
                    give_up_leaked(run.l);
                }
            }
        }
    }
}

impl Vm {
    /// Runs a chunk as a future: each poll runs it for a slice, and what it calls may wait for futures of its own.
    ///
    /// Nothing runs before the first poll. Scripts see the run as the main coroutine.
    ///
    /// # Panics
    /// The future panics if it is polled after it was ready.
    pub fn eval_async<'vm>(&'vm mut self, source: &str) -> EvalFuture<'vm> {
        self.eval_async_chunk(source, "=eval")
    }

    /// As [`Vm::eval_async`], with the chunk's name.
    pub fn eval_async_chunk<'vm>(&'vm mut self, source: &str, name: &str) -> EvalFuture<'vm> {
        let stage = Stage::New(source.to_owned(), name.to_owned());
        EvalFuture { vm: self, stage, life: PhantomData }
    }

    /// A run of a chunk.
    fn start_chunk(&mut self, source: &str, name: &str) -> Result<*mut Coro, LuaError> {
        match self.load(source.as_bytes(), name.as_bytes()) {
            Ok(chunk) => self.new_run(Value::Closure(chunk), ()),
            Err(error) => Err(self.syntax_error(&error, name)),
        }
    }

    /// A run of a function with its arguments: a coroutine to be polled that scripts see as the main one.
    ///
    /// # Errors
    /// The function is stale, or an argument does not convert.
    pub fn start_run(&mut self, body: Value, args: impl IntoLuaReturn) -> Result<Handle, LuaError> {
        let run = self.new_run(body, args)?;
        Ok(Handle::new(self, Value::Coro(Gc::new(run))))
    }

    /// As [`Vm::start_run`]; nothing keeps the coroutine yet.
    fn new_run(&mut self, body: Value, args: impl IntoLuaReturn) -> Result<*mut Coro, LuaError> {
        let Some(live) = self.checked(body) else {
            return Err(self.stale(body, "start_run"));
        };
        let window = Window::of(self, [live])?;
        args.push_on(self, &window)?;
        window.run_of(self)
    }
}
