//! Limits: exact, and inescapable for scripts.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use luna_core::LuaVersion;
use luna_core::runtime::Value;
use luna_core::vm::{LuaError, LuaErrorKind, Vm};

const BUDGET: &str = "instruction budget exceeded";
const MEMORY: &str = "memory cap exceeded";

fn vm() -> Vm {
    Vm::new(LuaVersion::Lua55)
}

fn text(vm: &Vm, result: Result<Vec<Value>, LuaError>) -> String {
    match result {
        Ok(values) => format!("{} values", values.len()),
        Err(error) => vm.error_text(&error),
    }
}

/// Scripts that try to run forever in every way there is.
const ENDLESS: &[&str] = &[
    "while true do end",
    "repeat until false",
    "for i = 1, math.huge do end",
    "goto a ::b:: goto a ::a:: goto b",
    "pcall(function() while true do end end) while true do end",
    "while true do pcall(error) end",
    "xpcall(function() while true do end end, function() while true do end end)",
    "xpcall(error, function() while true do end end)",
    "local function f() return f() end f()",
    "coroutine.wrap(function() while true do end end)()",
    "while true do coroutine.resume(coroutine.create(function() while true do end end)) end",
    "local co = coroutine.wrap(function() while true do coroutine.yield() end end) while true do co() end",
    "local t = setmetatable({}, {__index = function() while true do end end}) return t.x",
    "local t = setmetatable({}, {__add = function() while true do end end}) return t + 1",
    "local t <close> = setmetatable({}, {__close = function() while true do end end})",
    "local t <close> = setmetatable({}, {__close = function() while true do end end}) while true do end",
    "setmetatable({}, {__gc = function() while true do end end}) while true do local t = {} end",
    "table.sort({3, 2, 1, 5, 4}, function() while true do end end)",
    "string.gsub('aaa', 'a', function() while true do end end)",
    "for k in pairs(setmetatable({}, {__pairs = function() while true do end end})) do end",
    "load(function() while true do end end)",
    "string.rep('a', 1 << 24):find(('.-'):rep(20) .. 'b')",
    "local t = {} for i = 1, 100 do t[i] = i end while true do table.concat(t) end",
    "local t = {} while true do table.insert(t, 1, 1) end",
    "while true do string.rep('x', 10000) end",
    "local s = string.rep('x', 100000) while true do s:byte(1, 1) s:upper() end",
    "local a, b = string.rep('x', 1 << 20), string.rep('x', 1 << 20) while true do local e = a == b end",
    "local a, b = string.rep('x', 1 << 20), string.rep('x', 1 << 20) while true do local e = a < b end",
    "local s = string.rep('x', 1 << 20) while true do local t = s .. 1 end",
    "local t = {} for i = 1, 1000 do t = setmetatable({}, {__index = t}) end while true do local x = t.x end",
    "coroutine.wrap(function() debug.sethook(function() while true do end end, 'c') print() end)()",
];

#[test]
fn nothing_outruns_the_budget() {
    for source in ENDLESS {
        let mut vm = vm();
        vm.set_instr_budget(Some(400_000));
        let result = vm.eval(source);
        assert_eq!(text(&vm, result), BUDGET, "{source}");
        assert_eq!(vm.error_kind(), LuaErrorKind::InstrBudget, "{source}");
        assert_eq!(vm.instr_budget_remaining(), None, "disarmed: {source}");
        let after = vm.eval("local n = 0 for i = 1, 1000 do n = n + i end return n").unwrap();
        assert!(matches!(after[0], Value::Int(500_500)), "usable afterwards: {source}");
    }
}

