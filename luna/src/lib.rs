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
//!
//! [`Lua`] is the state. What it holds is reached through handles: [`Table`], [`Function`], [`LuaString`], [`Coroutine`], [`AnyUserdata`],
//! or a [`Value`] of any of these. They need no lifetimes and no `&mut`: they can be used within callbacks, stored anywhere, and
//! dropped at any time. Whatever goes wrong is an [`Error`], never a panic.

#![deny(unsafe_code)]

#[doc(hidden)]
pub mod __private;
mod app_data;
mod builder;
mod chunk;
mod coroutine;
mod error;
mod foreign;
mod function;
mod futures;
mod handle;
mod iterate;
mod keys;
mod lend;
mod loader;
mod lua;
mod path;
mod pretty;
mod registry;
mod reload;
#[expect(unsafe_code, reason = "lends what is not 'static; L1 to L6")]
mod scope;
#[cfg(feature = "serde")]
pub mod serde;
mod string;
mod stubs;
mod table;
mod traced;
mod userdata;
mod value;
mod weak;

pub use app_data::{AppDataRef, AppDataRefMut};
pub use builder::{Builder, StdLib};
pub use chunk::{Chunk, Mode, Source};
pub use coroutine::Coroutine;
pub use error::{Error, Result, ResultExt, SendError};
pub use foreign::{Foreign, Operand, TypeBuilder};
pub use function::Function;
pub use futures::{AsyncCall, CoroutineStream};
pub use iterate::{MetaPairs, MetaSequenceValues};
pub use lend::{Lend, LendFamily};
pub use loader::{FolderLoader, Loader, MapLoader, ModuleSource, Reloaded};
pub use lua::{Lua, WeakLua};
pub use luna_core::LuaVersion as Dialect;
pub use luna_core::vm::{
    AsyncNativeSig as LuaAsyncFunction, ConvError, CoroStatus as CoroutineStatus,
    FromLuaArgs as FromLuaMulti, FromLuaValue as FromLua, GcMode, InterruptHandle,
    IntoLuaReturn as IntoLuaMulti, IntoValue as IntoLua, LuaErrorKind as ErrorKind, LuaUserdata,
    MetaMethod, NativeTypedSig as LuaFunction, Ud, UserdataMarker, UserdataRef, UserdataRefMut,
    Varargs as Variadic,
};
pub use luna_core::vm::{
    ClassInfo, FieldInfo, FunctionInfo, FunctionKind, OperatorInfo, ParamInfo, TypeInfo, TypeShape,
    VariantInfo,
};
pub use luna_derive::{FromLua, IntoLua, LuaUserdata, lua_methods, lua_module};
pub use scope::{Lent, Scope};
pub use string::LuaString;
pub use stubs::Stubs;
pub use table::{Pairs, SequenceValues, Table};
pub use traced::{Trace, Traced, TracedTarget};
pub use userdata::{AnyUserdata, Userdata, UserdataMethods};
pub use value::Value;
pub use weak::Weak;

/// The README's examples.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

/// The examples of the guide to the derives.
#[cfg(doctest)]
#[doc = include_str!("../../docs/derive.md")]
struct DeriveGuide;

/// The examples of the tour.
#[cfg(doctest)]
#[doc = include_str!("../../docs/binding.md")]
struct Tour;

/// The examples of the guide to serde.
#[cfg(all(doctest, feature = "serde"))]
#[doc = include_str!("../../docs/serde.md")]
struct SerdeGuide;

/// The examples of the guide to modding.
#[cfg(all(doctest, feature = "serde"))]
#[doc = include_str!("../../docs/modding.md")]
struct ModdingGuide;

/// The examples of the guide for users of mlua.
#[cfg(doctest)]
#[doc = include_str!("../../docs/migrating-from-mlua.md")]
struct MigrationGuide;

/// The examples of the guide to threads.
#[cfg(doctest)]
#[doc = include_str!("../../docs/threading.md")]
struct ThreadingGuide;
