//! Polls: slices, natives that wait, cancellation.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use luna_core::runtime::Value;
use luna_core::vm::CoroStatus;
use luna_core::{LuaVersion, Vm};

/// Counts how often it was woken.
#[derive(Default)]
struct Count(AtomicUsize);

impl Wake for Count {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// Is ready at the poll after so many others.
struct After(u32);

impl Future for After {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.0 == 0 {
            return Poll::Ready(());
        }
        self.0 -= 1;
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

fn vm() -> Vm {
    Vm::new(LuaVersion::Lua55)
}

fn poll_once<F: Future + Unpin>(future: &mut F) -> Poll<F::Output> {
    Pin::new(future).poll(&mut Context::from_waker(Waker::noop()))
}

/// Polls until it is ready: the output, and after how many polls.
fn finish<F: Future + Unpin>(mut future: F) -> (F::Output, usize) {
    for polls in 1..1_000_000 {
        if let Poll::Ready(output) = poll_once(&mut future) {
            return (output, polls);
        }
    }
    panic!("never ready");
}

/// The result of a chunk that is polled to its end, as text.
fn run(vm: &mut Vm, source: &str) -> String {
    match finish(vm.eval_async(source)).0 {
        Ok(values) => {
            let texts: Vec<String> = values
                .iter()
                .map(|v| {
                    vm.tostring_value(*v)
                        .map(|v| vm.str_utf8(v).expect("text").to_owned())
                        .expect("it has a text")
                })
                .collect();
            texts.join(" ")
        }
        Err(error) => format!("error: {}", vm.error_text(&error)),
    }
}

/// Adds `wait(n, ...)`, which gives its other arguments back after n polls.
fn add_wait(vm: &mut Vm) {
    let wait = vm.native_async(|polls: u32, value: Option<i64>| async move {
        After(polls).await;
        value
    });
    vm.set_global("wait", wait).expect("globals grow");
}

#[test]
fn slices_end_anywhere_and_lose_nothing() {
    let program = "
        local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end
        local log = {}
        local mt = {__add = function(a, b) local s = 0 for i = 1, 100 do s = s + i end return s end,
                    __index = function(t, k) local s = 0 for i = 1, 50 do s = s + i end return s .. k end}
        local o = setmetatable({}, mt)
        local function gen() for i = 1, 20 do coroutine.yield(i * fib(5)) end end
        for v in coroutine.wrap(gen) do log[#log + 1] = v end
        log[#log + 1] = o + 1
        log[#log + 1] = o.key
        log[#log + 1] = select(2, pcall(function() fib(8) error('thrown', 0) end))
        log[#log + 1] = select(2, xpcall(function() fib(8) error('seen', 0) end, function(m) return m .. fib(6) end))
        do
            local c <close> = setmetatable({}, {__close = function() fib(7) log[#log + 1] = 'closed' end})
            fib(6)
        end
        local t = {5, 3, 9, 1}
        table.sort(t, function(a, b) fib(4) return a < b end)
        log[#log + 1] = table.concat(t, ',')
        log[#log + 1] = (string.gsub('abc', '%w', function(c) fib(4) return c .. c end))
        local co = coroutine.create(function(a) local b = coroutine.yield(a + fib(6)) error({b}) end)
        log[#log + 1] = select(2, coroutine.resume(co, 1))
        log[#log + 1] = type(select(2, coroutine.resume(co, 7)))
        return table.concat(log, ' ')
    ";
    let mut plain = vm();
    let value = plain.eval(program).unwrap()[0];
    let expected = plain.str_utf8(value).unwrap().to_owned();
    for slice in [1, 2, 3, 7, 50, 1000, i64::MAX] {
        let mut vm = vm();
        vm.set_async_slice(slice);
        assert_eq!(run(&mut vm, program), expected, "slice {slice}");
    }
}

#[test]
fn a_slice_is_as_long_as_it_says() {
    let mut vm = vm();
    vm.set_async_slice(1000);
    let (result, polls) = finish(vm.eval_async("for i = 1, 100000 do end"));
    assert!(result.is_ok());
    assert!((100..=102).contains(&polls), "{polls} polls");
    let count = Arc::new(Count::default());
    let waker = Waker::from(Arc::clone(&count));
    let mut future = vm.eval_async("while true do end");
    for n in 1..5 {
        assert!(Pin::new(&mut future).poll(&mut Context::from_waker(&waker)).is_pending());
        assert_eq!(count.0.load(Ordering::Relaxed), n);
    }
    drop(future);
    assert_eq!(vm.async_slice(), 1000);
    vm.set_async_slice(-5);
    assert_eq!(vm.async_slice(), 1);
}

#[test]
fn natives_wait_wherever_no_native_is_below() {
    let mut vm = vm();
    add_wait(&mut vm);
    assert_eq!(run(&mut vm, "return wait(3, 7), wait(0)"), "7 nil");
    assert_eq!(run(&mut vm, "return wait(1, 7)"), "7");
    assert_eq!(run(&mut vm, "return select(2, pcall(wait, 2, 5))"), "5");
    assert_eq!(
        run(
            &mut vm,
            "local co = coroutine.wrap(function(a) return a + wait(2, 1) end) return co(1)"
        ),
        "2"
    );
    assert_eq!(
        run(&mut vm, "return setmetatable({}, {__add = function(_, b) return wait(2, b) end}) + 3"),
        "3"
    );
    assert_eq!(
        run(
            &mut vm,
            "local n = 0 for i in function(_, c) return wait(1, (c or 0) < 3 and (c or 0) + 1 or nil) end do n = n + i end return n"
        ),
        "6"
    );
    let across = "attempt to await across a native call boundary";
    for script in [
        "return select(2, pcall(table.sort, {2, 1}, function(a, b) return wait(1) end))",
        "return select(2, pcall(string.gsub, 'a', 'a', function() wait(1) end))",
        "return select(2, pcall(load, function() return wait(1) end))",
    ] {
        assert!(run(&mut vm, script).contains(across), "{script}: {}", run(&mut vm, script));
    }
    let error = vm.eval("wait(1)").unwrap_err();
    assert_eq!(vm.error_text(&error), "async native called in sync context");
}

#[test]
fn errors_of_futures_are_raised_where_they_are_called() {
    let mut vm = vm();
    let fail = vm.native_async(|polls: u32| async move {
        After(polls).await;
        Err::<(), _>(std::io::Error::other("no luck"))
    });
    vm.set_global("fail", fail).unwrap();
    let panics = vm.native_async(|| async {
        After(1).await;
        panic!("oops");
        #[expect(unreachable_code, reason = "it has a type")]
        ()
    });
    vm.set_global("panics", panics).unwrap();
    assert_eq!(
        run(&mut vm, "local _, e = pcall(function() fail(2) end) return e"),
        "eval:1: no luck"
    );
    assert_eq!(run(&mut vm, "\nfail(0)"), "error: eval:2: no luck");
    assert_eq!(vm.error_source(), Some(("=eval", 2)));
    let traceback = vm.take_error_traceback().unwrap();
    assert!(traceback.contains("[C]: in global 'fail'"), "{traceback}");
    assert_eq!(run(&mut vm, "return select(2, pcall(panics))"), "native panic: oops");
    assert_eq!(
        run(&mut vm, "fail('x')"),
        "error: eval:1: bad argument #1 to 'fail' (number expected, got string)"
    );
}

#[test]
fn runs_are_main_to_scripts() {
    let mut vm = vm();
    assert_eq!(
        run(&mut vm, "return select(2, coroutine.running()), coroutine.isyieldable()"),
        "true false"
    );
    assert_eq!(
        run(&mut vm, "coroutine.yield(1)"),
        "error: attempt to yield from outside a coroutine"
    );
    assert_eq!(run(&mut vm, "x ="), "error: eval:1: unexpected symbol near <eof>");
    assert_eq!(
        run(
            &mut vm,
            "closed = 0 local c <close> = setmetatable({}, {__close = function() closed = closed + 1 end}) error('x', 0)"
        ),
        "error: x"
    );
    assert_eq!(run(&mut vm, "return closed"), "1");
    assert_eq!(run(&mut vm, "coroutine.close()"), "error: eval:1: cannot close main thread");
}

#[test]
fn a_dropped_future_ends_its_run() {
    struct Flag(Rc<Cell<bool>>);
    impl Drop for Flag {
        fn drop(&mut self) {
            self.0.set(true);
        }
    }
    let mut vm = vm();
    let dropped = Rc::new(Cell::new(false));
    let flag = Rc::clone(&dropped);
    let forever = vm.native_async(move || {
        let flag = Flag(Rc::clone(&flag));
        async move {
            let _flag = flag;
            std::future::pending::<()>().await;
        }
    });
    vm.set_global("forever", forever).unwrap();
    let mut future = vm.eval_async(
        "local up = 'kept'
         function peek() return up end
         local c <close> = setmetatable({}, {__close = function() closed = true end})
         co = coroutine.create(function() local inner = 'too' function peek2() return inner end forever() end)
         coroutine.resume(co)",
    );
    assert!(poll_once(&mut future).is_pending());
    assert!(poll_once(&mut future).is_pending());
    drop(future);
    assert!(dropped.get());
    vm.collect_garbage();
    assert_eq!(
        run(&mut vm, "return closed, coroutine.status(co), peek(), peek2(), coroutine.resume(co)"),
        "nil dead kept too false cannot resume dead coroutine"
    );
}

#[test]
fn a_leaked_future_is_given_up_at_the_next_entry() {
    let mut vm = vm();
    let kept = Rc::new(());
    let held = Rc::clone(&kept);
    let forever = vm.native_async(move || {
        let held = Rc::clone(&held);
        async move {
            std::future::pending::<()>().await;
            drop(held);
        }
    });
    vm.set_global("forever", forever).unwrap();
    let mut future = vm.eval_async("run = coroutine.running() forever()");
    assert!(poll_once(&mut future).is_pending());
    std::mem::forget(future);
    assert_eq!(Rc::strong_count(&kept), 3);
    let status = vm.eval("return coroutine.status(run)").unwrap()[0];
    assert_eq!((vm.str_utf8(status), Rc::strong_count(&kept)), (Some("dead"), 2));
    // One that another poll finds is given up as well.
    let mut leaked = vm.eval_async("forever()");
    assert!(poll_once(&mut leaked).is_pending());
    std::mem::forget(leaked);
    let mut next = vm.eval_async("forever()");
    assert!(poll_once(&mut next).is_pending());
    assert_eq!(Rc::strong_count(&kept), 3);
    drop(next);
    assert_eq!(Rc::strong_count(&kept), 2);
}

#[test]
fn interrupts_and_memory_caps_end_a_run() {
    let mut vm = vm();
    add_wait(&mut vm);
    let handle = vm.interrupt_handle();
    let mut future = vm.eval_async("pcall(function() while true do wait(1) end end)");
    assert!(poll_once(&mut future).is_pending());
    handle.interrupt();
    let Poll::Ready(Err(error)) = poll_once(&mut future) else { panic!("it goes on") };
    drop(future);
    assert_eq!(vm.error_text(&error), "interrupted");
    vm.set_memory_cap(Some(vm.memory_used() + 200_000));
    let (result, _) = finish(
        vm.eval_async("local t = {} while true do pcall(function() t[#t + 1] = {wait(1)} end) end"),
    );
    assert_eq!(vm.error_text(&result.unwrap_err()), "memory cap exceeded");
    assert_eq!(run(&mut vm, "return wait(1, 3)"), "3");
}

#[test]
#[should_panic(expected = "EvalFuture polled after completion")]
fn a_future_is_not_polled_twice() {
    let mut vm = vm();
    let mut future = vm.eval_async("return 1");
    assert!(poll_once(&mut future).is_ready());
    let _ = poll_once(&mut future);
}

#[test]
fn budgets_hold_over_slices() {
    let mut vm = vm();
    vm.set_async_slice(100);
    vm.set_instr_budget(Some(10_000));
    let (result, polls) = finish(vm.eval_async("pcall(function() while true do end end)"));
    assert_eq!(vm.error_text(&result.unwrap_err()), "instruction budget exceeded");
    assert!((99..=101).contains(&polls), "{polls} polls");
    assert_eq!(vm.instr_budget_remaining(), None);
    assert_eq!(run(&mut vm, "return 1"), "1");
}

#[test]
fn many_runs_live_side_by_side() {
    let mut vm = vm();
    add_wait(&mut vm);
    vm.set_async_slice(50);
    let body = vm
        .eval("done = 0 return function(n) local s = 0 for i = 1, 100 do s = s + n if i % 25 == 0 then wait(2) end end done = done + 1 return s end")
        .unwrap()[0];
    vm.set_global("body", body).unwrap();
    let mut runs: Vec<_> = (0..200)
        .map(|n| {
            let co = vm.create_coroutine(body);
            (vm.pin_host(co), co, n)
        })
        .collect();
    let mut rounds = 0;
    while !runs.is_empty() {
        rounds += 1;
        runs.retain(|&(pin, co, n)| {
            let cx = &mut Context::from_waker(Waker::noop());
            match vm.poll_coroutine(co, &[Value::Int(n)], cx) {
                Poll::Pending => {
                    assert_eq!(vm.coroutine_status(co), Some(CoroStatus::Suspended));
                    true
                }
                Poll::Ready(result) => {
                    assert!(matches!(result.unwrap()[0], Value::Int(s) if s == 100 * n));
                    assert_eq!(vm.coroutine_status(co), Some(CoroStatus::Dead));
                    vm.unpin(pin).unwrap();
                    false
                }
            }
        });
        if rounds % 5 == 0 {
            vm.collect_garbage();
        }
    }
    assert!(rounds > 10);
    assert!(matches!(vm.get_global("done"), Value::Int(200)));
}

#[test]
fn polled_coroutines_yield_and_are_not_resumed_otherwise() {
    let mut vm = vm();
    add_wait(&mut vm);
    let co = vm.eval("co = coroutine.create(function(a) local b = coroutine.yield(a, wait(1, 5)) return b end) return co").unwrap()[0];
    let cx = &mut Context::from_waker(Waker::noop());
    assert!(vm.poll_coroutine(co, &[Value::Int(1)], cx).is_pending());
    assert_eq!(
        run(&mut vm, "return coroutine.status(co), coroutine.resume(co)"),
        "normal false cannot resume non-suspended coroutine"
    );
    let error = vm.resume_coroutine(co, vec![]).unwrap_err();
    assert_eq!(vm.error_text(&error), "cannot resume non-suspended coroutine");
    let Poll::Ready(Ok(values)) = vm.poll_coroutine(co, &[], cx) else { panic!() };
    assert!(matches!(values[..], [Value::Int(1), Value::Int(5)]));
    assert_eq!(vm.coroutine_status(co), Some(CoroStatus::Suspended));
    let Poll::Ready(Ok(values)) = vm.poll_coroutine(co, &[Value::Int(9)], cx) else { panic!() };
    assert!(matches!(values[..], [Value::Int(9)]));
    let Poll::Ready(Err(error)) = vm.poll_coroutine(co, &[], cx) else { panic!() };
    assert_eq!(vm.error_text(&error), "cannot resume dead coroutine");
    let Poll::Ready(Err(error)) = vm.poll_coroutine(Value::Nil, &[], cx) else { panic!() };
    assert_eq!(vm.error_text(&error), "bad argument #1 to 'resume' (coroutine expected)");
}

#[test]
fn raw_natives_wait() {
    fn sum(
        vm: *mut Vm,
        slot: u32,
        nargs: u32,
    ) -> Pin<Box<dyn Future<Output = Result<u32, luna_core::vm::LuaError>>>> {
        Box::pin(async move {
            let mut sum = 0;
            for i in 0..nargs {
                After(1).await;
                // SAFETY: the pointer is used inside a poll of this future.
                let vm = unsafe { &mut *vm };
                sum += vm.check_arg::<i64>(slot, nargs, i)?;
                let text = vm.intern_str(&format!("after {i}"));
                vm.nat_return(slot, &[Value::Int(sum), Value::Str(text)]);
            }
            Ok(3)
        })
    }
    let mut vm = vm();
    vm.set_async_native("sum", sum).unwrap();
    assert_eq!(run(&mut vm, "return sum(1, 2, 3)"), "6 after 2 nil");
    assert_eq!(
        run(&mut vm, "return pcall(sum, 1, 'x')"),
        "false bad argument #2 to 'sum' (number expected, got string)"
    );
    let co = vm.eval("co = coroutine.create(function() return sum(1) end) return co").unwrap()[0];
    let cx = &mut Context::from_waker(Waker::noop());
    assert!(vm.poll_coroutine(co, &[], cx).is_pending());
    let mut elsewhere = Box::new(vm);
    let Poll::Ready(Err(error)) = elsewhere.poll_coroutine(co, &[], cx) else { panic!() };
    assert!(elsewhere.error_text(&error).contains("the Vm was moved while an async native waited"));
}

#[test]
fn polls_nest_and_a_native_in_the_way_defers() {
    let mut vm = vm();
    add_wait(&mut vm);
    vm.set_async_slice(100);
    let log: Rc<RefCell<Vec<bool>>> = Rc::default();
    let seen = Rc::clone(&log);
    let inner = vm.native_typed(move |vm: &mut Vm| {
        let mut future = vm.eval_async("for i = 1, 1000 do end return wait(2, 4)");
        for _ in 0..100 {
            let polled = poll_once(&mut future);
            seen.borrow_mut().push(polled.is_ready());
            if let Poll::Ready(result) = polled {
                return result.map(|values| values[0]);
            }
        }
        panic!("never ready")
    });
    vm.set_global("inner", inner).unwrap();
    assert_eq!(run(&mut vm, "for i = 1, 500 do end return inner() + wait(1, 1)"), "5");
    assert!(log.borrow().len() > 10);
    let calls = vm.native_typed(|vm: &mut Vm, f: Value| vm.call_value(f, &[]).map(|v| v[0]));
    vm.set_global("calls", calls).unwrap();
    let (result, polls) = finish(vm.eval_async(
        "local n = 0
         for i = 1, 10 do n = n + calls(function() for i = 1, 1000 do end return i end) end return n",
    ));
    assert!(matches!(result.unwrap()[0], Value::Int(55)));
    assert!((10..15).contains(&polls), "{polls}");
    assert_eq!(
        run(&mut vm, "return select(2, pcall(calls, function() return wait(1) end))"),
        "attempt to await across a native call boundary"
    );
}
