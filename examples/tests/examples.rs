//! The small examples print what they are said to print: goldens in `tests/examples`.

mod golden;

use std::path::PathBuf;
use std::process::Command;

/// Runs an example that cargo has built beside this test.
fn run(name: &str) -> String {
    let test = std::env::current_exe().expect("the test has a path");
    let built: PathBuf = test
        .ancestors()
        .nth(2)
        .expect("it lies in a folder of the build")
        .join("examples")
        .join(name);
    let output = Command::new(built).output().expect("cargo builds examples before tests");
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("examples print text")
}

#[test]
fn examples_print_what_they_did() {
    for name in ["hello", "config", "events", "sandbox"] {
        golden::check(&format!("examples/{name}"), &run(name));
    }
}
