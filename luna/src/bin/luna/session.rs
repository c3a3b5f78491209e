//! A Vm and the ways the command runs code in it.

use std::io::{self, Write};

use luna_core::runtime::Value;
use luna_core::vm::{HostIo, HostRootTicket, IntoValue, LuaErrorKind, SystemIo};
use luna_core::{LuaError, Vm};

use crate::options::Options;
use crate::show_error;

/// Something failed and was reported.
#[derive(Debug)]
pub(crate) enum Failed {
    /// By an error.
    Error,
    /// A limit was reached.
    Limit,
}

/// All that a script in the sandbox has of the world.
struct OutputOnly;

impl HostIo for OutputOnly {
    fn stdout(&mut self, bytes: &[u8]) -> io::Result<()> {
        io::stdout().write_all(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stdout().flush()
    }

    fn stderr(&mut self, bytes: &[u8]) -> io::Result<()> {
        io::stderr().write_all(bytes)
    }
}

/// Globals that a script in the sandbox has not.
const UNSAFE: [&str; 7] = ["io", "os", "package", "require", "debug", "dofile", "loadfile"];

/// The helpers of the prelude, in the order it returns them.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Helper {
    /// Makes a message of an error.
    Handler,
    /// `loadfile`
    LoadFile,
    /// `load`
    Load,
    /// Reads a line of the standard input.
    ReadLine,
    /// A prompt.
    Prompt,
    /// Loads a line as an expression.
    LoadExpression,
    /// Loads statements.
    LoadStatements,
    /// Prints results.
    Show,
}

/// A Vm, what the command keeps in it, and who it is.
#[derive(Debug)]
pub(crate) struct Session {
    /// The Vm.
    pub(crate) vm: Vm,
    /// The helpers, pinned.
    helpers: Vec<HostRootTicket>,
    /// What messages start with; nothing in interactive mode.
    pub(crate) program: Option<String>,
    /// Whether scripts run in the sandbox.
    sandbox: bool,
}

impl Session {
    /// A Vm with all libraries, its `arg` set.
    pub(crate) fn new(options: &Options) -> Session {
        let mut vm = if options.ignore_environment {
            let mut vm = Vm::sandbox(options.dialect)
                .allow_bytecode_loading()
                .build_with(Box::new(SystemIo::without_lua_paths()));
            vm.open_all_libs();
            vm.set_host_io(Box::new(SystemIo::new()));
            vm
        } else {
            Vm::new(options.dialect)
        };
        let helpers = vm
            .eval_chunk(include_str!("prelude.lua"), "=luna")
            .expect("the prelude runs in a fresh Vm")
            .into_iter()
            .map(|helper| vm.pin_host(helper))
            .collect();
        let program = Some(options.program());
        let mut session = Session { vm, helpers, program, sandbox: options.sandbox };
        session.set_arg_table(options);
        if options.sandbox {
            session.close_sandbox();
        }
        session.vm.handle_table().set_limits(options.limits);
        session
    }

    /// Takes away what leads out of the Vm. The helpers keep what they use.
    fn close_sandbox(&mut self) {
        self.vm.set_bytecode_loading(false);
        for name in UNSAFE {
            let removed = self.vm.set_global_value(name, Value::Nil);
            debug_assert!(removed.is_ok(), "nil goes everywhere");
        }
    }

    /// Sets the global `arg`: the script at 0, its arguments from 1, what comes before it below.
    fn set_arg_table(&mut self, options: &Options) {
        let mut entries = Vec::new();
        for (word, i) in options.words.iter().zip(0_i64..) {
            let at = i - options.script_at as i64;
            entries.push((Value::Int(at), self.text(word)));
        }
        let table = Value::Table(self.vm.new_table_of(&entries));
        if let Err(error) = self.vm.set_global_value("arg", table) {
            self.report(&error);
        }
    }

    /// A string of the Vm.
    pub(crate) fn text(&mut self, bytes: &[u8]) -> Value {
        bytes.into_value(&mut self.vm)
    }

    /// A helper.
    fn helper(&self, helper: Helper) -> Value {
        self.vm.read_host(self.helpers[helper as usize]).unwrap_or(Value::Nil)
    }

    /// Calls a helper that does not fail.
    pub(crate) fn ask(&mut self, helper: Helper, args: &[Value]) -> Vec<Value> {
        let f = self.helper(helper);
        self.vm.call_value(f, args).unwrap_or_default()
    }

    /// Shows an error's message.
    pub(crate) fn report(&mut self, error: &LuaError) {
        self.vm.flush_stdout();
        let text = match self.vm.str_bytes(error.0) {
            Some(text) => text.to_vec(),
            None => self.vm.error_text(error).into_bytes(),
        };
        match &self.program {
            Some(program) => show_error(&[program.as_bytes(), b": ", &text].concat()),
            None => show_error(&text),
        }
    }

    /// Calls a function; an error is reported with the stack.
    pub(crate) fn call(&mut self, f: Value, args: &[Value]) -> Result<Vec<Value>, Failed> {
        let handler = self.helper(Helper::Handler);
        self.vm.call_with_handler(f, args, handler).map_err(|error| {
            // The report may run a script's code.
            let kind = self.vm.error_kind();
            self.report(&error);
            match kind {
                LuaErrorKind::InstrBudget | LuaErrorKind::MemoryCap | LuaErrorKind::Interrupted => {
                    Failed::Limit
                }
                _ => Failed::Error,
            }
        })
    }

    /// Calls what a loading helper gave, or reports why it gave nothing.
    fn call_loaded(&mut self, loaded: &[Value], args: &[Value]) -> Result<(), Failed> {
        if let [Value::Nil, message, ..] = loaded {
            self.report(&LuaError(*message));
            return Err(Failed::Error);
        }
        let f = loaded.first().copied().unwrap_or(Value::Nil);
        self.call(f, args).map(|_| ())
    }

    /// Runs code.
    pub(crate) fn execute(&mut self, code: &[u8], name: &[u8]) -> Result<(), Failed> {
        let args = [self.text(code), self.text(name)];
        let loaded = self.ask(Helper::Load, &args);
        self.call_loaded(&loaded, &[])
    }

    /// Requires a module and sets its global.
    pub(crate) fn require(&mut self, module: &[u8]) -> Result<(), Failed> {
        let equals = module.iter().position(|&c| c == b'=');
        let (global, name) = match equals {
            Some(at) => (&module[..at], &module[at + 1..]),
            // A suffix behind a hyphen is not part of the global's name.
            None => (module.split(|&c| c == b'-').next().unwrap_or(module), module),
        };
        let require = self.vm.get_global("require");
        let name = self.text(name);
        let results = self.call(require, &[name])?;
        let value = results.first().copied().unwrap_or(Value::Nil);
        let global = String::from_utf8_lossy(global).into_owned();
        self.vm.set_global_value(&global, value).map_err(|error| {
            self.report(&error);
            Failed::Error
        })
    }

    /// Runs a script, or the standard input, with arguments.
    pub(crate) fn run_script(
        &mut self,
        path: Option<&[u8]>,
        args: &[Vec<u8>],
    ) -> Result<(), Failed> {
        let path = match path {
            Some(path) => self.text(path),
            None => Value::Nil,
        };
        let loaded = self.ask(Helper::LoadFile, &[path]);
        if self.sandbox {
            self.vm.set_host_io(Box::new(OutputOnly));
        }
        let args: Vec<Value> = args.iter().map(|arg| self.text(arg)).collect();
        self.call_loaded(&loaded, &args)
    }
}
