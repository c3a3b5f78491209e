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
use crate::host::value::Value;
use crate::host::vm::calls::Window;
use crate::host::vm::{LuaError, Vm};
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
    /// The coroutine that runs it.
    Runs(Handle),
    /// It is over.
    Done,
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
                Stage::Runs(run) => run,
                Stage::New(source, name) => match (*vm).start_chunk(&source, &name) {
                    Ok(run) => run,
                    Err(error) => return Poll::Ready(Err(error)),
                },
            };
            let co = match run.raw_in((*vm).state()) {
                Ok(co) => co,
                Err(reason) => {
                    let text = (*vm).new_string(reason.to_string().as_bytes());
                    return Poll::Ready(Err(LuaError(text)));
                }
            };
            let l = (*vm).state();
            if (*l).host.waiting_run == co.as_ptr() {
                (*l).host.waiting_run = null_mut();
            }
            let polled = poll_through(vm, co, (), cx, None);
            if polled.is_pending() {
                // One that was left there meanwhile has leaked.
                give_up_leaked(l);
                (*l).host.waiting_run = co.as_ptr();
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
            let vm = unsafe { &mut *self.vm };
            if let Ok(co) = run.value_in(vm) {
                let l = vm.state();
                // SAFETY: V1; only compared and cleared.
                unsafe {
                    if (*l).host.waiting_run == co.to_raw().as_ptr() {
                        (*l).host.waiting_run = null_mut();
                    }
                }
                vm.discard_coroutine(co);
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
    fn start_chunk(&mut self, source: &str, name: &str) -> Result<Handle, LuaError> {
        match self.load(source.as_bytes(), name.as_bytes()) {
            Ok(chunk) => self.start_run(Value::Closure(chunk), ()),
            Err(error) => Err(self.syntax_error(&error, name)),
        }
    }

    /// A run of a function with its arguments: a coroutine to be polled that scripts see as the main one.
    ///
    /// # Errors
    /// The function is stale, or an argument does not convert.
    pub fn start_run(&mut self, body: Value, args: impl IntoLuaReturn) -> Result<Handle, LuaError> {
        let Some(live) = self.checked(body) else {
            return Err(self.stale(body, "start_run"));
        };
        let window = Window::of(self, [live])?;
        args.push_on(self, &window)?;
        let run = window.run_of(self)?;
        Ok(Handle::new(self, run))
    }
}
