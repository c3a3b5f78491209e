//! Functions, of Lua or of Rust.

use luna_core::Vm;
use luna_core::runtime::Value as RawValue;
use luna_core::vm::{FromLuaValue, IntoLuaReturn, NativeTypedSig};

use crate::error::Result;
use crate::handle::{Handle, handle_conversions, owner_of};
use crate::lua::Lua;
use crate::{FromLuaMulti, IntoLuaMulti};

/// A function.
#[derive(Clone, Debug)]
pub struct Function(pub(crate) Handle);

handle_conversions!(Function, RawValue::Closure(_) | RawValue::Native(_), "function");

impl Function {
    /// Calls it.
    ///
    /// # Errors
    /// What was raised, or that an argument or result does not convert.
    pub fn call<R: FromLuaMulti>(&self, args: impl IntoLuaMulti) -> Result<R> {
        self.0.try_with(|vm, function| {
            let args = args.into_values(vm)?;
            let results = vm.call_value(function, &args)?;
            R::from_lua_args(&results, vm).map_err(|failure| failure.into_error(vm))
        })
    }
}

/// A Rust function that Lua can call. `Marker` is always inferred.
pub trait LuaFunction<Marker>: 'static {
    /// The native.
    #[doc(hidden)]
    fn into_native(self, vm: &mut Vm) -> RawValue;
}

/// Marks functions without `&Lua`.
#[derive(Debug)]
pub struct Typed;
/// Marks functions whose first parameter is `&Lua`.
#[derive(Debug)]
pub struct WithLua;

impl<F: NativeTypedSig<M>, M: 'static> LuaFunction<(Typed, M)> for F {
    fn into_native(self, vm: &mut Vm) -> RawValue {
        vm.native_typed(self)
    }
}

/// The open state a native runs in.
fn running(vm: &Vm) -> Result<Lua> {
    owner_of(vm)
        .and_then(|owner| Lua::upgrade(&owner))
        .ok_or_else(|| crate::Error::new("Lua is closing"))
}

macro_rules! with_lua {
    ($($arg:ident $name:ident)*) => {
        impl<F, R, $($arg,)*> LuaFunction<(WithLua, fn($($arg,)*) -> R)> for F
        where
            F: Fn(&Lua, $($arg,)*) -> R + 'static,
            R: IntoLuaReturn + 'static,
            $($arg: FromLuaValue + 'static,)*
        {
            fn into_native(self, vm: &mut Vm) -> RawValue {
                vm.native_typed(move |vm: &mut Vm, $($name: $arg,)*| -> Result<R> {
                    let lua = running(vm)?;
                    Ok(lua.lend(vm, || self(&lua, $($name,)*)))
                })
            }
        }
    };
}
with_lua! {}
with_lua! { A0 a0 }
with_lua! { A0 a0 A1 a1 }
with_lua! { A0 a0 A1 a1 A2 a2 }
with_lua! { A0 a0 A1 a1 A2 a2 A3 a3 }
with_lua! { A0 a0 A1 a1 A2 a2 A3 a3 A4 a4 }
with_lua! { A0 a0 A1 a1 A2 a2 A3 a3 A4 a4 A5 a5 }
with_lua! { A0 a0 A1 a1 A2 a2 A3 a3 A4 a4 A5 a5 A6 a6 }
with_lua! { A0 a0 A1 a1 A2 a2 A3 a3 A4 a4 A5 a5 A6 a6 A7 a7 }
