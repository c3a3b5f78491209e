//! Functions, of Lua or of Rust.

use luna_core::runtime::Value as RawValue;
use luna_core::vm::Handle;

use crate::error::Result;
use crate::handle::{enter, handle_conversions, try_with};
use crate::{FromLuaMulti, IntoLuaMulti};

/// A function.
///
/// ```
/// use luna::{Function, Lua};
///
/// # fn main() -> luna::Result<()> {
/// let lua = Lua::new();
/// let add: Function = lua.load("function(a, b) return a + b end").eval()?;
/// assert_eq!(add.call::<i64>((1, 2))?, 3);
/// assert_eq!(add.bind(10)?.call::<i64>(5)?, 15);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Function(pub(crate) Handle);

crate::pretty::shows_content!(Function);
handle_conversions!(Function, RawValue::Closure(_) | RawValue::Native(_), "function");

impl Function {
    /// Calls it.
    ///
    /// # Errors
    /// What was raised, or that an argument or result does not convert.
    pub fn call<R: FromLuaMulti>(&self, args: impl IntoLuaMulti) -> Result<R> {
        enter(&self.0, |vm| self.0.call(vm, args))
    }

    /// A function that calls this one with the given arguments before its own.
    ///
    /// # Errors
    /// An argument does not convert, or the state is closed or busy.
    pub fn bind(&self, args: impl IntoLuaMulti) -> Result<Function> {
        try_with(&self.0, |vm, function| {
            let args = args.into_values(vm)?;
            let bound = vm.bind(function, &args);
            Ok(Function(Handle::new(vm, bound)))
        })
    }
}
