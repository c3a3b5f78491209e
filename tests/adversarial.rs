//! Scripts that want more than they may have, in `adversarial`: each ends in the error that its first line names, in bounded time and memory.
//!
//! Builds that collect or move everything all the time have no bounds to speak of.
#![cfg(not(any(gc_zeal, stack_zeal, asan)))]

use std::alloc::{GlobalAlloc, Layout, System};
use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use luna_core::{LuaVersion, Vm};
use luna_tests::repository;

/// Units that a script may spend.
const BUDGET: i64 = 1_000_000;
/// Bytes that its state may hold.
const CAP: usize = 8 << 20;
/// Bytes beyond the cap: what small allocations overshoot, and blocks that are partly used.
const SLACK: usize = (64 << 10) + if CAP / 4 > 1 << 20 { CAP / 4 } else { 1 << 20 };
/// How many times as long as an empty loop of the same budget a script may take.
const TIMES: u32 = 20;

/// The system's allocator, which counts.
struct Counting;

/// Bytes allocated now.
static NOW: AtomicUsize = AtomicUsize::new(0);
/// The most there were.
static PEAK: AtomicUsize = AtomicUsize::new(0);

/// Counts an allocation.
fn grown(bytes: usize) {
    let now = NOW.fetch_add(bytes, Ordering::Relaxed) + bytes;
    PEAK.fetch_max(now, Ordering::Relaxed);
}

// SAFETY: H2; every call is handed to the system's allocator as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        grown(layout.size());
        // SAFETY: H2; the layout is passed on as it came.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        grown(layout.size());
        // SAFETY: H2; as `alloc`: zeroing is the system's, too.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: H2; `place` is the system's, as all that is handed out here.
        unsafe { System.dealloc(place, layout) }
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // In place, as far as what the state may hold goes.
        NOW.fetch_sub(layout.size(), Ordering::Relaxed);
        grown(size);
        // SAFETY: H2; `place` is the system's, and the size is one the caller vouches for.
        unsafe { System.realloc(place, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// How a run has ended.
struct Ending {
    message: String,
    time: Duration,
    /// Bytes at its peak, more than before the state was made.
    memory: usize,
}

/// Runs a script in a sandbox.
fn run(version: LuaVersion, source: &str) -> Ending {
    let before = NOW.load(Ordering::Relaxed);
    PEAK.store(before, Ordering::Relaxed);
    let mut vm = Vm::sandbox(version)
        .open_base()
        .open_coroutine()
        .open_string()
        .open_table()
        .open_math()
        .open_utf8()
        .with_instr_budget(BUDGET)
        .with_memory_cap(CAP)
        .build();
    let start = Instant::now();
    let result = vm.eval_chunk(source, "=script");
    let time = start.elapsed();
    let memory = PEAK.load(Ordering::Relaxed) - before;
    let message = match result {
        Ok(_) => "nothing".to_owned(),
        Err(error) => vm.error_text(&error),
    };
    vm.set_instr_budget(None);
    vm.set_memory_cap(None);
    assert!(vm.eval("return 1 + 1").is_ok(), "the state works afterwards");
    Ending { message, time, memory }
}

/// What is wrong with how a script ends; how much it takes is not asked if it is `known` to take too much.
fn judge(
    version: LuaVersion,
    name: &str,
    source: &str,
    longest: Duration,
    known: bool,
) -> Option<String> {
    let (head, _) = source.split_once('\n')?;
    let expected = head.strip_prefix("-- ends with: ").expect("the first line says how it ends");
    let mut ending = run(version, source);
    if !expected.split('|').any(|text| ending.message.contains(text)) {
        return Some(format!(
            "{name}: ends with \"{}\" in place of \"{expected}\"",
            ending.message
        ));
    }
    if known {
        return None;
    }
    if ending.memory > CAP + SLACK {
        return Some(format!("{name}: takes {} bytes under a cap of {CAP}", ending.memory));
    }
    for _ in 0..3 {
        // What is not optimised has no proportions.
        if ending.time <= longest || cfg!(debug_assertions) {
            return None;
        }
        if ending.time > longest * 10 {
            break;
        }
        // Somebody else may have had the machine.
        ending = run(version, source);
    }
    Some(format!("{name}: takes {:?}, and may take {longest:?}", ending.time))
}

#[test]
fn hostile_scripts_end() {
    let mut wrong = Vec::new();
    let package = repository::package();
    let paths = repository::files(&package.join("adversarial"), "lua");
    assert!(paths.len() >= 120, "{} scripts", paths.len());
    let known = fs::read_to_string(package.join("adversarial_known_failures.txt"));
    let known = known.expect("the list is readable");
    let known: Vec<&str> =
        known.lines().filter_map(|line| Some(line.split_once(" | ")?.0)).collect();
    for version in [LuaVersion::Lua54, LuaVersion::Lua55] {
        let empty = (0..5).map(|_| run(version, "while true do end").time).max();
        let longest = empty.unwrap_or_default() * TIMES;
        for path in &paths {
            let name = path.file_stem().unwrap_or_default().to_string_lossy();
            let source = fs::read_to_string(path).expect("a script is readable");
            let only_55 = name.starts_with("table_create") || name == "gc_params";
            if version == LuaVersion::Lua54 && only_55 {
                continue;
            }
            let label = format!("{name} ({version:?})");
            wrong.extend(judge(version, &label, &source, longest, known.contains(&&*name)));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
