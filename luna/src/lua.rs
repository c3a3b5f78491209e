//! The owner of a Lua state.

use std::rc::{Rc, Weak};
use std::time::Duration;

use luna_core::Vm;
use luna_core::runtime::Value as RawValue;
use luna_core::vm::{
    GcMode, Handle, HandleTable, InterruptHandle, Limits, LuaError, LuaUserdata, NativeContext,
    NativeTypedSig, OwnedContext, SharedVm,
};

use crate::builder::Builder;
use crate::chunk::{Chunk, Source};
use crate::coroutine::Coroutine;
use crate::error::{Error, Result};
use crate::function::Function;
use crate::string::LuaString;
use crate::table::Table;
use crate::userdata::AnyUserdata;
use crate::{FromLua, IntoLua};

/// A Lua state. Clones share it; dropping the last one closes it.
///
/// Handles ([`Table`], [`Function`], ..) do not keep the state open: once it is closed, their operations are errors. A Rust function
/// that lives in the state must not own a `Lua`, which would then never be closed: take `&Lua` as first parameter, or keep a
/// [`WeakLua`].
///
/// ```
/// use luna::Lua;
///
/// # fn main() -> luna::Result<()> {
/// let lua = Lua::new();
/// let double = lua.create_function(|lua: &Lua, n: i64| lua.create_string(format!("{n}{n}")))?;
/// lua.globals().set("double", double)?;
/// assert_eq!(lua.load("double(4)").eval::<String>()?, "44");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Lua {
    table: Rc<HandleTable>,
    /// `None` for what callbacks get while the state closes.
    owner: Option<Rc<Owner>>,
}

/// What all clones share.
#[derive(Debug)]
struct Owner {
    shared: SharedVm,
}

/// A reference to a [`Lua`] that does not keep it open.
#[derive(Clone, Debug)]
pub struct WeakLua(Weak<Owner>);

impl WeakLua {
    /// The state, if it is still open.
    #[must_use]
    pub fn upgrade(&self) -> Option<Lua> {
        let owner = self.0.upgrade()?;
        Some(Lua { table: Rc::clone(owner.shared.table()), owner: Some(owner) })
    }
}

impl NativeContext for Lua {
    #[inline]
    fn enter<R>(vm: &mut Vm, run: impl FnOnce(&Lua) -> R) -> std::result::Result<R, LuaError> {
        let lua = Lua::of(vm);
        Ok(vm.unlocked(|| run(&lua)))
    }
}

impl OwnedContext for WeakLua {
    fn of(vm: &mut Vm) -> WeakLua {
        Lua::of(vm).downgrade()
    }
}

impl Default for Lua {
    fn default() -> Lua {
        Lua::new()
    }
}

impl Lua {
    /// A state of Lua 5.5 with the standard library, `debug` apart.
    #[must_use]
    pub fn new() -> Lua {
        Lua::builder().build()
    }

    /// Starts a state with other settings.
    #[must_use]
    pub fn builder() -> Builder {
        Builder::new()
    }

    /// Takes a Vm over.
    pub(crate) fn own(mut vm: Vm) -> Lua {
        vm.set_recognizer(crate::error::recognize);
        let owner = Rc::new(Owner { shared: SharedVm::new(vm) });
        let table = Rc::clone(owner.shared.table());
        let weak: Weak<Owner> = Rc::downgrade(&owner);
        table.set_owner(weak);
        Lua { table, owner: Some(owner) }
    }

    /// The state a Vm belongs to.
    pub(crate) fn of(vm: &Vm) -> Lua {
        let table = vm.handle_table();
        let owner = table.owner().and_then(|owner| owner.downcast().ok());
        Lua { table, owner }
    }

    /// A reference that does not keep the state open: for what is stored inside it.
    #[must_use]
    pub fn downgrade(&self) -> WeakLua {
        WeakLua(self.owner.as_ref().map_or_else(Weak::new, Rc::downgrade))
    }

    /// Runs with the Vm.
    pub(crate) fn with<R>(&self, run: impl FnOnce(&mut Vm) -> R) -> Result<R> {
        self.table.with(run).map_err(Error::from)
    }

