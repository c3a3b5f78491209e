//! `memory_used` against what the process really allocates.
//!
//! The account is of cells and buffers. What may come on top: 64 KiB blocks that are partly used, and as many empty ones as there are in
//! use or half of what was spare a cycle before, unless a cap forbids it; and the collector's own lists, at most sixteen bytes an object.
// Cells in quarantine are accounted for by nobody.
#![cfg(not(any(gc_zeal, asan)))]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use luna_core::runtime::Value;
use luna_core::vm::GcMode;
use luna_core::{LuaVersion, Vm};

/// Counts the bytes that are allocated and not freed.
struct Counting;

static BYTES: AtomicUsize = AtomicUsize::new(0);
/// The most they have been.
static PEAK: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call goes to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let bytes = BYTES.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        PEAK.fetch_max(bytes, Ordering::Relaxed);
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
static COUNTING: Counting = Counting;

/// Programs that keep much of one kind in the global `kept`, with the number of objects they make at most.
const PROGRAMS: &[(&str, &str)] = &[
    ("short strings", "kept = {} for i = 1, 100000 do kept[i] = 'string ' .. i end"),
    ("long strings", "kept = {} for i = 1, 2000 do kept[i] = ('x'):rep(3000 + i) end"),
    ("huge strings", "kept = {} for i = 1, 20 do kept[i] = ('x'):rep(500000 + i) end"),
    ("arrays", "kept = {} for i = 1, 20000 do kept[i] = {i, i, i, i} end"),
    ("records", "kept = {} for i = 1, 20000 do kept[i] = {x = i, y = i, z = i} end"),
    ("one array", "kept = {} for i = 1, 1000000 do kept[i] = i end"),
    ("one hash", "kept = {} for i = 1, 200000 do kept[i * 1.5] = i end"),
    ("closures", "kept = {} for i = 1, 50000 do kept[i] = function() return i end end"),
    ("coroutines", "kept = {} for i = 1, 2000 do kept[i] = coroutine.create(function() coroutine.yield() end) coroutine.resume(kept[i]) end"),
    ("deep coroutines", "local function f(n) if n > 0 then return 1 + f(n - 1) end coroutine.yield() end
        kept = {} for i = 1, 20 do kept[i] = coroutine.wrap(f) kept[i](5000) end"),
    ("functions", "kept = {} for i = 1, 5000 do kept[i] = load('local a, b, c = ... return function() return a + b * c, \"' .. i .. '\" end') end"),
    ("to be closed", "local function f(n) local x <close> = nil if n > 0 then local r = f(n - 1) return r end coroutine.yield() end
        kept = {} for i = 1, 20 do kept[i] = coroutine.wrap(f) kept[i](2000) end"),
];

/// The tests of this file count the same bytes.
static ALONE: Mutex<()> = Mutex::new(());

/// Bytes of blocks that an earlier Vm of the thread may have left for a later one.
const SPARE: usize = 32 << 16;

/// Most that the process may allocate for `used` bytes and so many objects.
fn most(used: usize, objects: usize) -> usize {
    used * 2 + (2 << 20) + objects * 16
}

#[test]
fn the_account_is_the_allocators() {
    let _alone = ALONE.lock();
    let modes = [GcMode::Incremental, GcMode::Generational];
    for ((name, program), mode) in PROGRAMS.iter().flat_map(|p| modes.map(|m| (p, m))) {
        let (mut vm, outside) = (Vm::new(LuaVersion::Lua55), BYTES.load(Ordering::Relaxed));
        vm.set_gc_mode(mode);
        let before = vm.memory_used();
        vm.eval(program).unwrap_or_else(|error| panic!("{name}: {error}"));
        vm.collect_garbage();
        assert_eq!(vm.check_heap(), Ok(()), "{name}");
        let (used, objects) = (vm.memory_used() - before, vm.heap.live_objects());
        let real = BYTES.load(Ordering::Relaxed).saturating_sub(outside);
        assert!(
            real + SPARE >= used / 20 * 19,
            "{name}: {used} bytes are charged, {real} are allocated"
        );
        assert!(real <= most(used, objects), "{name}: {used} bytes are charged, {real} allocated");
        let kept = vm.memory_used();
        vm.set_global_value("kept", Value::Nil).expect("the name is free");
        vm.collect_garbage();
        assert!(vm.memory_used() < kept - used / 10 * 9, "{name}: what is let go is given back");
        drop(vm);
    }
}

/// One class of cells after the other is used and given up: what one has freed must serve the next.
#[test]
fn blocks_serve_every_class() {
    let _alone = ALONE.lock();
    let mut vm = Vm::new(LuaVersion::Lua55);
    let outside = BYTES.load(Ordering::Relaxed);
    let program = "local n = ... kept = {} for i = 1, 20000 do local t = {} for j = 1, n do t[j] = j end kept[i] = t end kept = nil";
    let function = vm.load(program.as_bytes(), b"=classes").expect("compiles");
    vm.pin_host(Value::Closure(function));
    for n in [4, 8, 16, 32, 64, 128] {
        vm.call_value(Value::Closure(function), &[Value::Int(n)]).expect("runs");
        vm.collect_garbage();
        assert_eq!(vm.check_heap(), Ok(()));
    }
    // Each cycle gives back half of what is spare.
    for _ in 0..4 {
        vm.collect_garbage();
    }
    let real = BYTES.load(Ordering::Relaxed).saturating_sub(outside);
    assert!(real <= (4 << 20) + SPARE, "{real} bytes are allocated for {}", vm.memory_used());
}

/// Minor cycles free what is young and leave what is old, until so much of that was made that a full cycle is due.
#[test]
fn minor_cycles_free_young_objects() {
    let _alone = ALONE.lock();
    let mut vm = Vm::new(LuaVersion::Lua55);
    vm.set_gc_mode(GcMode::Generational);
    vm.eval("kept = {} for i = 1, 100000 do kept[i] = {i} end").expect("runs");
    vm.collect_garbage();
    let (used, objects) = (vm.memory_used(), vm.heap.live_objects());
    vm.eval("for i = 1, 2000000 do local brief = {i} end").expect("runs");
    assert!(vm.memory_used() < used * 3 / 2, "{} of {used} bytes", vm.memory_used());
    vm.eval("for round = 1, 10 do for i = 1, 100000 do kept[i] = {i} end end").expect("runs");
    assert!(vm.memory_used() < used * 3, "{} of {used} bytes", vm.memory_used());
    assert_eq!(vm.check_heap(), Ok(()));
    vm.collect_garbage();
    assert!(vm.heap.live_objects() <= objects + 16, "{} objects", vm.heap.live_objects());
}

/// A script that leaves one small object in each block cannot make the process take much more than the cap.
#[test]
fn blocks_hardly_exceed_the_cap() {
    const CAP: usize = 4 << 20;
    let _alone = ALONE.lock();
    let mut vm = Vm::new(LuaVersion::Lua55);
    let outside = BYTES.load(Ordering::Relaxed);
    vm.set_memory_cap(Some(CAP));
    let program = "kept = {} for class = 41, 3000, 64 do local s = ('x'):rep(class)
        local t = {} for i = 1, 1000000 // class do t[i] = s .. i end
        for i = 1, #t, 60000 // class do kept[#kept + 1] = t[i] end end";
    let error = vm.eval(program).expect_err("the blocks are full of holes");
    assert_eq!(vm.error_text(&error), "memory cap exceeded");
    let real = BYTES.load(Ordering::Relaxed) - outside;
    assert!(real <= CAP + (2 << 20), "{real} bytes are allocated");
}

/// What a compilation or a loader takes stays within the cap, but for the list that moves when the room ends.
#[test]
fn chunks_are_compiled_within_the_cap() {
    const CAP: usize = 1 << 20;
    const SOURCE: usize = 4 << 20;
    let _alone = ALONE.lock();
    let pieces = "local n = 0 return load(function() n = n + 1 if n < COUNT then return ('x = 1 '):rep(100) end end)";
    let sources = [
        ("statements", "x = 1 ".repeat(SOURCE / 6)),
        ("names", (0..SOURCE / 16).map(|i| format!("x{i:08} = 1 ; ")).collect()),
        ("one string", format!("return '{}'", "x".repeat(SOURCE))),
        ("escapes", format!("return '{}'", "\\n".repeat(SOURCE / 2))),
        ("a constructor", format!("return {{{}}}", "1,".repeat(SOURCE / 2))),
        ("an expression", format!("return x{}", "+1".repeat(SOURCE / 2))),
        ("a chain", format!("return x{}", ".y".repeat(SOURCE / 2))),
        ("functions", "function f() end ".repeat(SOURCE / 17)),
        ("labels", (0..SOURCE / 16).map(|i| format!("::l{i:07}:: a() ")).collect()),
        ("globals", format!("global {} x", "x,".repeat(SOURCE / 2))),
        ("breaks", format!("while x do {} end", "break ".repeat(SOURCE / 6))),
        ("empty", ";".repeat(SOURCE)),
        ("pieces", pieces.replace("COUNT", "10000")),
        ("few pieces", pieces.replace("COUNT", "300")),
        ("binary", "load(string.dump(load('return {' .. ('nil,'):rep(40000) .. '}')))".to_owned()),
    ];
    for (name, source) in &sources {
        let mut vm = Vm::new(LuaVersion::Lua55);
        vm.set_bytecode_loading(true);
        vm.set_memory_cap(Some(CAP));
        let outside = BYTES.load(Ordering::Relaxed);
        for host in [true, false] {
            PEAK.store(outside, Ordering::Relaxed);
            let message = if host {
                vm.load(source.as_bytes(), b"=big").err().map(|error| error.to_string())
            } else {
                vm.set_memory_cap(Some(CAP));
                vm.eval(source).err().map(|error| vm.error_text(&error))
            };
            let peak = PEAK.load(Ordering::Relaxed) - outside;
            let blocks = if name.ends_with("pieces") { 1 << 20 } else { 0 };
            assert!(peak <= 2 * CAP + blocks, "{name}: {peak} bytes were allocated");
            let wanted = if host || !name.ends_with("pieces") {
                "not enough memory"
            } else {
                "memory cap exceeded"
            };
            if !(host && blocks > 0 || matches!(*name, "empty" | "few pieces" | "binary")) {
                assert_eq!(message.as_deref(), Some(wanted), "{name}");
            }
        }
    }
}

/// A compilation can be refused anything at any point.
#[test]
fn compilations_stop_wherever_the_room_ends() {
    const PROGRAM: &str = "local a <const>, t = 1, {1, 2, x = 'y\\n', ['z'] = a, f(), ...}
        for i = 1, #t do local c = function(p, q, ...) return p .. q, i, ... end if c then break end end
        for k, v in pairs(t) do t[k], v.x.y = v:m(a)(k), not v goto continue ::continue:: end
        global none, print; global g, h <const> = 1, 2; global function z(...t) return t.n, t[1] end
        repeat local d <close> = nil until a == 1 and t or d while true do break end
        function t.u.v:w() self.x = -a + 2 ^ 3 // 4 end return a, (f()), { 1, 2 }, 0x1p4, [[long\r\nstring]]";
    let _alone = ALONE.lock();
    let source = PROGRAM.replace("none, ", "f, pairs, ");
    let mut vm = Vm::new(LuaVersion::Lua55);
    let mut refused = 0;
    for room in (0..40_000).step_by(8) {
        vm.set_memory_cap(Some(vm.memory_used() + room));
        match vm.load(source.as_bytes(), b"=program") {
            Ok(_) => break,
            Err(error) if error.line == 0 => refused += 1,
            Err(error) => panic!("{error}"),
        }
    }
    assert!(refused > 200, "{refused} sizes were too small");
}

/// What fails again and again, finalizers and close methods, is under the cap.
#[test]
fn chains_of_errors_are_under_the_cap() {
    const CAP: usize = 8 << 20;
    let _alone = ALONE.lock();
    let programs = [
        "local mt = {__gc = function() error(s) end}
         for i = 1, 3000 do t = {t, setmetatable({}, mt)} end t = nil collectgarbage()",
        "local mt = {__close = function() error(s) end}
         local function f(n) local x <close> = setmetatable({}, mt) if n > 0 then return (f(n - 1)) end error 'x' end
         pcall(f, 1000)",
        "local mt = {__close = function() error(s) end}
         local function f(n) local x <close> = setmetatable({}, mt) if n > 0 then return (f(n - 1)) end coroutine.yield() end
         local co = coroutine.create(f) coroutine.resume(co, 1000) coroutine.close(co)",
    ];
    for program in programs {
        let mut vm = Vm::new(LuaVersion::Lua54);
        vm.eval("s = ('x'):rep(100000)").expect("runs");
        vm.set_memory_cap(Some(CAP));
        let outside = BYTES.load(Ordering::Relaxed);
        PEAK.store(outside, Ordering::Relaxed);
        if let Err(error) = vm.eval(program) {
            assert_eq!(vm.error_text(&error), "memory cap exceeded", "{program}");
        }
        let peak = PEAK.load(Ordering::Relaxed) - outside;
        assert!(peak <= CAP + (2 << 20), "{peak} bytes were allocated by {program}");
    }
}
