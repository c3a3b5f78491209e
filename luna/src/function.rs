//! Functions, of Lua or of Rust.

use luna_core::Vm;
use luna_core::runtime::Value as RawValue;
use luna_core::vm::{Handle, LuaError};

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
            let mut upvalues = vec![function, RawValue::Nil];
            upvalues.extend(args.into_values(vm)?);
            let count = i64::try_from(upvalues.len()).unwrap_or(i64::MAX);
            upvalues[1] = RawValue::Int(count);
            let native = vm.native_with(call_bound, upvalues.into_boxed_slice());
            Ok(Function(Handle::new(vm, native)))
        })
    }
}

/// Calls upvalue 0 with the upvalues from 2 on, whose end upvalue 1 tells, and the arguments.
fn call_bound(vm: &mut Vm, slot: u32, nargs: u32) -> std::result::Result<u32, LuaError> {
    let count = match vm.nat_upval(slot, 1) {
        RawValue::Int(count) => usize::try_from(count).unwrap_or(0),
        _ => 0,
    };
    let bound = (2..count).map(|i| vm.nat_upval(slot, i));
    let args: Vec<RawValue> = bound.chain((0..nargs).map(|i| vm.nat_arg(slot, nargs, i))).collect();
    let results = vm.call_value(vm.nat_upval(slot, 0), &args)?;
    Ok(vm.nat_return(slot, &results))
}
