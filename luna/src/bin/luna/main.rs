//! `luna`: runs scripts as the stock `lua` does.

mod options;
mod repl;
mod session;

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use options::{Options, Step};
use session::{Failed, Session};

fn main() -> ExitCode {
    let options = match Options::parse(std::env::args_os()) {
        Ok(options) => options,
        Err(text) => {
            show_error(text.as_bytes());
            return ExitCode::FAILURE;
        }
    };
    match run(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failed::Error) => ExitCode::FAILURE,
        Err(Failed::Limit) => ExitCode::from(3),
    }
}

/// Writes a line to the error output.
fn show_error(text: &[u8]) {
    // Nothing can be done when even the error output is closed.
    let _ = std::io::stderr().write_all(&[text, b"\n"].concat());
}

/// Writes to the standard output at once.
fn show(text: &str) {
    let mut out = std::io::stdout();
    // A closed output leaves nobody to tell.
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Says what this is.
fn show_version(options: &Options) {
    show(&format!("luna {} ({})\n", env!("CARGO_PKG_VERSION"), options.dialect_name()));
}

/// Does what the options ask for.
fn run(options: &Options) -> Result<(), Failed> {
    if options.version {
        show_version(options);
    }
    let mut session = Session::new(options);
    if !options.ignore_environment {
        init_from_environment(&mut session, options)?;
    }
    for step in &options.steps {
        match step {
            Step::Warnings => session.vm.set_warnings(true),
            Step::Execute(code) => session.execute(code, b"=(command line)")?,
            Step::Require(module) => session.require(module)?,
        }
    }
    if options.script.is_some() || options.reads_stdin {
        session.run_script(options.script.as_deref(), &options.args)?;
    }
    if options.interactive {
        repl::run(&mut session);
    } else if options.script.is_none()
        && !options.reads_stdin
        && !options.executes
        && !options.version
    {
        if std::io::stdin().is_terminal() {
            show_version(options);
            repl::run(&mut session);
        } else {
            session.run_script(None, &[])?;
        }
    }
    Ok(())
}

/// Runs what `LUA_INIT_5_x`, or else `LUA_INIT`, says.
fn init_from_environment(session: &mut Session, options: &Options) -> Result<(), Failed> {
    let versioned = format!("LUA_INIT_{}", options.dialect_name()[4..].replace('.', "_"));
    for name in [versioned.as_str(), "LUA_INIT"] {
        let Some(value) = std::env::var_os(name) else { continue };
        let value = options::bytes(&value);
        return match value.strip_prefix(b"@") {
            Some(path) => session.run_script(Some(path), &[]),
            None => session.execute(&value, format!("={name}").as_bytes()),
        };
    }
    Ok(())
}
