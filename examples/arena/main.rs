//! Parses the arguments of the arena and runs a match.
//!
//! `cargo run --release --example arena -- --ticks 200 --seed 7 --rogue`

use std::ffi::OsString;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use indicatif::ProgressBar;
use lexopt::{Arg, Parser, ValueExt};
use luna_examples::arena::{self, Settings};

/// What `--help` prints.
const USAGE: &str = "usage: arena [--ticks N] [--seed S] [--mods DIR] [--rogue] [--watch] | --stubs[=FILE]
  --ticks N   ticks until time is up (200)
  --seed S    where chance starts; the same seed gives the same bytes (1)
  --mods DIR  the folder of mods (examples/mods)
  --rogue     lets mods take part that throw, loop, eat memory or have a typo
  --watch     plays ten ticks a second, and reloads mods whose main.lua changes meanwhile
  --stubs[=FILE]  instead of a match, writes what mods may use for editors (examples/mods/arena.d.lua)";

/// How long a tick takes when the mods are watched.
const TICK: Duration = Duration::from_millis(100);

/// What the arguments ask for.
enum Task {
    /// The usage.
    Help,
    /// A match.
    Play(Settings),
    /// The annotations for editors, in this file.
    Stubs(PathBuf),
}

/// Reads the arguments.
fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Task, lexopt::Error> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let target = here.join("../target");
    let mut mods = here.join("mods");
    let (mut ticks, mut seed, mut rogue, mut watch) = (200, 1, false, false);
    let mut parser = Parser::from_args(arguments);
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Long("ticks") => ticks = parser.value()?.parse()?,
            Arg::Long("seed") => seed = parser.value()?.parse()?,
            Arg::Long("mods") => mods = parser.value()?.into(),
            Arg::Long("rogue") => rogue = true,
            Arg::Long("watch") => watch = true,
            Arg::Long("stubs") => {
                let file = parser.optional_value().map(PathBuf::from);
                return Ok(Task::Stubs(file.unwrap_or_else(|| here.join("mods/arena.d.lua"))));
            }
            Arg::Short('h') | Arg::Long("help") => return Ok(Task::Help),
            other => return Err(other.unexpected()),
        }
    }
    let mut folders: Vec<PathBuf> = vec![mods];
    if rogue {
        folders.push(here.join("rogues"));
    }
    Ok(Task::Play(Settings {
        ticks,
        seed,
        mods: folders,
        picture: Some(target.join("arena.png")),
        config: Some(target.join("arena.lua")),
        watch,
    }))
}

/// Runs what the arguments ask for.
fn run() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = BufWriter::new(io::stdout().lock());
    match parse(std::env::args_os().skip(1)).map_err(|error| format!("{error}\n{USAGE}"))? {
        Task::Play(settings) => {
            // The bar is drawn on standard error, and only if that is a terminal.
            let bar = ProgressBar::new(settings.ticks.into());
            arena::run(&settings, &mut out, |tick| {
                bar.set_position(tick.into());
                if settings.watch {
                    std::thread::sleep(TICK);
                }
            })?;
            bar.finish_and_clear();
            writeln!(out, "\ndrawn in target/arena.png, settings kept in target/arena.lua")?;
        }
        Task::Stubs(file) => {
            arena::stubs()?.write_to(&file)?;
            writeln!(out, "written: {}", file.display())?;
        }
        Task::Help => writeln!(out, "{USAGE}")?,
    }
    out.flush()?;
    Ok(())
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nothing is left to do if standard error is closed too.
            let _ = writeln!(io::stderr(), "arena: {error}");
            ExitCode::FAILURE
        }
    }
}
