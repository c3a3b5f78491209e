//! luna: Lua for Rust programs, in Rust.
//!
//! ```
//! use luna::{Function, Lua};
//!
//! # fn main() -> luna::Result<()> {
//! let lua = Lua::new();
//! lua.globals().set("greet", lua.create_function(|name: &str, times: u8| format!("hi {name}!").repeat(times.into()))?)?;
//! let text: String = lua.load("return greet('orc', 2)").eval()?;
//! assert_eq!(text, "hi orc!hi orc!");
//!
//! lua.load("function on_tick(dt) return dt * 2 end").exec()?;
//! let on_tick: Function = lua.globals().get("on_tick")?;
//! assert_eq!(on_tick.call::<f64>(0.25)?, 0.5);
//! # Ok(())
//! # }
//! ```

#![deny(unsafe_code)]

#[doc(hidden)]
pub mod __private;
mod chunk;
mod error;
mod function;
mod handle;
#[expect(unsafe_code, reason = "reaches the Vm through a pointer; L1, L2")]
mod lend;
mod lua;
#[cfg(feature = "serde")]
pub mod serde;
mod string;
mod suggest;
mod table;
mod userdata;
mod value;

pub use chunk::Chunk;
pub use error::{Error, Result};
pub use function::{Function, LuaFunction};
pub use lua::{Builder, Lua, WeakLua};
pub use luna_core::LuaVersion as Dialect;
pub use luna_core::vm::{
    ConvError, FromLuaArgs as FromLuaMulti, FromLuaValue as FromLua, IntoLuaReturn as IntoLuaMulti,
    IntoValue as IntoLua, LuaUserdata, MetaMethod, Ud, UserdataMethods, UserdataRef,
    UserdataRefMut, Varargs as Variadic,
};
pub use luna_derive::{LuaUserdata, lua_methods};
pub use string::LuaString;
pub use table::Table;
pub use userdata::AnyUserdata;
pub use value::{Coroutine, Value};

/// The README's examples.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
