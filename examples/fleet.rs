//! A pool of states: workers with a state each take jobs from one queue. `cargo run --release --example fleet`

use std::fmt;
use std::io::{self, Write};
use std::num::NonZero;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use luna::{Error, Function, Lua, SendError};

/// What every worker's state runs: it knows the jobs by name.
const SCRIPT: &str = r#"
    local jobs = {}
    function jobs.primes(n)
        local sieve, count = {}, 0
        for i = 2, n do
            if not sieve[i] then
                count = count + 1
                for j = i * i, n, i do sieve[j] = true end
            end
        end
        return count
    end
    function jobs.words(n)
        local parts = {}
        for i = 1, n do parts[i] = ('%x'):format(i * 2654435761 % 4294967296) end
        table.sort(parts)
        return #table.concat(parts)
    end
    function jobs.broken() error('this one never works') end
    return function(name, n) return jobs[name](n) end
"#;

/// What is to be done. Only plain data crosses threads.
#[derive(Clone, Debug)]
struct Job {
    name: &'static str,
    size: u32,
}

/// A pool of worker threads with a state each.
struct Pool {
    jobs: Option<Sender<Job>>,
    results: Receiver<Result<u64, SendError>>,
    workers: Vec<JoinHandle<()>>,
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool").field("workers", &self.workers.len()).finish_non_exhaustive()
    }
}

impl Pool {
    /// Starts `count` workers.
    fn start(count: NonZero<usize>) -> Pool {
        let (jobs, inbox) = mpsc::channel();
        let (outbox, results) = mpsc::channel();
        let inbox = Arc::new(Mutex::new(inbox));
        let workers = (0..count.get())
            .map(|_| {
                let (inbox, outbox) = (Arc::clone(&inbox), outbox.clone());
                thread::spawn(move || Pool::work(&inbox, &outbox))
            })
            .collect();
        Pool { jobs: Some(jobs), results, workers }
    }

    /// A worker's life: its state is made here and stays here.
    fn work(inbox: &Mutex<Receiver<Job>>, outbox: &Sender<Result<u64, SendError>>) {
        let lua = Lua::builder().instruction_budget(100_000_000).memory_cap(64 << 20).build();
        let run = match lua.load(SCRIPT).name("=jobs").eval::<Function>() {
            Ok(run) => run,
            Err(error) => {
                let _ = outbox.send(Err(error.into_send()));
                return;
            }
        };
        loop {
            // The lock is held while this waits, not while it works.
            let next = inbox.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(job) = next else { return };
            let result = run.call::<u64>((job.name, job.size)).map_err(Error::into_send);
            if outbox.send(result).is_err() {
                return;
            }
        }
    }

    /// Adds a job.
    fn add(&self, job: Job) {
        if let Some(jobs) = &self.jobs {
            // Without workers there is nobody to do it, and nobody to tell.
            let _ = jobs.send(job);
        }
    }

    /// Waits for all jobs: what they gave, in the order in which they ended.
    fn finish(mut self) -> Vec<Result<u64, SendError>> {
        drop(self.jobs.take());
        for worker in self.workers.drain(..) {
            worker.join().expect("workers do not panic");
        }
        self.results.try_iter().collect()
    }
}

/// How long a pool of `workers` takes for `jobs`.
fn measure(workers: usize, jobs: &[Job]) -> (Duration, Vec<Result<u64, SendError>>) {
    let start = Instant::now();
    let pool = Pool::start(NonZero::new(workers).unwrap_or(NonZero::<usize>::MIN));
    jobs.iter().for_each(|job| pool.add(job.clone()));
    let results = pool.finish();
    (start.elapsed(), results)
}

fn main() -> io::Result<()> {
    let mut out = io::stdout();
    let kinds = [("primes", 20_000), ("words", 2_000), ("primes", 5_000)];
    let mut jobs: Vec<Job> =
        kinds.iter().cycle().take(300).map(|&(name, size)| Job { name, size }).collect();
    jobs.push(Job { name: "broken", size: 0 });
    for workers in [1, 2] {
        let (time, results) = measure(workers, &jobs);
        let sum: u64 = results.iter().flatten().sum();
        let rate = jobs.len() as f64 / time.as_secs_f64();
        writeln!(out, "{workers} workers: {rate:.0} jobs a second, sum {sum}")?;
        for error in results.iter().filter_map(|result| result.as_ref().err()) {
            writeln!(out, "  failed: {error}")?;
        }
    }
    Ok(())
}
