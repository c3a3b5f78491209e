//! Calls as futures, on tokio's `current_thread`.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::rc::Rc;
use std::time::Duration;

use luna::{
    Coroutine, ErrorKind, Function, Lua, LuaUserdata, Result, Ud, UserdataMethods, UserdataRef,
    UserdataRefMut, Variadic,
};
use tokio::task::LocalSet;

/// Runs a future to its end.
fn block_on<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime starts");
    LocalSet::new().block_on(&runtime, future)
}

/// A Lua with `sleep(ms, ...)`, which gives its other arguments back, and `turn(value)`, which gives others their turn.
fn lua() -> Lua {
    let lua = Lua::new();
    let sleep = lua
        .create_async_function(|ms: u64, values: Variadic<i64>| async move {
            tokio::time::sleep(Duration::from_millis(ms)).await;
            values
        })
        .expect("the state is open");
    lua.globals().set("sleep", sleep).expect("the state is open");
    let turn = lua
        .create_async_function(|value: Option<i64>| async move {
            tokio::task::yield_now().await;
            value
        })
        .expect("the state is open");
    lua.globals().set("turn", turn).expect("the state is open");
    lua
}

#[test]
fn scripts_wait_for_rust() -> Result<()> {
    let lua = lua();
    block_on(async {
        assert_eq!(lua.load("sleep(1, 2, 3)").eval_async::<(i64, i64)>().await?, (2, 3));
        let f: Function = lua.load("function(a, b) return a + sleep(1, b) end").eval()?;
        assert_eq!(f.call_async::<i64>((1, 2)).await?, 3);
        lua.load("local a, b = ... x = a + sleep(0, b)").call_async::<()>((1, 5)).await?;
        assert_eq!(lua.globals().get::<i64>("x")?, 6);
        lua.load("y = sleep(0, 7)").exec_async().await?;
        assert_eq!(lua.globals().get::<i64>("y")?, 7);
        let error = lua.load("sleep('x')").name("=t").exec_async().await.unwrap_err();
        assert_eq!(
            error.message(),
            "t:1: bad argument #1 to 'sleep' (number expected, got string)"
        );
        assert!(error.traceback().is_some_and(|text| text.contains("in main chunk")));
        let error = lua.load("return +").exec_async().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Syntax);
        let error = lua.load("sleep(1)").exec().unwrap_err();
        assert_eq!(error.message(), "async native called in sync context");
        let error = f.call_async::<String>((1, lua.create_table()?)).await.unwrap_err();
        assert!(error.message().contains("number expected, got table"), "{error}");
        Ok(())
    })
}

#[test]
fn tasks_take_turns() -> Result<()> {
    let lua = lua();
    lua.set_async_slice(1_000)?;
    let order: Rc<RefCell<Vec<i64>>> = Rc::default();
    let seen = Rc::clone(&order);
    lua.globals().set("log", lua.create_function(move |n: i64| seen.borrow_mut().push(n))?)?;
    let body: Function = lua
        .load("function(n) for i = 1, 5 do for j = 1, 500 do end log(n) end return n end")
        .eval()?;
    block_on(async {
        let tasks: Vec<_> =
            (0..4).map(|n| tokio::task::spawn_local(body.call_async::<i64>(n))).collect();
        for (n, task) in (0..).zip(tasks) {
            assert_eq!(task.await.expect("no panic")?, n);
        }
        Result::Ok(())
    })?;
    let order = order.borrow();
    assert_eq!(order.len(), 20);
    let first_of_last = order.iter().position(|&n| n == 3).unwrap();
    let last_of_first = order.iter().rposition(|&n| n == 0).unwrap();
    assert!(first_of_last < last_of_first, "{order:?}");
    Ok(())
}

#[test]
fn limits_hold_over_all_polls() -> Result<()> {
    let lua = lua();
    lua.set_async_slice(1_000)?;
    lua.set_instruction_budget(Some(50_000));
    block_on(async {
        for _ in 0..2 {
            let error = lua.load("while true do pcall(turn) end").exec_async().await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InstrBudget);
            lua.load("for i = 1, 40000 do end").exec_async().await?;
        }
        let (a, b) = (lua.load("for i = 1, 40000 do end"), lua.load("for i = 1, 40000 do end"));
        let a = tokio::task::spawn_local(a.exec_async());
        b.exec_async().await?;
        a.await.expect("no panic")
    })?;
    lua.set_instruction_budget(None);
    lua.set_memory_cap(Some(lua.memory_used()? + 1_000_000))?;
    let error =
        block_on(lua.load("local t = {} while true do t[#t + 1] = turn(1) end").exec_async());
    assert_eq!(error.unwrap_err().kind(), ErrorKind::MemoryCap);
    Ok(())
}

