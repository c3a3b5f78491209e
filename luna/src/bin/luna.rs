//! `luna`: runs scripts as the stock `lua` does.

use std::io::{BufRead, IsTerminal, Read, Write};
use std::process::ExitCode;

use lexopt::prelude::*;
use luna_core::runtime::Value;
use luna_core::{LuaError, LuaVersion, Vm};

/// What the command line asks for.
#[derive(Default)]
struct Options {
    /// `-e` and `-l`, in order.
    steps: Vec<Step>,
    interactive: bool,
    version: bool,
    warnings: bool,
    dialect: Option<LuaVersion>,
    /// The script; `-` is the standard input.
    script: Option<String>,
    args: Vec<String>,
}

/// Something to do before the script.
enum Step {
    Execute(String),
    Require(String),
}

const USAGE: &str = "usage: luna [--lua=5.4|5.5] [options] [script [args]]
Available options are:
  -e stat   execute string 'stat'
  -i        enter interactive mode after executing 'script'
  -l mod    require library 'mod' into global 'mod'
  -v        show version information
  -W        turn warnings on
  --        stop handling options
  -         stop handling options and execute stdin";

fn parse() -> Result<Options, lexopt::Error> {
    let mut options = Options::default();
    let mut parser = lexopt::Parser::from_env();
    while let Some(arg) = parser.next()? {
        match arg {
            Short('e') => options.steps.push(Step::Execute(parser.value()?.string()?)),
            Short('l') => options.steps.push(Step::Require(parser.value()?.string()?)),
            Short('i') => options.interactive = true,
            Short('v') => options.version = true,
            Short('W') => options.warnings = true,
            Short('E') => {}
            Long("lua") => {
                let name = parser.value()?.string()?;
                options.dialect = Some(match name.as_str() {
                    "5.4" => LuaVersion::Lua54,
                    "5.5" => LuaVersion::Lua55,
                    _ => {
                        return Err(
                            format!("unknown dialect '{name}' (5.4 or 5.5 expected)").into()
                        );
                    }
                });
            }
            Value(script) => {
                options.script = Some(script.string()?);
                options.args = parser.raw_args()?.map(|a| a.string()).collect::<Result<_, _>>()?;
            }
            other => return Err(other.unexpected()),
        }
    }
    Ok(options)
}

fn main() -> ExitCode {
    let options = match parse() {
        Ok(options) => options,
        Err(error) => {
            eprintln_line(&format!("luna: {error}\n{USAGE}"));
            return ExitCode::FAILURE;
        }
    };
    let mut vm = Vm::new(options.dialect.unwrap_or(LuaVersion::Lua55));
    match run(&mut vm, &options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failed) => ExitCode::FAILURE,
    }
}

/// Something failed and was reported.
struct Failed;

fn eprintln_line(text: &str) {
    // Nothing can be done when even the error output is closed.
    let _ = writeln!(std::io::stderr(), "{text}");
}

fn run(vm: &mut Vm, options: &Options) -> Result<(), Failed> {
    if options.version {
        println_line(&format!("luna {} ({:?})", env!("CARGO_PKG_VERSION"), vm.version()));
    }
    if options.warnings {
        vm.set_warnings(true);
    }
    set_arg_table(vm, options);
    for step in &options.steps {
        match step {
            Step::Execute(code) => execute(vm, code.as_bytes(), "=(command line)", &[])?,
            Step::Require(module) => {
                let (global, name) = module.split_once('=').unwrap_or((module, module));
                let code = format!("{global} = require {name:?}");
                execute(vm, code.as_bytes(), "=(command line)", &[])?;
            }
        }
    }
    match options.script.as_deref() {
        Some("-") => run_stdin(vm, &options.args)?,
        Some(path) => run_file(vm, path, &options.args)?,
        None if options.interactive => {}
        None if options.version || !options.steps.is_empty() => return Ok(()),
        None if !std::io::stdin().is_terminal() => return run_stdin(vm, &options.args),
        None => return interact(vm),
    }
    if options.interactive { interact(vm) } else { Ok(()) }
}

