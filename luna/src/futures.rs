//! Calls as futures, coroutines as streams.

use std::fmt;
use std::future::{Future, poll_fn};
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use luna_core::vm::{AsyncNativeSig, Handle};

use crate::chunk::Chunk;
use crate::coroutine::Coroutine;
use crate::error::{Error, Result};
use crate::function::Function;
use crate::handle::{try_with, with};
use crate::lua::Lua;
use crate::{FromLuaMulti, IntoLuaMulti};

/// A call of Lua as a future: see [`Function::call_async`].
///
/// Nothing runs before the first poll. Each poll runs Lua for a slice at most ([`Lua::set_async_slice`]), so other tasks get their turn
/// whatever a script does. Limits are those of one entry, over all polls; a deadline is that of each poll. Dropping it unfinished gives the
/// call up: nothing of it runs any more.
///
/// It stays on its thread: tokio runs it with `current_thread` and `LocalSet`.
#[must_use = "nothing runs before it is polled"]
pub struct AsyncCall<R> {
    stage: Stage,
    results: PhantomData<fn() -> R>,
}

/// How far a call is.
enum Stage {
    /// It could not be made.
    Failed(Error),
    /// The coroutine that runs it, and what is left of its instruction budget.
    Runs(Handle, Option<i64>),
    /// It is over.
    Done,
}

impl<R> fmt::Debug for AsyncCall<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_over = !matches!(self.stage, Stage::Runs(..));
        f.debug_struct("AsyncCall").field("is_over", &is_over).finish_non_exhaustive()
    }
}

impl<R> AsyncCall<R> {
    /// A call of `function`, if there is one.
    fn new(function: Result<Function>, args: impl IntoLuaMulti) -> AsyncCall<R> {
        let run = function
            .and_then(|function| try_with(&function.0, |vm, body| vm.start_run(body, args)));
        let stage = match run {
            Ok(run) => Stage::Runs(run, None),
            Err(error) => Stage::Failed(error),
        };
        AsyncCall { stage, results: PhantomData }
    }
}

impl<R: FromLuaMulti> Future for AsyncCall<R> {
    type Output = Result<R>;

    /// # Panics
    /// If it was ready before.
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<R>> {
        let (run, mut budget) = match std::mem::replace(&mut self.stage, Stage::Done) {
            Stage::Done => panic!("AsyncCall polled after completion"),
            Stage::Failed(error) => return Poll::Ready(Err(error)),
            Stage::Runs(run, budget) => (run, budget),
        };
        let polled = poll_handle(&run, (), cx, &mut budget);
        if polled.is_pending() {
            self.stage = Stage::Runs(run, budget);
        }
        polled
    }
}

impl<R> Drop for AsyncCall<R> {
    fn drop(&mut self) {
        if let Stage::Runs(run, _) = &self.stage {
            give_up(run);
        }
    }
}

/// Polls the coroutine of a handle.
fn poll_handle<R: FromLuaMulti>(
    run: &Handle,
    args: impl IntoLuaMulti,
    cx: &mut Context<'_>,
    budget: &mut Option<i64>,
) -> Poll<Result<R>> {
    let polled = run.table().with(|vm| {
        run.poll(vm, args, cx, budget)
            .map(|results| results.map_err(|error| Error::from_lua(error, vm)))
    });
    polled.unwrap_or_else(|reason| Poll::Ready(Err(reason.into())))
}

/// Gives up what a poll has parked. Where the state is not to be had now, the collector does so later.
fn give_up(run: &Handle) {
    let _ = with(run, |vm, co| vm.discard_coroutine(co));
}

impl Function {
    /// Calls it as a future: what it calls may wait for [async functions](Lua::create_async_function).
    ///
    /// ```
    /// # fn main() -> luna::Result<()> {
    /// use luna::{Function, Lua};
    ///
    /// let lua = Lua::new();
    /// let fetch = lua.create_async_function(|key: String| async move { key.len() })?;
    /// lua.globals().set("fetch", fetch)?;
    /// let f: Function = lua.load("function(key) return fetch(key) + 1 end").eval()?;
    /// let call = f.call_async::<i64>("four");
    /// assert_eq!(block_on(call)?, 5);
    /// # Ok(())
    /// # }
    /// # fn block_on<F: Future + Unpin>(mut future: F) -> F::Output {
    /// #     use std::task::{Context, Poll, Waker};
    /// #     loop {
    /// #         let polled = std::pin::Pin::new(&mut future).poll(&mut Context::from_waker(Waker::noop()));
    /// #         if let Poll::Ready(output) = polled { return output }
    /// #     }
    /// # }
    /// ```
    pub fn call_async<R: FromLuaMulti>(&self, args: impl IntoLuaMulti) -> AsyncCall<R> {
        AsyncCall::new(Ok(self.clone()), args)
    }
}