#[test]
fn a_call_that_is_dropped_ends() -> Result<()> {
    let lua = lua();
    let dropped = Rc::new(Cell::new(false));
    struct Flag(Rc<Cell<bool>>);
    impl Drop for Flag {
        fn drop(&mut self) {
            self.0.set(true);
        }
    }
    let flag = Rc::clone(&dropped);
    let hang = lua.create_async_function(move || {
        let flag = Flag(Rc::clone(&flag));
        async move {
            std::future::pending::<()>().await;
            drop(flag);
        }
    })?;
    lua.globals().set("hang", hang)?;
    block_on(async {
        let call = lua.load("hang() after = true").exec_async();
        let waited = tokio::time::timeout(Duration::from_millis(5), call).await;
        assert!(waited.is_err());
    });
    assert!(dropped.get());
    lua.load("assert(after == nil)").exec()?;
    // One that is dropped while the state is not to be had, and one after it is gone.
    let calls: Vec<_> = (0..2).map(|_| lua.load("hang()").exec_async()).collect();
    let mut calls = calls.into_iter().map(Box::pin);
    let (mut first, mut second) = (calls.next().unwrap(), calls.next().unwrap());
    dropped.set(false);
    block_on(async {
        assert!(tokio::time::timeout(Duration::from_millis(1), &mut first).await.is_err());
        assert!(tokio::time::timeout(Duration::from_millis(1), &mut second).await.is_err());
    });
    lua.with_vm(|_| drop(first))?;
    assert!(!dropped.get());
    lua.collect_garbage()?;
    lua.collect_garbage()?;
    assert!(dropped.get());
    drop(lua);
    drop(second);
    Ok(())
}

#[test]
fn streams_give_what_is_yielded() -> Result<()> {
    let lua = lua();
    let body: Function = lua
        .load(
            "function() for i = 1, 3 do coroutine.yield(i, sleep(1, i * 10)) end return 'end' end",
        )
        .eval()?;
    block_on(async {
        let co = lua.create_coroutine(&body)?;
        let mut stream = co.stream::<(i64, i64)>();
        let mut items = Vec::new();
        while let Some(item) = stream.next().await {
            items.push(item?);
        }
        assert_eq!(items, [(1, 10), (2, 20), (3, 30)]);
        assert!(stream.next().await.is_none());
        let co: Coroutine = lua
            .load("coroutine.create(function(a) local b = coroutine.yield(sleep(1, a)) error(b, 0) end)")
            .eval()?;
        assert_eq!(co.resume_async::<i64>(4).await?, 4);
        assert_eq!(co.resume_async::<i64>("no").await.unwrap_err().message(), "no");
        Ok(())
    })
}

#[test]
fn what_is_closed_or_dropped_in_the_middle_is_dead() -> Result<()> {
    let lua = lua();
    let body: Function = lua
        .load(
            "function()
                 local kept <close> = setmetatable({}, {__close = function() closed = true end})
                 local inner = coroutine.wrap(function() turn() turn() went_on = true return 1 end)
                 return inner()
             end",
        )
        .eval()?;
    let dead = "cannot resume dead coroutine";
    block_on(async {
        let cx = &mut std::task::Context::from_waker(std::task::Waker::noop());
        let co = lua.create_coroutine(&body)?;
        let mut stream = co.stream::<i64>();
        assert!(stream.poll_next(cx).is_pending());
        co.close()?;
        let std::task::Poll::Ready(Some(Err(error))) = stream.poll_next(cx) else {
            panic!("a closed coroutine goes on")
        };
        assert_eq!(error.message(), dead);
        let co = lua.create_coroutine(&body)?;
        let mut resume = Box::pin(co.resume_async::<i64>(()));
        assert!(resume.as_mut().poll(cx).is_pending());
        drop(resume);
        assert_eq!(co.status()?, luna::CoroutineStatus::Dead);
        assert_eq!(co.resume::<()>(()).unwrap_err().message(), dead);
        lua.collect_garbage()?;
        lua.load("assert(went_on == nil and closed == nil)").exec()
    })
}

struct Shop {
    stock: i64,
}

