//! Source to be run.

use std::borrow::Borrow;
use std::path::{Path, PathBuf};

use luna_core::Vm;
use luna_core::runtime::Value as RawValue;
use luna_core::vm::{Handle, LuaError};

use crate::error::{Error, Result};
use crate::function::Function;
use crate::lua::Lua;
use crate::table::Table;
use crate::{FromLuaMulti, IntoLuaMulti};

/// Where source comes from.
#[derive(Clone, Debug)]
pub enum Source {
    /// It is at hand.
    Bytes(Vec<u8>),
    /// It is in a file, which is read when the chunk is run.
    File(PathBuf),
}

macro_rules! sources {
    ($($variant:ident $type:ty, $it:ident => $into:expr;)*) => { $(
        impl From<$type> for Source {
            fn from($it: $type) -> Source {
                Source::$variant($into)
            }
        }
    )* };
}
sources! {
    Bytes &str, text => text.as_bytes().to_vec();
    Bytes String, text => text.into_bytes();
    Bytes &String, text => text.as_bytes().to_vec();
    Bytes &[u8], bytes => bytes.to_vec();
    Bytes Vec<u8>, bytes => bytes;
    File &Path, path => path.to_owned();
    File PathBuf, path => path;
    File &PathBuf, path => path.clone();
}

/// What a chunk may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Source text.
    Text,
    /// What `string.dump` made.
    Binary,
}

/// A piece of source, not yet compiled.
///
/// ```
/// use luna::Lua;
///
/// # fn main() -> luna::Result<()> {
/// let lua = Lua::new();
/// let env = lua.create_table()?;
/// lua.load("x = 1 + ...").name("@mods/a.lua").env(&env).call::<()>(2)?;
/// assert_eq!(env.get::<i64>("x")?, 3);
/// assert!(!lua.globals().contains_key("x")?);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a chunk does nothing until it is run"]
pub struct Chunk<'l> {
    lua: &'l Lua,
    source: Source,
    name: Option<String>,
    env: Option<Table>,
    mode: Mode,
}

impl<'l> Chunk<'l> {
    /// A chunk of text with the globals as its environment.
    pub(crate) fn new(lua: &'l Lua, source: Source) -> Chunk<'l> {
        Chunk { lua, source, name: None, env: None, mode: Mode::Text }
    }

    /// The name messages use: `=name` as it is, `@path` as a file; else `=chunk`, or the file's path.
    pub fn name(mut self, name: impl Into<String>) -> Chunk<'l> {
        self.name = Some(name.into());
        self
    }

    /// The table where the chunk finds its globals.
    pub fn env(mut self, env: impl Borrow<Table>) -> Chunk<'l> {
        self.env = Some(env.borrow().clone());
        self
    }

    /// What the source is; text if nothing is said.
    pub fn mode(mut self, mode: Mode) -> Chunk<'l> {
        self.mode = mode;
        self
    }

    /// The source's bytes, those of a file without a first line that starts with `#`.
    fn read(source: &Source) -> Result<Vec<u8>> {
        match source {
            Source::Bytes(bytes) => Ok(bytes.clone()),
            Source::File(path) => {
                let mut bytes = std::fs::read(path).map_err(|error| {
                    Error::external(error).context(format!("cannot read {}", path.display()))
                })?;
                if bytes.first() == Some(&b'#') {
                    let end = bytes.iter().position(|&b| b == b'\n').unwrap_or(bytes.len());
                    bytes.drain(..end);
                }
                Ok(bytes)
            }
        }
    }

    /// The name messages use.
    fn shown_name(&self) -> String {
        match (&self.name, &self.source) {
            (Some(name), _) => name.clone(),
            (None, Source::Bytes(_)) => "=chunk".to_owned(),
            (None, Source::File(path)) => format!("@{}", path.display()),
        }
    }

    /// Compiles bytes as this chunk.
    fn compile(&self, bytes: &[u8]) -> Result<Function> {
        let binary = bytes.first() == Some(&0x1B);
        let (is, wanted) = match (binary, self.mode) {
            (true, Mode::Text) => ("binary", "t"),
            (false, Mode::Binary) => ("text", "b"),
            _ => ("", ""),
        };
        if !is.is_empty() {
            return Err(Error::new(format!("attempt to load a {is} chunk (mode is '{wanted}')")));
        }
        let name = self.shown_name();
        self.lua.with(|vm| {
            let function = match self.mode {
                Mode::Text => Chunk::load_text(vm, bytes, &name)?,
                Mode::Binary => {
                    // Who says that a chunk is binary means to load it, whatever scripts may do.
                    let allowed = vm.bytecode_loading();
                    vm.set_bytecode_loading(true);
                    let loaded = vm.load_bytes(bytes, name.as_bytes());
                    vm.set_bytecode_loading(allowed);
                    loaded.map_err(|error| Error::from_lua(error, vm))?
                }
            };
            self.in_environment(vm, function).map_err(|error| Error::from_lua(error, vm))
        })?
    }

    /// Compiles text. The first refusal for lack of memory may be the fault of garbage.
    fn load_text(vm: &mut Vm, text: &[u8], name: &str) -> Result<RawValue> {
        let loaded = vm.load(text, name.as_bytes()).or_else(|error| {
            if !error.is_out_of_memory() {
                return Err(error);
            }
            vm.collect_garbage();
            vm.load(text, name.as_bytes())
        });
        loaded.map(RawValue::Closure).map_err(|error| Error::from_syntax(&error, name, vm))
    }

    /// A loaded function with this chunk's environment.
    fn in_environment(
        &self,
        vm: &mut Vm,
        function: RawValue,
    ) -> std::result::Result<Function, LuaError> {
        if let Some(env) = &self.env {
            let env = crate::handle::value_in(&env.0, vm)?;
            vm.set_environment(function, env)?;
        }
        Ok(Function(Handle::new(vm, function)))
    }

    /// Compiles it.
    ///
    /// # Errors
    /// The file cannot be read, or a syntax error.
    pub fn into_function(self) -> Result<Function> {
        self.compile(&Chunk::read(&self.source)?)
    }

    /// Runs it; its results. Source that reads as an expression gives its value.
    ///
    /// # Errors
    /// A syntax error, what was raised, or that the results do not convert.
    pub fn eval<R: FromLuaMulti>(self) -> Result<R> {
        self.into_evaluating()?.call(())
    }

    /// Compiles it as an expression, if it reads as one.
    pub(crate) fn into_evaluating(self) -> Result<Function> {
        let bytes = Chunk::read(&self.source)?;
        if self.mode == Mode::Text {
            let expression = [b"return ", &*bytes].concat();
            if let Ok(function) = self.compile(&expression) {
                return Ok(function);
            }
        }
        self.compile(&bytes)
    }

    /// Runs it.
    ///
    /// # Errors
    /// A syntax error, or what was raised.
    pub fn exec(self) -> Result<()> {
        self.call(())
    }

    /// Runs it with arguments, which it sees as `...`.
    ///
    /// # Errors
    /// As [`Chunk::eval`].
    pub fn call<R: FromLuaMulti>(self, args: impl IntoLuaMulti) -> Result<R> {
        self.into_function()?.call(args)
    }
}