impl Chunk<'_> {
    /// As [`Chunk::eval`], as a future.
    pub fn eval_async<R: FromLuaMulti>(self) -> AsyncCall<R> {
        AsyncCall::new(self.into_evaluating(), ())
    }

    /// As [`Chunk::exec`], as a future.
    pub fn exec_async(self) -> AsyncCall<()> {
        self.call_async(())
    }

    /// As [`Chunk::call`], as a future.
    pub fn call_async<R: FromLuaMulti>(self, args: impl IntoLuaMulti) -> AsyncCall<R> {
        AsyncCall::new(self.into_function(), args)
    }
}

impl Lua {
    /// A Lua function from an async Rust one: a script that calls it waits, and the host goes on meanwhile.
    ///
    /// Arguments are owned: numbers, `String`, collections, handles, [`UserdataRef`](crate::UserdataRef); before them
    /// [`WeakLua`](crate::WeakLua), if it needs the state. It can be called in what runs as a
    /// future alone ([`Function::call_async`]), and not across a Rust function that calls back, such as `table.sort`.
    ///
    /// # Errors
    /// Lua is busy or closed.
    pub fn create_async_function<F: AsyncNativeSig<Marker>, Marker: 'static>(
        &self,
        function: F,
    ) -> Result<Function> {
        self.with(|vm| {
            let native = vm.native_async(function);
            Function(Handle::new(vm, native))
        })
    }

    /// Sets how many instructions a poll may spend before other tasks get their turn: at least 1, and 10,000 at first.
    ///
    /// # Errors
    /// Lua is busy or closed.
    pub fn set_async_slice(&self, units: i64) -> Result<()> {
        self.with(|vm| vm.set_async_slice(units))
    }
}

/// What a coroutine yields, one after the other: see [`Coroutine::stream`].
#[must_use = "nothing runs before it is polled"]
pub struct CoroutineStream<R> {
    /// None once it is over.
    coroutine: Option<Handle>,
    budget: Option<i64>,
    items: PhantomData<fn() -> R>,
}

impl<R> fmt::Debug for CoroutineStream<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_over = self.coroutine.is_none();
        f.debug_struct("CoroutineStream").field("is_over", &is_over).finish_non_exhaustive()
    }
}

impl<R: FromLuaMulti> CoroutineStream<R> {
    /// What it yields next; `None` once it has returned.
    pub async fn next(&mut self) -> Option<Result<R>> {
        poll_fn(|cx| self.poll_next(cx)).await
    }

    /// As [`CoroutineStream::next`], for one poll.
    pub fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<R>>> {
        let Some(coroutine) = self.coroutine.take() else { return Poll::Ready(None) };
        let polled = coroutine.table().with(|vm| {
            let item = coroutine.poll_next(vm, cx, &mut self.budget);
            item.map(|item| item.map_err(|error| Error::from_lua(error, vm)).transpose())
        });
        let item = polled.unwrap_or_else(|reason| Poll::Ready(Some(Err(reason.into()))));
        if !matches!(item, Poll::Ready(None | Some(Err(_)))) {
            self.coroutine = Some(coroutine);
        }
        item
    }
}

impl<R> Drop for CoroutineStream<R> {
    fn drop(&mut self) {
        if let Some(coroutine) = &self.coroutine {
            give_up(coroutine);
        }
    }
}

impl Coroutine {
    /// What it yields as a stream; what it returns at its end is not part of that. It may wait for
    /// [async functions](Lua::create_async_function) in between.
    pub fn stream<R: FromLuaMulti>(&self) -> CoroutineStream<R> {
        CoroutineStream { coroutine: Some(self.0.clone()), budget: None, items: PhantomData }
    }

    /// As [`Coroutine::resume`], as a future.
    ///
    /// # Errors
    /// As [`Coroutine::resume`].
    pub async fn resume_async<R: FromLuaMulti>(&self, args: impl IntoLuaMulti) -> Result<R> {
        let mut resume = Resume { coroutine: self.0.clone(), is_parked: false };
        let mut args = Some(args);
        let mut budget = None;
        poll_fn(|cx| {
            let polled = match args.take() {
                Some(args) => poll_handle(&resume.coroutine, args, cx, &mut budget),
                None => poll_handle(&resume.coroutine, (), cx, &mut budget),
            };
            resume.is_parked = polled.is_pending();
            polled
        })
        .await
    }
}

/// A resume that may be dropped in the middle.
struct Resume {
    coroutine: Handle,
    is_parked: bool,
}

impl Drop for Resume {
    fn drop(&mut self) {
        if self.is_parked {
            give_up(&self.coroutine);
        }
    }
}
