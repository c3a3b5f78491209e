//! Scripts that ask for more than the allocator has: an error that they may catch, never the end of the process.
// Cells in quarantine are memory that nobody can have.
#![cfg(not(any(gc_zeal, asan)))]

use std::alloc::{GlobalAlloc, Layout, System};
use std::ptr::null_mut;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use luna_core::vm::{GcMode, LuaErrorKind};
use luna_core::{LuaVersion, Vm};

/// Has no more than `MOST` bytes.
struct Limited;

static BYTES: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(usize::MAX);

// SAFETY: what is not refused goes to the system's allocator.
unsafe impl GlobalAlloc for Limited {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let before = BYTES.fetch_add(layout.size(), Ordering::Relaxed);
        if before.saturating_add(layout.size()) > MOST.load(Ordering::Relaxed) {
            BYTES.fetch_sub(layout.size(), Ordering::Relaxed);
            return null_mut();
        }
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        BYTES.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(ptr, layout) }
    }
}

#[global_allocator]
static LIMITED: Limited = Limited;

/// The limit is the process's.
static ALONE: Mutex<()> = Mutex::new(());

/// Bytes that a program may take.
const ROOM: usize = 12 << 20;

/// Programs that take all there is, in small pieces and in large ones.
const PROGRAMS: &[(&str, &str)] = &[
    ("tables", "t = {} while true do t[#t + 1] = {} end"),
    ("a list", "while true do t = {t} end"),
    ("records", "t = {} while true do t = {next = t, x = 1, y = 2} end"),
    ("short strings", "t = {} local i = 0 while true do i = i + 1 t[i] = 'string ' .. i end"),
    ("middling strings", "t = {} while true do t[#t + 1] = ('x'):rep(5000) end"),
    ("long strings", "t = {} while true do t[#t + 1] = ('x'):rep(200000 + #t) end"),
    ("one string", "t = 'x' while true do t = t .. t end"),
    ("keys", "t = {} local i = 0 while true do i = i + 1 t[i + 0.5] = true end"),
    ("elements", "t = {} local i = 0 while true do i = i + 1 t[i] = i end"),
    ("closures", "t = {} while true do local x t[#t + 1] = function() return x end end"),
    ("coroutines", "t = {} while true do t[#t + 1] = coroutine.create(print) end"),
    (
        "suspended",
        "t = {} while true do local c = coroutine.wrap(function() coroutine.yield() end) c() t[#t + 1] = c end",
    ),
    (
        "recursion",
        "local function f(n) return 1 + f(n + 1) end for i = 1, 1000 do t = {t, coroutine.create(f)} coroutine.resume(t[2], 1) end while true do t = {t} end",
    ),
    (
        "functions",
        "t = {} while true do t[#t + 1] = assert(load('local a, b = ... return function() return a .. b end')) end",
    ),
    (
        "concat",
        "t = {} for i = 1, 100000 do t[i] = 'element' .. i end u = {} while true do u[#u + 1] = table.concat(t, ', ') end",
    ),
    ("gsub", "t = {} while true do t[#t + 1] = (('abc '):rep(10000):gsub('%w+', '<%0>')) end"),
    ("format", "t = {} while true do t[#t + 1] = ('%99d%99d'):format(#t, #t) end"),
    (
        "unpack",
        "t = {} for i = 1, 200000 do t[i] = i end u = {} while true do u[#u + 1] = {table.unpack(t)} end",
    ),
    ("weak", "t = {} while true do t[#t + 1] = setmetatable({}, {__mode = 'k'}) end"),
    (
        "finalizers",
        "t = {} while true do t[#t + 1] = setmetatable({}, {__gc = function() end}) end",
    ),
    (
        "a source",
        "t = {} while true do t[#t + 1] = '\"' .. #t .. '\", ' if #t % 1000 == 0 then assert(load('return {' .. table.concat(t) .. '}')) end end",
    ),
];

/// Runs `body` with little memory.
fn with_little<R>(body: impl FnOnce() -> R) -> R {
    MOST.store(BYTES.load(Ordering::Relaxed) + ROOM, Ordering::Relaxed);
    let result = body();
    MOST.store(usize::MAX, Ordering::Relaxed);
    result
}

#[test]
fn a_script_cannot_end_the_process() {
    let _alone = ALONE.lock();
    for mode in [GcMode::Incremental, GcMode::Generational] {
        for (name, program) in PROGRAMS {
            let mut vm = Vm::new(LuaVersion::Lua55);
            vm.set_gc_mode(mode);
            let error = with_little(|| vm.eval(program)).expect_err(name);
            assert!(vm.error_text(&error).ends_with("not enough memory"), "{name}: {error}");
            // What `load` answers is a message.
            let told = ["functions", "a source"].contains(name);
            assert!(told || vm.error_kind() == LuaErrorKind::OutOfMemory, "{name}");
            vm.eval("t, u = nil").expect(name);
            vm.collect_garbage();
            assert_eq!(vm.check_heap(), Ok(()), "{name}");
            vm.eval("local n = 0 for i = 1, 100000 do n = n + #{i, i} end assert(n == 200000)")
                .expect(name);
        }
    }
}

#[test]
fn a_script_may_catch_it_and_go_on() {
    let _alone = ALONE.lock();
    for (name, program) in PROGRAMS {
        let mut vm = Vm::new(LuaVersion::Lua54);
        vm.set_global("program", *program).expect("a free name");
        let caught = "for round = 1, 3 do
            local ok, message = pcall(load(program))
            assert(not ok and message:find('not enough memory'), message)
            t, u = nil
            collectgarbage() -- calls finalizers
            collectgarbage() -- frees what they saw
          end
          return 'went on'";
        with_little(|| vm.eval(caught)).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}
