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

#[test]
fn a_fleet_does_all_its_jobs_with_any_number_of_workers() {
    let text = run("fleet");
    let lines: Vec<&str> = text.lines().collect();
    let [one, failed_one, two, failed_two] = lines[..] else { panic!("{text}") };
    for (line, start) in [(one, "1 workers: "), (two, "2 workers: ")] {
        assert!(line.starts_with(start) && line.ends_with(" jobs a second, sum 1879900"), "{text}");
    }
    assert_eq!([failed_one, failed_two], ["  failed: jobs:19: this one never works"; 2]);
}
