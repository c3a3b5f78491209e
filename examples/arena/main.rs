//! Parses the arguments of the arena and runs a match.
//!
//! `cargo run --release --example arena -- --ticks 200 --seed 7 --mods examples/mods`

use std::ffi::OsString;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use lexopt::{Arg, Parser, ValueExt};
use luna_examples::arena::{self, Settings};

/// What `--help` prints.
const USAGE: &str = "usage: arena [--ticks N] [--seed S] [--mods DIR]";

/// Reads the arguments; `None` asks for help.
fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Option<Settings>, lexopt::Error> {
    let mods = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("mods");
    let mut settings = Settings { ticks: 200, seed: 1, mods };
    let mut parser = Parser::from_args(arguments);
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Long("ticks") => settings.ticks = parser.value()?.parse()?,
            Arg::Long("seed") => settings.seed = parser.value()?.parse()?,
            Arg::Long("mods") => settings.mods = parser.value()?.into(),
            Arg::Short('h') | Arg::Long("help") => return Ok(None),
            other => return Err(other.unexpected()),
        }
    }
    Ok(Some(settings))
}

/// Runs what the arguments ask for.
fn run() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = BufWriter::new(io::stdout().lock());
    match parse(std::env::args_os().skip(1)).map_err(|error| format!("{error}\n{USAGE}"))? {
        Some(settings) => arena::run(&settings, &mut out)?,
        None => writeln!(out, "{USAGE}")?,
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
