//! Handles that keep nothing alive.

use std::fmt;
use std::marker::PhantomData;
use std::rc::Rc;

use luna_core::Vm;
use luna_core::runtime::Value as RawValue;
use luna_core::vm::{Handle, LuaError};

use crate::coroutine::Coroutine;
use crate::error::Result;
use crate::function::Function;
use crate::handle::{try_with, value_in};
use crate::table::Table;
use crate::userdata::{AnyUserdata, Userdata};
use crate::{FromLua, LuaUserdata};

/// A handle that does not keep its object alive: a [`Table`], [`Function`], [`Coroutine`], [`AnyUserdata`] or [`Userdata`].
///
/// ```
/// use luna::Lua;
///
/// # fn main() -> luna::Result<()> {
/// let lua = Lua::new();
/// let table = lua.create_table()?;
/// let weak = table.downgrade()?;
/// lua.collect_garbage()?;
/// assert_eq!(weak.upgrade()?, Some(table.clone()));
/// drop(table);
/// lua.collect_garbage()?;
/// assert_eq!(weak.upgrade()?, None);
/// # Ok(())
/// # }
/// ```
pub struct Weak<T> {
    /// A table with weak values; the object is its only one.
    holder: Handle,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for Weak<T> {
    fn clone(&self) -> Weak<T> {
        Weak { holder: self.holder.clone(), of: PhantomData }
    }
}

impl<T> fmt::Debug for Weak<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(weak)")
    }
}

impl<T: FromLua> Weak<T> {
    /// The object; `None` once it is collected.
    ///
    /// # Errors
    /// The state is closed or busy.
    pub fn upgrade(&self) -> Result<Option<T>> {
        try_with(&self.holder, |vm, holder| {
            let RawValue::Table(holder) = holder else { return Ok(None) };
            let object = vm.raw_get(holder, RawValue::Int(1));
            if object.is_nil() { Ok(None) } else { vm.convert(object).map(Some) }
        })
    }
}

/// The metatable that all holders of a state share.
struct WeakValues(Handle);

/// The metatable of tables with weak values.
fn weak_values(vm: &mut Vm) -> std::result::Result<RawValue, LuaError> {
    if let Some(shared) = vm.app_data::<WeakValues>() {
        return value_in(&shared.0, vm);
    }
    let meta = RawValue::Table(vm.new_table().with("__mode", "v").build());
    let pinned = Handle::new(vm, meta);
    vm.set_app_data(Rc::new(WeakValues(pinned)));
    Ok(meta)
}

/// Makes a weak handle.
fn downgrade<T>(handle: &Handle) -> Result<Weak<T>> {
    try_with(handle, |vm, object| {
        let holder = vm.new_table().build();
        vm.raw_set(holder, RawValue::Int(1), object)?;
        let pinned = Handle::new(vm, RawValue::Table(holder));
        if let RawValue::Table(meta) = weak_values(vm)? {
            vm.set_metatable(holder, Some(meta))?;
        }
        Ok(Weak { holder: pinned, of: PhantomData })
    })
}

macro_rules! weak_handles {
    ($($type:ident)*) => { $(
        impl $type {
            /// A handle that does not keep the object alive.
            ///
            /// # Errors
            /// The state is closed or busy.
            pub fn downgrade(&self) -> Result<Weak<$type>> {
                downgrade(&self.0)
            }
        }
    )* };
}
weak_handles! { Table Function Coroutine AnyUserdata }

impl<T: LuaUserdata> Userdata<T> {
    /// A handle that does not keep the object alive.
    ///
    /// # Errors
    /// The state is closed or busy.
    pub fn downgrade(&self) -> Result<Weak<Userdata<T>>> {
        downgrade(&self.as_any().0)
    }
}