impl LuaUserdata for Shop {
    fn add_methods<M: UserdataMethods<Self>>(methods: &mut M) {
        methods.add_function("new", |_, stock: i64| Ok(Ud(Shop { stock })));
        methods.add_async_method("count", |shop: UserdataRef<Shop>, ms: u64| async move {
            tokio::time::sleep(Duration::from_millis(ms)).await;
            shop.stock
        });
        methods.add_async_method_mut("sell", |mut shop: UserdataRefMut<Shop>, (): ()| async move {
            shop.stock -= 1;
            drop(shop);
            tokio::task::yield_now().await;
        });
        methods.add_async_function("open", |stock: i64| async move {
            tokio::task::yield_now().await;
            Ud(Shop { stock })
        });
        methods.add_typed("stock", |shop: &Shop| shop.stock);
        methods.add_typed("take", |shop: &mut Shop| shop.stock = 0);
    }
}

#[test]
fn methods_wait() -> Result<()> {
    let lua = lua();
    lua.set_class::<Shop>("Shop")?;
    block_on(async {
        let results: (i64, i64) = lua
            .load("local s = Shop.open(3) s:sell() return s:count(1), s:stock()")
            .call_async(())
            .await?;
        assert_eq!(results, (2, 2));
        lua.load("shop = Shop.new(5)").exec()?;
        let counting = tokio::task::spawn_local(lua.load("shop:count(20)").exec_async());
        tokio::time::sleep(Duration::from_millis(5)).await;
        let error = lua.load("shop:take()").name("=t").exec().unwrap_err();
        assert!(
            error
                .message()
                .starts_with("t:1: cannot borrow Shop mutably in 'take': already borrowed"),
            "{error}"
        );
        assert_eq!(lua.load("shop:stock()").eval::<i64>()?, 5);
        counting.await.expect("no panic")?;
        lua.load("shop:take()").exec()
    })
}

/// How many runs are suspended at once.
const RUNS: i64 = 10_000;

#[test]
fn ten_thousand_runs_share_a_thread_fairly() -> Result<()> {
    /// Units of a slice, and about as many loops of a run.
    const SLICE: i64 = 200;
    const SLICES: i64 = 6;
    let lua = lua();
    lua.set_async_slice(SLICE)?;
    // How far each run is, in loops of three instructions or more; and the least that any had done when the first one was done.
    let done: Rc<RefCell<Vec<i64>>> = Rc::new(RefCell::new(vec![0; RUNS as usize]));
    let least = Rc::new(Cell::new(None));
    let (counts, at_first) = (Rc::clone(&done), Rc::clone(&least));
    let report = lua.create_function(move |id: usize, loops: i64, is_over: bool| {
        let mut counts = counts.borrow_mut();
        counts[id] = loops;
        if is_over && at_first.get().is_none() {
            at_first.set(counts.iter().copied().min());
        }
    })?;
    lua.globals().set("report", report)?;
    let (gate, closed) = tokio::sync::watch::channel(0);
    let arrived = Rc::new(Cell::new(0));
    let count = Rc::clone(&arrived);
    let wait = lua.create_async_function(move || {
        count.set(count.get() + 1);
        let mut gate = closed.clone();
        async move { gate.wait_for(|open| *open == RUNS).await.map(|_| ()) }
    })?;
    lua.globals().set("wait", wait)?;
    let body: Function = lua
        .load(
            "function(id, loops)
                 wait()
                 for i = 1, loops do report(id, i, i == loops) end
                 return id
             end",
        )
        .eval()?;
    block_on(async {
        lua.collect_garbage()?;
        let before = lua.memory_used()?;
        let tasks: Vec<_> = (0..RUNS)
            .map(|id| tokio::task::spawn_local(body.call_async::<i64>((id, SLICES * SLICE / 8))))
            .collect();
        while arrived.get() < RUNS {
            tokio::task::yield_now().await;
        }
        lua.collect_garbage()?;
        let each = (lua.memory_used()? - before) as i64 / RUNS;
        assert!(each < 2_500, "a suspended run takes {each} bytes");
        gate.send(RUNS).expect("somebody waits");
        for (id, task) in (0..).zip(tasks) {
            assert_eq!(task.await.expect("no panic")?, id);
        }
        Result::Ok(())
    })?;
    assert!(done.borrow().iter().all(|&loops| loops == SLICES * SLICE / 8));
    let behind = SLICES * SLICE / 8 - least.get().expect("one was first");
    assert!(behind <= 2 * SLICE / 8, "the last was {behind} loops behind the first");
    Ok(())
}
