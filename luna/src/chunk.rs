//! Source to be run.

use luna_core::runtime::Value as RawValue;

use crate::error::Result;
use crate::function::Function;
use crate::lua::Lua;
use crate::{FromLuaMulti, IntoLuaMulti};

/// A piece of source, not yet compiled.
#[derive(Clone, Debug)]
#[must_use = "a chunk does nothing until it is run"]
pub struct Chunk<'l> {
    lua: &'l Lua,
    source: Vec<u8>,
    name: String,
}

impl<'l> Chunk<'l> {
    /// A chunk named `=chunk`.
    pub(crate) fn new(lua: &'l Lua, source: Vec<u8>) -> Chunk<'l> {
        Chunk { lua, source, name: "=chunk".to_owned() }
    }

    /// The name messages use: `=name` as it is, `@path` as a file.
    pub fn name(mut self, name: impl Into<String>) -> Chunk<'l> {
        self.name = name.into();
        self
    }

    /// Compiles it.
    ///
    /// # Errors
    /// A syntax error.
    pub fn into_function(self) -> Result<Function> {
        self.lua.try_with(|vm| {
            let function = vm.load_bytes(&self.source, self.name.as_bytes())?;
            Ok(Function(self.lua.handle(vm, function)))
        })
    }

    /// Runs it; its results. Source that reads as an expression gives its value.
    ///
    /// # Errors
    /// A syntax error, what was raised, or that the results do not convert.
    pub fn eval<R: FromLuaMulti>(self) -> Result<R> {
        let expression = [b"return ", &*self.source].concat();
        let as_expression = Chunk { source: expression, ..self.clone() };
        match as_expression.into_function() {
            Ok(function) => function.call(()),
            Err(_) => self.call(()),
        }
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
        self.lua.try_with(|vm| {
            let function: RawValue = vm.load_bytes(&self.source, self.name.as_bytes())?;
            let pin = self.lua.handle(vm, function);
            let args = args.into_values(vm)?;
            let results = vm.call_value(function, &args);
            drop(pin);
            R::from_lua_args(&results?, vm).map_err(|failure| failure.into_error(vm))
        })
    }
}