    /// Runs something that may raise with the Vm.
    pub(crate) fn try_with<R>(
        &self,
        run: impl FnOnce(&mut Vm) -> std::result::Result<R, LuaError>,
    ) -> Result<R> {
        self.with(|vm| run(vm).map_err(|error| Error::from_lua(error, vm)))?
    }

    /// Runs with the low-level [`Vm`]. Meanwhile handles can be cloned and dropped, nothing else.
    ///
    /// # Errors
    /// Lua is busy: this is called while something else has the Vm.
    ///
    /// ```
    /// let lua = luna::Lua::new();
    /// let bytes = lua.with_vm(|vm| vm.memory_used())?;
    /// assert!(bytes > 0);
    /// # luna::Result::Ok(())
    /// ```
    pub fn with_vm<R>(&self, run: impl FnOnce(&mut Vm) -> R) -> Result<R> {
        self.with(run)
    }

    /// The globals.
    #[must_use]
    pub fn globals(&self) -> Table {
        Table(self.table.globals())
    }

    /// A piece of source to be run: text, bytes, or the path of a file.
    ///
    /// ```
    /// use luna::Lua;
    ///
    /// # fn main() -> luna::Result<()> {
    /// let lua = Lua::new();
    /// assert_eq!(lua.load("6 * 7").eval::<i64>()?, 42);
    /// assert!(lua.load(std::path::Path::new("no/such/file.lua")).exec().is_err());
    /// # Ok(())
    /// # }
    /// ```
    pub fn load(&self, source: impl Into<Source>) -> Chunk<'_> {
        Chunk::new(self, source.into())
    }

    /// A Lua function from a Rust one.
    ///
    /// It takes up to 16 parameters of types that come from Lua, `&str`, `&[u8]`, `&Path` and userdata as `&T` and `&mut T` among them,
    /// the last one possibly [`Variadic`](crate::Variadic); before them `&Lua`, if it needs the state.
    ///
    /// # Errors
    /// Lua is busy or closed.
    pub fn create_function<F: NativeTypedSig<Marker>, Marker: 'static>(
        &self,
        function: F,
    ) -> Result<Function> {
        self.with(|vm| {
            let native = vm.native_typed(function);
            Function(Handle::new(vm, native))
        })
    }

    /// An empty table.
    ///
    /// # Errors
    /// Lua is busy or closed.
    pub fn create_table(&self) -> Result<Table> {
        self.with(|vm| {
            let table = RawValue::Table(vm.new_table().build());
            Table(Handle::new(vm, table))
        })
    }

    /// A table of the given entries.
    ///
    /// # Errors
    /// A key or value does not convert.
    pub fn create_table_from<K: IntoLua, V: IntoLua>(
        &self,
        entries: impl IntoIterator<Item = (K, V)>,
    ) -> Result<Table> {
        let table = self.create_table()?;
        for (key, value) in entries {
            table.raw_set(key, value)?;
        }
        Ok(table)
    }

    /// A table of the given values, from 1 on.
    ///
    /// # Errors
    /// A value does not convert.
    pub fn create_sequence_from<V: IntoLua>(
        &self,
        values: impl IntoIterator<Item = V>,
    ) -> Result<Table> {
        self.create_table_from((1_i64..).zip(values))
    }

    /// A string.
    ///
    /// # Errors
    /// Lua is busy or closed.
    pub fn create_string(&self, bytes: impl AsRef<[u8]>) -> Result<LuaString> {
        self.with(|vm| {
            let value = bytes.as_ref().into_value(vm);
            LuaString(Handle::new(vm, value))
        })
    }

    /// A coroutine that will run a function.
    ///
    /// # Errors
    /// Lua is busy or closed, or the function belongs to another one.
    pub fn create_coroutine(&self, function: &Function) -> Result<Coroutine> {
        self.try_with(|vm| {
            let body = function.try_into_value(vm)?;
            let co = vm.create_coroutine(body);
            Ok(Coroutine(Handle::new(vm, co)))
        })
    }

    /// A userdata that owns `value`.
    ///
    /// # Errors
    /// Lua is busy or closed.
    pub fn create_userdata<T: LuaUserdata>(&self, value: T) -> Result<AnyUserdata> {
        self.with(|vm| {
            let value = vm.create_userdata(value);
            AnyUserdata(Handle::new(vm, value))
        })
    }

    /// The table of a type's functions, methods and constants.
    ///
    /// # Errors
    /// Lua is busy or closed.
    pub fn class_table<T: LuaUserdata>(&self) -> Result<Table> {
        self.try_with(|vm| {
            let table = RawValue::Table(vm.class_table::<T>()?);
            Ok(Table(Handle::new(vm, table)))
        })
    }

    /// Makes a type's class table a global.
    ///
    /// # Errors
    /// Lua is busy or closed.
    pub fn set_class<T: LuaUserdata>(&self, name: &str) -> Result<()> {
        self.try_with(|vm| vm.set_class::<T>(name))
    }

    /// Converts between types by way of Lua.
    ///
    /// # Errors
    /// Either conversion failed.
    ///
    /// ```
    /// let lua = luna::Lua::new();
    /// let list: Vec<u8> = lua.convert([1, 2, 3])?;
    /// assert_eq!(list, [1, 2, 3]);
    /// assert!(lua.convert::<u8>(256).is_err());
    /// # luna::Result::Ok(())
    /// ```
    pub fn convert<T: FromLua>(&self, value: impl IntoLua) -> Result<T> {
        self.try_with(|vm| {
            let value = value.try_into_value(vm)?;
            vm.convert(value)
        })
    }

    /// Sets the limits of entries.
    pub(crate) fn limit(&self, limits: Limits) {
        self.table.set_limits(limits);
    }

    /// Sets how many instructions every entry from outside may spend; `None`: as many as it wants.
    pub fn set_instruction_budget(&self, units: Option<i64>) {
        let limits = Limits { instructions: units, ..self.table.limits() };
        self.table.set_limits(limits);
    }

    /// Sets the most bytes the state may hold; `None`: no limit.
    ///
    /// # Errors
    /// Lua is busy or closed.
    pub fn set_memory_cap(&self, bytes: Option<usize>) -> Result<()> {
        let limits = Limits { memory: bytes, ..self.table.limits() };
        self.table.set_limits(limits);
        self.with(|vm| vm.set_memory_cap(bytes))
    }

    /// Sets how long every entry from outside may take; `None`: as long as it wants. When the time is over the script ends with the error
    /// `deadline exceeded`, whatever it does; what host code does meanwhile is not stopped.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use luna::Lua;
    ///
    /// let lua = Lua::new();
    /// lua.set_deadline(Some(Duration::from_millis(20)));
    /// let error = lua.load("while true do pcall(error) end").exec().unwrap_err();
    /// assert_eq!(error.message(), "deadline exceeded");
    /// ```
    pub fn set_deadline(&self, after: Option<Duration>) {
        let limits = Limits { deadline: after, ..self.table.limits() };
        self.table.set_limits(limits);
    }

    /// What stops scripts from any thread, at their next instruction. It costs them nothing as long as it is not used.
    ///
    /// # Errors
    /// Lua is busy or closed.
    ///
    /// ```
    /// use std::thread;
    ///
    /// use luna::Lua;
    ///
    /// # fn main() -> luna::Result<()> {
    /// let lua = Lua::new();
    /// let handle = lua.interrupt_handle()?;
    /// let stopper = thread::spawn(move || handle.interrupt());
    /// let error = lua.load("while true do end").exec().unwrap_err();
    /// assert_eq!(error.message(), "interrupted");
    /// # Ok(())
    /// # }
    /// ```
    pub fn interrupt_handle(&self) -> Result<InterruptHandle> {
        self.with(|vm| vm.interrupt_handle())
    }

    /// Chooses how the collector works; the mode before.
    ///
    /// # Errors
    /// Lua is busy or closed.
    pub fn set_gc_mode(&self, mode: GcMode) -> Result<GcMode> {
        self.with(|vm| vm.set_gc_mode(mode))
    }

    /// A full collection; the number of objects freed.
    ///
    /// # Errors
    /// Lua is busy or closed.
    pub fn collect_garbage(&self) -> Result<usize> {
        self.with(Vm::collect_garbage)
    }

    /// Bytes the state holds.
    ///
    /// # Errors
    /// Lua is busy or closed.
    pub fn memory_used(&self) -> Result<usize> {
        self.with(|vm| vm.memory_used())
    }

    /// Number of handles in being.
    #[must_use]
    pub fn handle_count(&self) -> usize {
        self.table.count()
    }
}
