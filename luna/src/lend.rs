//! Types with a lifetime: how they are named where their lifetime is not known, and what Lua is told of them.

use luna_core::vm::{ClassInfo, LuaUserdata, UserdataMethods as Registry};

use crate::error::Result;
use crate::scope::Lent;
use crate::userdata::AnyUserdata;

/// A type with a lifetime, whose values are lent to Lua by a [`Scope`](crate::Scope); made by `#[derive(LuaUserdata)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no type with a lifetime that Lua knows",
    label = "cannot be lent in this way",
    note = "write `#[derive(LuaUserdata)]` on a type with one lifetime; a value without a lifetime is lent by `create_userdata_ref` and `create_userdata_ref_mut`"
)]
pub trait Lend<'a>: Sized + 'a {
    /// The type with any lifetime.
    type Family: LendFamily<Of<'a> = Self>;
}

/// A type with a lifetime, for all lifetimes at once: its instance for `'static` stands for it. `#[derive(LuaUserdata)]` makes it.
///
/// ```
/// use luna::{Lend, LendFamily, Lent, Lua, UserdataMethods};
///
/// struct Log<'a>(&'a mut Vec<String>);
///
/// impl<'a> Lend<'a> for Log<'a> {
///     type Family = Log<'static>;
/// }
///
/// impl LendFamily for Log<'static> {
///     type Of<'a> = Log<'a>;
///
///     fn type_name() -> &'static str {
///         "Log"
///     }
///
///     fn add_methods<M: UserdataMethods<Lent<Self>>>(methods: &mut M) {
///         methods.add_method_mut("add", |_, log, line: String| log.with_mut(|log| log.0.push(line)));
///     }
/// }
///
/// # fn main() -> luna::Result<()> {
/// let lua = Lua::new();
/// let mut lines = Vec::new();
/// lua.scope(|scope| lua.load("local log = ... log:add('one')").call::<()>(scope.create_lent(Log(&mut lines))?))?;
/// assert_eq!(lines, ["one"]);
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no type with a lifetime that Lua knows",
    label = "not lent to Lua",
    note = "write `#[derive(LuaUserdata)]` on a type with one lifetime"
)]
pub trait LendFamily: Sized + 'static {
    /// The type with a lifetime.
    type Of<'a>: Lend<'a, Family = Self>;

    /// As [`LuaUserdata::STRICT`].
    const STRICT: bool = false;

    /// The type's name in messages.
    #[must_use]
    fn type_name() -> &'static str;

    /// Registers what Lua sees of a value.
    fn add_methods<M: Registry<Lent<Self>>>(_methods: &mut M) {}

    /// Tells what the source says about the type.
    fn describe_class(_info: &mut ClassInfo) {}
}

impl<F: LendFamily> LuaUserdata for Lent<F> {
    const STRICT: bool = F::STRICT;
    // The value is not Lua's: what it refers to is kept by its handles.
    const TRACES: bool = false;

    fn type_name() -> &'static str {
        F::type_name()
    }

    fn add_methods<M: Registry<Self>>(methods: &mut M) {
        F::add_methods(methods);
    }

    fn describe_class(info: &mut ClassInfo) {
        info.path = std::any::type_name::<F>();
        F::describe_class(info);
    }
}

impl AnyUserdata {
    /// Looks at a value that was lent with its lifetime.
    ///
    /// # Errors
    /// Another type, a borrow in conflict, or the scope has ended.
    ///
    /// ```
    /// use luna::{Lua, LuaUserdata};
    ///
    /// #[derive(LuaUserdata)]
    /// struct View<'w> {
    ///     names: &'w [String],
    ///     pub first: usize,
    /// }
    ///
    /// # fn main() -> luna::Result<()> {
    /// let lua = Lua::new();
    /// let names = ["orc".to_owned(), "elf".to_owned()];
    /// lua.scope(|scope| {
    ///     let view = scope.create_lent(View { names: &names, first: 0 })?;
    ///     lua.load("local view = ... view.first = 1").call::<()>(&view)?;
    ///     let name = view.with_lent::<View<'_>, _>(|view| view.names[view.first].clone())?;
    ///     assert_eq!(name, "elf");
    ///     Ok(())
    /// })
    /// # }
    /// ```
    pub fn with_lent<F: LendFamily, R>(
        &self,
        look: impl for<'x> FnOnce(&F::Of<'x>) -> R,
    ) -> Result<R> {
        self.borrow::<Lent<F>>()?.with(look)
    }

    /// As [`AnyUserdata::with_lent`], exclusively.
    ///
    /// # Errors
    /// As [`AnyUserdata::with_lent`], or the value was lent to be read.
    pub fn with_lent_mut<F: LendFamily, R>(
        &self,
        change: impl for<'x> FnOnce(&mut F::Of<'x>) -> R,
    ) -> Result<R> {
        self.borrow_mut::<Lent<F>>()?.with_mut(change)
    }
}
