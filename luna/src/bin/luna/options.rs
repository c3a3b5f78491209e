//! The command line, read as the stock interpreter reads its own.

use std::ffi::{OsStr, OsString};
use std::time::Duration;

use luna_core::LuaVersion;
use luna_core::vm::Limits;

/// What the command line asks for.
#[derive(Debug)]
pub(crate) struct Options {
    /// The dialect.
    pub(crate) dialect: LuaVersion,
    /// `--sandbox`
    pub(crate) sandbox: bool,
    /// `--budget`, `--memory` and `--deadline`
    pub(crate) limits: Limits,
    /// `-e`, `-l` and `-W`, in order.
    pub(crate) steps: Vec<Step>,
    /// Whether one of them is `-e`.
    pub(crate) executes: bool,
    /// `-i`
    pub(crate) interactive: bool,
    /// `-v`, or what implies it.
    pub(crate) version: bool,
    /// `-E`
    pub(crate) ignore_environment: bool,
    /// The script's path.
    pub(crate) script: Option<Vec<u8>>,
    /// Whether the script is the standard input.
    pub(crate) reads_stdin: bool,
    /// The script's arguments.
    pub(crate) args: Vec<Vec<u8>>,
    /// All words but those that are luna's own, the program's name first.
    pub(crate) words: Vec<Vec<u8>>,
    /// Which of them is the script; 0 without one.
    pub(crate) script_at: usize,
}

/// Something to do before the script.
#[derive(Debug)]
pub(crate) enum Step {
    /// Runs code.
    Execute(Vec<u8>),
    /// Requires a module, as `mod` or `global=mod`.
    Require(Vec<u8>),
    /// Switches warnings on.
    Warnings,
}

/// What follows the first line of a usage message.
const USAGE: &str = " [--lua=5.4|5.5] [limits] [options] [script [args]]
Available options are:
  -e stat   execute string 'stat'
  -i        enter interactive mode after executing 'script'
  -l mod    require library 'mod' into global 'mod'
  -l g=mod  require library 'mod' into global 'g'
  -v        show version information
  -E        ignore environment variables
  -W        turn warnings on
  --        stop handling options
  -         stop handling options and execute stdin
Available limits are:
  --sandbox         no files, processes, modules, bytecode, debug library
  --budget N        most instructions and steps of library functions
  --memory BYTES    most memory
  --deadline MS     longest time
Where one is reached the exit status is 3.";

/// The dialects by the names that `--lua` takes.
const DIALECTS: [(&str, LuaVersion); 2] = [("5.4", LuaVersion::Lua54), ("5.5", LuaVersion::Lua55)];

/// Whether a word is an option that the stock interpreter does not have.
fn is_own(word: &[u8]) -> bool {
    let name = word.split(|&c| c == b'=').next().unwrap_or(word);
    match name {
        b"--lua" | b"--budget" | b"--memory" | b"--deadline" => true,
        _ => word == b"--sandbox",
    }
}

/// A word as scripts see it.
pub(crate) fn bytes(word: &OsStr) -> Vec<u8> {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        word.as_bytes().to_vec()
    }
    #[cfg(not(unix))]
    {
        word.to_string_lossy().into_owned().into_bytes()
    }
}

impl Options {
    /// Reads the words of the command line; the message if they make no sense.
    pub(crate) fn parse(words: impl Iterator<Item = OsString>) -> Result<Options, String> {
        let mut options = Options {
            dialect: LuaVersion::Lua55,
            sandbox: false,
            limits: Limits::default(),
            steps: Vec::new(),
            executes: false,
            interactive: false,
            version: false,
            ignore_environment: false,
            script: None,
            reads_stdin: false,
            args: Vec::new(),
            words: Vec::new(),
            script_at: 0,
        };
        let mut words = words.map(|word| bytes(&word));
        options.words.push(words.next().unwrap_or_else(|| b"luna".to_vec()));
        let mut words = words.peekable();
        while let Some(word) = words.next_if(|word| is_own(word)) {
            options.read_own(&String::from_utf8_lossy(&word), &mut words)?;
        }
        options.words.extend(words);
        options.read_words()?;
        Ok(options)
    }