#[test]
fn the_budget_counts_instructions_exactly() {
    let mut vm = vm();
    let used = |vm: &mut Vm, n: i64| {
        let loaded = vm.load(format!("for i = 1, {n} do end").as_bytes(), b"=loop").unwrap();
        vm.set_instr_budget(Some(1_000_000));
        vm.call_value(Value::Closure(loaded), &[]).unwrap();
        1_000_000 - vm.instr_budget_remaining().unwrap()
    };
    let (ten, twenty) = (used(&mut vm, 10), used(&mut vm, 20));
    assert_eq!(twenty - ten, 10, "one unit for each turn");
    let loaded = vm.load(b"for i = 1, 10 do end", b"=loop").unwrap();
    vm.set_instr_budget(Some(ten));
    assert!(vm.call_value(Value::Closure(loaded), &[]).is_ok(), "just enough");
    let loaded = vm.load(b"for i = 1, 10 do end", b"=loop").unwrap();
    vm.set_instr_budget(Some(ten - 1));
    assert!(vm.call_value(Value::Closure(loaded), &[]).is_err(), "one too few");
}

#[test]
fn an_empty_budget_trips_at_once() {
    for units in [0, -5, i64::MIN] {
        let mut vm = vm();
        vm.set_instr_budget(Some(units));
        let result = vm.eval("return 1");
        assert_eq!(text(&vm, result), BUDGET);
    }
}

#[test]
fn a_native_that_swallows_a_trip_fails_on_its_return() {
    let mut vm = vm();
    let seen = Rc::new(Cell::new(0));
    let counter = Rc::clone(&seen);
    let swallow = vm.native_typed(move |vm: &mut Vm, f: Value| {
        counter.set(counter.get() + 1);
        i64::from(vm.call_value(f, &[]).is_ok())
    });
    vm.set_global("swallow", swallow).unwrap();
    vm.set_instr_budget(Some(10_000));
    let result = vm.eval("pcall(swallow, function() while true do end end) return 'went on'");
    assert_eq!(text(&vm, result), BUDGET);
    assert_eq!(seen.get(), 1);
}

#[test]
fn a_host_frame_may_arm_a_new_budget_after_a_trip() {
    let mut vm = vm();
    let retry = vm.native_typed(move |vm: &mut Vm, f: Value| {
        let first = vm.call_value(f, &[]).is_err();
        let left = vm.instr_budget_remaining();
        vm.set_instr_budget(Some(100_000));
        first && left == Some(0)
    });
    vm.set_global("retry", retry).unwrap();
    vm.set_instr_budget(Some(10_000));
    let values = vm.eval("return retry(function() while true do end end), 'went on'").unwrap();
    assert!(matches!(values[0], Value::Bool(true)));
    assert!(vm.instr_budget_remaining().is_some_and(|left| left > 90_000));
}

/// Scripts that ask for more memory than there is.
const HUNGRY: &[&str] = &[
    "local t = {} while true do t[#t + 1] = {} end",
    "local t = {} for i = 1, math.huge do t[i] = i end",
    "local t = {} for i = 1, math.huge do t[i * 2.5] = i end",
    "local s = 'x' while true do s = s .. s end",
    "string.rep('x', 1 << 30)",
    "local s = string.rep('x', 100000) local t = {} while true do t[#t + 1] = s .. #t end",
    "local t = {} while true do t[#t + 1] = function() return t end end",
    "local t = {} while true do t[#t + 1] = coroutine.create(print) end",
    "local function f() return 1 + f() end f()",
    "local t = {} while true do pcall(table.insert, t, string.rep('x', 1000)) end",
    "local t = table.create(1 << 24)",
    "collectgarbage('stop') while true do local t = {} end",
    "local t = {} while true do t[#t + 1] = string.format('%99d%99d', 1, #t) end",
    "local co = coroutine.wrap(function() local t = {} while true do t[#t + 1] = {} end end) pcall(co)",
    "local s = ('x'):rep(100000) s:gsub('x', s)",
    "local s = ('x'):rep(100000) s:gsub('.*', ('%0'):rep(10000))",
    "local s = ('x'):rep(100000) s:gsub('x', function() return s end)",
    "local s, t = ('x'):rep(100000), {} for i = 1, 1000 do t[i] = s end table.concat(t)",
    "local s, t = ('x'):rep(100000), {} for i = 1, 100 do t[i] = s end string.format(('%s'):rep(100), table.unpack(t))",
    "local s, t = ('x'):rep(100000), {} for i = 1, 100 do t[i] = s end string.pack(('z'):rep(100), table.unpack(t))",
    "local s = ('x'):rep(100000) load(function() return s end)",
    "io.open('/dev/zero'):read('a')",
    "io.open('/dev/zero'):read(1 << 30)",
    "io.open('/dev/zero'):read('l')",
];

