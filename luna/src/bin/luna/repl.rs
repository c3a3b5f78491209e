//! The interactive mode.

use std::io::IsTerminal;
use std::path::PathBuf;

use luna_core::LuaError;
use luna_core::runtime::Value;
use rustyline::DefaultEditor;
use rustyline::error::ReadlineError;

use crate::session::{Helper, Session};
use crate::{show, show_error};

/// Where lines come from.
enum Input {
    /// A terminal, with editing and a history.
    Terminal(Box<DefaultEditor>),
    /// Anything else, shared with the script's own reading.
    Plain,
}

/// The file that keeps the history.
fn history_file() -> Option<PathBuf> {
    std::env::home_dir().map(|home| home.join(".luna_history"))
}

impl Input {
    /// The input of this process.
    fn new() -> Input {
        if !std::io::stdin().is_terminal() {
            return Input::Plain;
        }
        let Ok(mut editor) = DefaultEditor::new() else { return Input::Plain };
        if let Some(file) = history_file() {
            // There is none before the first session.
            let _ = editor.load_history(&file);
        }
        Input::Terminal(Box::new(editor))
    }

    /// The next line without its end; `None` at the end of the input.
    fn line(&mut self, session: &mut Session, first: bool) -> Option<Vec<u8>> {
        let prompt = session.ask(Helper::Prompt, &[Value::Bool(first)]);
        let prompt = prompt.first().and_then(|&p| session.vm.str_bytes(p)).unwrap_or(b"> ");
        let prompt = String::from_utf8_lossy(prompt).into_owned();
        session.vm.flush_stdout();
        match self {
            Input::Terminal(editor) => match editor.readline(&prompt) {
                Ok(line) => Some(line.into_bytes()),
                Err(ReadlineError::Interrupted) => Some(Vec::new()),
                Err(_) => None,
            },
            Input::Plain => {
                show(&prompt);
                let line = session.ask(Helper::ReadLine, &[]);
                let line = line.first().and_then(|&line| session.vm.str_bytes(line))?;
                Some(line.strip_suffix(b"\n").unwrap_or(line).to_vec())
            }
        }
    }

    /// Adds an input to the history.
    fn remember(&mut self, text: &[u8]) {
        if let Input::Terminal(editor) = self
            && !text.is_empty()
        {
            // A history that cannot grow is no reason to stop.
            let _ = editor.add_history_entry(String::from_utf8_lossy(text));
        }
    }
}

impl Drop for Input {
    fn drop(&mut self) {
        if let (Input::Terminal(editor), Some(file)) = (self, history_file()) {
            // Nobody is left to tell of a failure.
            let _ = editor.save_history(&file);
        }
    }
}

/// Reads and runs lines until the end of the input.
pub(crate) fn run(session: &mut Session) {
    let program = session.program.take();
    let mut input = Input::new();
    while let Some(loaded) = read(session, &mut input) {
        match loaded {
            Ok(function) => {
                // A failed line was reported; the session goes on.
                if let Ok(values) = session.call(function, &[])
                    && !values.is_empty()
                {
                    let failure = session.ask(Helper::Show, &values);
                    if let Some(text) = failure.first().and_then(|&text| session.vm.str_bytes(text))
                    {
                        show_error(text);
                    }
                }
            }
            Err(error) => session.report(&error),
        }
    }
    session.vm.flush_stdout();
    show("\n");
    session.program = program;
}

/// Whether a line starts with a declaration of local variables.
fn declares_locals(line: &[u8]) -> bool {
    let rest = line.trim_ascii_start().strip_prefix(b"local");
    rest.is_some_and(|rest| matches!(rest.first(), None | Some(b' ' | b'\t')))
}

/// Reads an expression, or statements on as many lines as they need; `None` at the end of the input.
fn read(session: &mut Session, input: &mut Input) -> Option<Result<Value, LuaError>> {
    let mut text = input.line(session, true)?;
    let newer = session.vm.version().has_global_decl();
    if !newer && text.first() == Some(&b'=') {
        text.splice(..1, *b"return ");
    }
    let line = session.text(&text);
    if let [function @ Value::Closure(_), ..] = session.ask(Helper::LoadExpression, &[line])[..] {
        input.remember(&text);
        return Some(Ok(function));
    }
    if newer && declares_locals(&text) {
        show_error(b"warning: locals do not survive across lines in interactive mode");
    }
    loop {
        let statements = session.text(&text);
        match session.ask(Helper::LoadStatements, &[statements])[..] {
            [function @ Value::Closure(_), ..] => {
                input.remember(&text);
                return Some(Ok(function));
            }
            [_, message, incomplete, ..] => {
                let more = if incomplete.truthy() { input.line(session, false) } else { None };
                let Some(more) = more else {
                    input.remember(&text);
                    return Some(Err(LuaError(message)));
                };
                text.push(b'\n');
                text.extend_from_slice(&more);
            }
            _ => return None,
        }
    }
}
