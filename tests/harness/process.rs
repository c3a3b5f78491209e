//! Children with a time limit, and work spread over threads.

use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// What a child did.
#[derive(Debug)]
pub struct Outcome {
    /// Whether it ended by itself with status 0.
    pub success: bool,
    /// Whether the time limit ended it.
    pub timed_out: bool,
    /// How it ended, in words.
    pub status: String,
    /// Its standard output.
    pub stdout: Vec<u8>,
    /// Its standard error.
    pub stderr: Vec<u8>,
}

/// Runs `command` without input until it ends or `limit` is over.
///
/// # Panics
///
/// When the program cannot be started.
#[must_use]
pub fn run(command: &mut Command, limit: Duration) -> Outcome {
    run_with_input(command, b"", limit)
}

/// Runs `command` with this input until it ends or `limit` is over.
///
/// # Panics
///
/// When the program cannot be started.
#[must_use]
pub fn run_with_input(command: &mut Command, input: &[u8], limit: Duration) -> Outcome {
    // Variables such as LUA_INIT and LUA_PATH would change what a script sees.
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("LUA_") && name != "LUA_PATH") {
            command.env_remove(name);
        }
    }
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let mut stdin = child.stdin.take().expect("the input is piped");
    let mut stdout = child.stdout.take().expect("the output is piped");
    let mut stderr = child.stderr.take().expect("the output is piped");
    let start = Instant::now();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            // A child may end without reading all.
            let _ = stdin.write_all(input);
        });
        let out = scope.spawn(move || drain(&mut stdout));
        let err = scope.spawn(move || drain(&mut stderr));
        let mut timed_out = false;
        let status = loop {
            if let Some(status) = child.try_wait().expect("a child can be waited for") {
                break status;
            }
            if !timed_out && start.elapsed() > limit {
                timed_out = true;
                child.kill().expect("a running child can be ended");
            }
            std::thread::sleep(Duration::from_millis(2));
        };
        let stdout = out.join().expect("reading does not panic");
        let stderr = err.join().expect("reading does not panic");
        Outcome {
            success: status.success() && !timed_out,
            timed_out,
            status: status.to_string(),
            stdout,
            stderr,
        }
    })
}

/// Everything that can be read.
fn drain(stream: &mut impl Read) -> Vec<u8> {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).expect("a pipe is readable");
    bytes
}

/// Applies `work` to all items on as many threads as the machine has, keeping the order.
pub fn map_parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let results = Mutex::new(Vec::new());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some((index, item)) = {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    items.get(index).map(|item| (index, item))
                } {
                    let result = work(item);
                    results.lock().expect("no holder panics").push((index, result));
                }
            });
        }
    });
    let mut results = results.into_inner().expect("no holder panics");
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}