#[test]
fn nothing_outgrows_the_memory_cap() {
    for source in HUNGRY {
        let mut vm = vm();
        let cap = vm.memory_used() + 4_000_000;
        vm.set_memory_cap(Some(cap));
        vm.set_instr_budget(Some(200_000_000));
        let result = vm.eval(source);
        // Garbage that a stopped collector keeps is collected all the same.
        let expected = if source.starts_with("collectgarbage") { BUDGET } else { MEMORY };
        assert_eq!(text(&vm, result), expected, "{source}");
        assert!(vm.memory_used() < cap + 65_536, "{} of {cap}: {source}", vm.memory_used());
        vm.set_instr_budget(None);
        vm.set_memory_cap(None);
        assert!(vm.eval("return #('x'):rep(1000)").is_ok(), "usable afterwards: {source}");
    }
}

#[test]
fn a_finalizer_has_a_budget_of_its_own() {
    let mut vm = vm();
    vm.set_warnings(false);
    vm.set_finalizer_budget(Some(1000));
    vm.eval("setmetatable({}, {__gc = function() while true do end end})").unwrap();
    vm.collect_garbage();
    let log = vm.warn_log_take();
    assert_eq!(log, vec![format!("error in __gc ({BUDGET})").into_bytes()]);
    assert!(vm.eval("return 1").is_ok());
}

#[test]
fn errors_have_kinds_and_sources() {
    let cases: &[(&str, LuaErrorKind, Option<u32>)] = &[
        ("x =", LuaErrorKind::Syntax, Some(1)),
        ("\nerror('x')", LuaErrorKind::Runtime, Some(2)),
        ("return nil + 1", LuaErrorKind::Type, Some(1)),
        ("\n\nlocal t = nil; t.x = 1", LuaErrorKind::Type, Some(3)),
        ("string.rep()", LuaErrorKind::Type, Some(1)),
        (
            "local ok, e = pcall(function() return #nil end) error(e, 0)",
            LuaErrorKind::Type,
            Some(1),
        ),
        ("fail()", LuaErrorKind::Native, Some(1)),
    ];
    for (source, kind, line) in cases {
        let mut vm = vm();
        let fail = vm.native_typed(|| -> Result<i64, std::fmt::Error> { Err(std::fmt::Error) });
        vm.set_global("fail", fail).unwrap();
        assert!(vm.eval_chunk(source, "@kinds.lua").is_err());
        assert_eq!(vm.error_kind(), *kind, "{source}");
        assert_eq!(vm.error_source(), line.map(|line| ("@kinds.lua", line)), "{source}");
    }
}

/// Stops `source` from another thread once it has said that it runs.
fn interrupted(source: &str) -> (Vm, String) {
    let mut vm = Vm::new(LuaVersion::Lua55);
    let (running, runs) = mpsc::channel();
    let started = vm.native_typed(move || running.send(()).unwrap_or_default());
    vm.set_global("started", started).expect("a global");
    let handle = vm.interrupt_handle();
    let stopper = thread::spawn(move || {
        runs.recv_timeout(Duration::from_secs(60)).expect("it runs");
        assert!(handle.interrupt());
    });
    let error = vm.eval(source).expect_err(source);
    stopper.join().expect("it was there");
    let text = vm.error_text(&error);
    (vm, text)
}