fn println_line(text: &str) {
    // As for errors: a closed output leaves nobody to tell.
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// The global `arg`: the script at 0, its arguments from 1, the command at -1.
fn set_arg_table(vm: &mut Vm, options: &Options) {
    let command = std::env::args().next().unwrap_or_else(|| "luna".to_owned());
    let mut entries = Vec::new();
    let mut index = if options.script.is_some() { -1 } else { 0 };
    entries.push((Value::Int(index), Value::Str(vm.intern_str(&command))));
    for text in options.script.iter().chain(&options.args) {
        index += 1;
        entries.push((Value::Int(index), Value::Str(vm.intern_str(text))));
    }
    let table = vm.new_table_of(&entries);
    if let Err(error) = vm.set_global_value("arg", Value::Table(table)) {
        eprintln_line(&vm.error_text(&error));
    }
}

fn run_stdin(vm: &mut Vm, args: &[String]) -> Result<(), Failed> {
    let mut source = Vec::new();
    if let Err(error) = std::io::stdin().read_to_end(&mut source) {
        eprintln_line(&format!("luna: cannot read stdin: {error}"));
        return Err(Failed);
    }
    execute(vm, &source, "=stdin", args)
}

fn run_file(vm: &mut Vm, path: &str, args: &[String]) -> Result<(), Failed> {
    match vm.load_file(path) {
        Ok(function) => call(vm, function, args).map(|_| ()),
        Err(error) => report(vm, &error, None),
    }
}

/// Compiles and runs a chunk.
fn execute(vm: &mut Vm, source: &[u8], name: &str, args: &[String]) -> Result<(), Failed> {
    match vm.load_bytes(source, name.as_bytes()) {
        Ok(function) => call(vm, function, args).map(|_| ()),
        Err(error) => report(vm, &error, None),
    }
}

fn call(vm: &mut Vm, function: Value, args: &[String]) -> Result<Vec<Value>, Failed> {
    let args: Vec<Value> = args.iter().map(|a| Value::Str(vm.intern_str(a))).collect();
    match vm.call_value(function, &args) {
        Ok(values) => Ok(values),
        Err(error) => {
            let traceback = vm.take_error_traceback();
            report(vm, &error, traceback).map(|()| Vec::new())
        }
    }
}

/// Prints an error as the stock interpreter does.
fn report(vm: &mut Vm, error: &LuaError, traceback: Option<String>) -> Result<(), Failed> {
    vm.flush_stdout();
    let text = vm.error_display(error);
    let command = std::env::args().next().unwrap_or_else(|| "luna".to_owned());
    match traceback {
        Some(traceback) => eprintln_line(&format!("{command}: {text}\n{traceback}")),
        None => eprintln_line(&format!("{command}: {text}")),
    }
    Err(Failed)
}

/// Reads and runs lines until the end of input.
fn interact(vm: &mut Vm) -> Result<(), Failed> {
    let mut source = String::new();
    let stdin = std::io::stdin();
    loop {
        prompt(if source.is_empty() { "> " } else { ">> " });
        let mut line = String::new();
        if stdin.lock().read_line(&mut line).unwrap_or(0) == 0 {
            println_line("");
            return Ok(());
        }
        source.push_str(&line);
        let expression = format!("return {source}");
        let loaded = match vm.load_bytes(expression.as_bytes(), b"=stdin") {
            Ok(function) => Ok(function),
            Err(_) => vm.load_bytes(source.as_bytes(), b"=stdin"),
        };
        match loaded {
            Ok(function) => {
                // A failed line was reported; the session goes on.
                if let Ok(values) = call(vm, function, &[])
                    && !values.is_empty()
                {
                    print(vm, &values);
                }
                vm.flush_stdout();
                source.clear();
            }
            Err(error) if vm.error_text(&error).ends_with("<eof>") => {}
            Err(error) => {
                let _ = report(vm, &error, None);
                source.clear();
            }
        }
    }
}

fn prompt(text: &str) {
    let mut out = std::io::stdout();
    // As above.
    let _ = write!(out, "{text}").and_then(|()| out.flush());
}

/// Shows values through the script's `print`.
fn print(vm: &mut Vm, values: &[Value]) {
    let print = vm.get_global("print");
    if let Err(error) = vm.call_value(print, values) {
        let text = vm.error_display(&error);
        eprintln_line(&format!("error calling 'print' ({text})"));
    }
}
