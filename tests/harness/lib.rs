//! What the test programs of this package share: the repository, the command, and verdicts.

pub mod case;
pub mod messages;
pub mod observation;
pub mod process;
pub mod program;
pub mod repository;
pub mod verdict;

/// Says something about the run as a whole.
#[expect(clippy::print_stdout, reason = "a test program reports on its standard output")]
pub fn report(line: &str) {
    println!("{line}");
}