#[test]
fn another_thread_stops_a_script() {
    for source in [
        "started() while true do end",
        "started() for i = 1, math.maxinteger do end",
        "started() ::again:: goto again",
        "started() while true do pcall(error) end",
        "local function f() return f() end started() f()",
        "started() while true do pcall(function() while true do end end) end",
        "started() while true do xpcall(error, function() while true do end end) end",
        "local co = coroutine.wrap(function() while true do coroutine.yield() end end) started() while true do co() end",
        "local co = coroutine.wrap(function() started() while true do end end) co()",
        "started() local t <close> = setmetatable({}, { __close = function() while true do end end })",
        "local t = setmetatable({}, { __index = function(t, k) return t[k + 1] end }) started() while true do pcall(function() return t[1] end) end",
        "local s = ('a'):rep(30) started() while true do pcall(string.find, s, ('a*'):rep(30) .. 'b') end",
        "started() while true do ('x'):rep(1000000) end",
        "local t = {} for i = 1, 100000 do t[i] = i % 7 end started() while true do table.sort(t) table.concat(t) end",
        "started() string.gsub(('x'):rep(1000), '.', function() while true do end end)",
        "started() table.sort({ 1, 2, 3, 4 }, function() while true do end end)",
        "debug.sethook(function() end, 'crl', 1) started() while true do end",
        "setmetatable({}, { __gc = function() started() while true do end end }) while true do collectgarbage() end",
    ] {
        let (mut vm, text) = interrupted(source);
        assert_eq!(text, "interrupted", "{source}");
        assert_eq!(vm.error_kind(), LuaErrorKind::Interrupted);
        // It is over with that: the Vm goes on.
        assert!(matches!(vm.eval("return 1").unwrap()[0], Value::Int(1)), "{source}");
    }
}

#[test]
fn an_interrupt_waits_for_the_next_entry() {
    let mut vm = Vm::new(LuaVersion::Lua55);
    let handle = vm.interrupt_handle();
    assert!(handle.interrupt());
    handle.clear();
    assert!(vm.eval("for i = 1, 1000 do end return 1").is_ok());
    assert!(handle.interrupt());
    let error = vm.eval("return 1").unwrap_err();
    assert_eq!(vm.error_text(&error), "interrupted");
    assert!(vm.eval("return 1").is_ok());
    drop(vm);
    assert!(!handle.interrupt());
    handle.clear();
}

#[test]
fn an_interrupt_is_no_budget() {
    let mut vm = Vm::new(LuaVersion::Lua55);
    vm.set_instr_budget(Some(1_000_000));
    vm.interrupt_handle().interrupt();
    let error = vm.eval("return 1").unwrap_err();
    assert_eq!(vm.error_text(&error), "interrupted");
    assert!(vm.instr_budget_remaining().is_some_and(|left| left > 999_000));
    assert!(vm.eval("for i = 1, 1000 do end").is_ok());
    let error = vm.eval("while true do end").unwrap_err();
    assert_eq!(vm.error_text(&error), "instruction budget exceeded");
}

#[test]
fn many_threads_may_interrupt_at_once() {
    let mut vm = Vm::new(LuaVersion::Lua55);
    let stop = Arc::new(AtomicBool::new(false));
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let (handle, stop) = (vm.interrupt_handle(), Arc::clone(&stop));
            thread::spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    handle.interrupt();
                    thread::sleep(Duration::from_micros(50));
                }
            })
        })
        .collect();
    let mut stopped = 0;
    for _ in 0..200 {
        if let Err(error) = vm.eval("local t = {} for i = 1, 20000 do t[i % 10] = { i } end") {
            assert_eq!(vm.error_text(&error), "interrupted");
            stopped += 1;
        }
    }
    stop.store(true, Ordering::Relaxed);
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    assert!(stopped > 0);
    vm.interrupt_handle().clear();
    assert!(vm.eval("for i = 1, 100 do end").is_ok());
}
