//! The faults that `luna_core::planted` makes must end the process, with the right words: proof that AddressSanitizer sees into our blocks and
//! that the heap check of `gc_zeal` looks.
#![cfg(any(gc_zeal, asan))]

use std::process::{Command, Output};

use luna_core::{LuaVersion, Vm, planted};

/// Set in a child: the fault it makes.
const FAULT: &str = "LUNA_PLANTED_FAULT";

/// Runs one test of this program again with the fault, and what came of it.
fn child(test: &str, fault: &str) -> Output {
    let program = std::env::current_exe().expect("a running program has a path");
    Command::new(program)
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .env(FAULT, fault)
        .env("ASAN_OPTIONS", "detect_leaks=0")
        .output()
        .expect("the program starts")
}

/// The child of this test dies with `words`.
fn dies(test: &str, fault: &str, words: &str) {
    let output = child(test, fault);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{fault} was not seen: {stderr}");
    assert!(stderr.contains(words), "{fault} died of something else: {stderr}");
}

/// In a child: the fault to make.
fn fault() -> Option<String> {
    std::env::var(FAULT).ok()
}

fn vm() -> Vm {
    Vm::new(LuaVersion::Lua55)
}

#[cfg(asan)]
#[test]
fn address_sanitizer_sees_into_blocks() {
    const NAME: &str = "address_sanitizer_sees_into_blocks";
    let mut vm = vm();
    match fault().as_deref() {
        Some("stale object") => println!("{}", planted::read_stale(&mut vm)),
        Some("stale buffer") => println!("{}", planted::read_stale_buffer(&mut vm)),
        Some("beyond the end") => println!("{}", planted::read_beyond(&mut vm)),
        _ => {
            for fault in ["stale object", "stale buffer", "beyond the end"] {
                dies(NAME, fault, "use-after-poison");
            }
        }
    }
}

#[cfg(gc_zeal)]
#[test]
fn the_heap_check_sees_faults() {
    const NAME: &str = "the_heap_check_sees_faults";
    let mut vm = vm();
    match fault().as_deref() {
        Some("no barrier") => {
            planted::omit_barriers(&mut vm);
            let done = vm.eval("local t = {} for i = 1, 100 do t[i] = {} end return #t");
            println!("{done:?}");
        }
        Some("stale root") => {
            planted::keep_stale(&mut vm);
            println!("{:?}", vm.eval("return {}"));
        }
        _ => {
            dies(NAME, "no barrier", "a barrier is missing");
            dies(NAME, "stale root", "which is no live table");
        }
    }
}