    /// Reads an option of luna's own.
    fn read_own(
        &mut self,
        word: &str,
        words: &mut impl Iterator<Item = Vec<u8>>,
    ) -> Result<(), String> {
        if word == "--sandbox" {
            self.sandbox = true;
            return Ok(());
        }
        let (option, value) = match word.split_once('=') {
            Some((option, value)) => (option, value.to_owned()),
            None => match words.next() {
                Some(value) => (word, String::from_utf8_lossy(&value).into_owned()),
                None => return Err(self.usage(&format!("'{word}' needs argument"))),
            },
        };
        if option == "--lua" {
            let known = DIALECTS.iter().find(|(known, _)| *known == value);
            let Some(&(_, dialect)) = known else {
                return Err(self.usage(&format!("unknown dialect '{value}' (5.4 or 5.5 expected)")));
            };
            self.dialect = dialect;
            return Ok(());
        }
        let Ok(number) = value.parse::<u64>() else {
            return Err(self.usage(&format!("'{option}' needs a whole number, got '{value}'")));
        };
        match option {
            "--budget" => {
                self.limits.instructions = Some(i64::try_from(number).unwrap_or(i64::MAX))
            }
            "--memory" => self.limits.memory = Some(usize::try_from(number).unwrap_or(usize::MAX)),
            _ => self.limits.deadline = Some(Duration::from_millis(number)),
        }
        Ok(())
    }

    /// Reads the stock options.
    fn read_words(&mut self) -> Result<(), String> {
        let mut at = 1;
        while let Some(word) = self.words.get(at).cloned() {
            match word.as_slice() {
                [b'-', b'-', rest @ ..] => {
                    if !rest.is_empty() {
                        return Err(self.unrecognized(&word));
                    }
                    self.take_script(at + 1, false);
                    return Ok(());
                }
                b"-" => {
                    self.take_script(at, true);
                    return Ok(());
                }
                b"-E" => self.ignore_environment = true,
                b"-W" => self.steps.push(Step::Warnings),
                b"-i" => (self.interactive, self.version) = (true, true),
                b"-v" => self.version = true,
                [b'-', kind @ (b'e' | b'l'), attached @ ..] => {
                    let value = if attached.is_empty() {
                        at += 1;
                        self.words.get(at).filter(|next| !next.starts_with(b"-")).cloned()
                    } else {
                        Some(attached.to_vec())
                    };
                    let Some(value) = value else {
                        let option = char::from(*kind);
                        return Err(self.usage(&format!("'-{option}' needs argument")));
                    };
                    if *kind == b'e' {
                        self.executes = true;
                        self.steps.push(Step::Execute(value));
                    } else {
                        self.steps.push(Step::Require(value));
                    }
                }
                [b'-', ..] => return Err(self.unrecognized(&word)),
                _ => {
                    self.take_script(at, false);
                    return Ok(());
                }
            }
            at += 1;
        }
        Ok(())
    }

    /// Takes the word at a position as the script, if there is one, and those behind it as its arguments.
    fn take_script(&mut self, at: usize, stdin: bool) {
        let Some(script) = self.words.get(at) else { return };
        self.script_at = at;
        self.reads_stdin = stdin;
        self.script = (!stdin).then(|| script.clone());
        self.args = self.words[at + 1..].to_vec();
    }

    /// The message about an option that is none.
    fn unrecognized(&self, word: &[u8]) -> String {
        self.usage(&format!("unrecognized option '{}'", String::from_utf8_lossy(word)))
    }

    /// A message and how the command is used.
    fn usage(&self, message: &str) -> String {
        let program = self.program();
        format!("{program}: {message}\nusage: {program}{USAGE}")
    }

    /// The program's name.
    pub(crate) fn program(&self) -> String {
        String::from_utf8_lossy(&self.words[0]).into_owned()
    }

    /// The dialect's name, as `_VERSION` has it.
    pub(crate) fn dialect_name(&self) -> String {
        let name = DIALECTS.iter().find(|(_, dialect)| *dialect == self.dialect);
        format!("Lua {}", name.map_or("?", |(name, _)| name))
    }
}
