//! The owner of a Lua state.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use luna_core::Vm;
use luna_core::runtime::Value as RawValue;
use luna_core::vm::{HostRootTicket, LuaError, LuaUserdata};

use crate::chunk::Chunk;
use crate::error::{Error, Result};
use crate::function::{Function, LuaFunction};
use crate::handle::Handle;
use crate::lend::VmCell;
use crate::string::LuaString;
use crate::table::Table;
use crate::userdata::AnyUserdata;
use crate::{Dialect, FromLua, IntoLua};

/// A Lua state. Clones share it; dropping the last one closes it.
#[derive(Clone, Debug)]
pub struct Lua {
    inner: Rc<Inner>,
}

/// A reference to a [`Lua`] that does not keep it open.
#[derive(Clone, Debug)]
pub struct WeakLua(Weak<Inner>);

impl WeakLua {
    /// The state, if it is still open.
    #[must_use]
    pub fn upgrade(&self) -> Option<Lua> {
        Lua::upgrade(&self.0)
    }
}

/// What all clones share.
#[derive(Debug)]
pub(crate) struct Inner {
    vm: VmCell,
    discarded: RefCell<Vec<HostRootTicket>>,
}

impl Inner {
    /// Notes a pin that is to be given back when the Vm is at hand.
    pub(crate) fn discard(&self, ticket: HostRootTicket) {
        self.discarded.borrow_mut().push(ticket);
    }

    /// Gives back what was noted.
    pub(crate) fn unpin_discarded(&self, vm: &mut Vm) {
        let mut discarded = self.discarded.borrow_mut();
        for ticket in discarded.drain(..) {
            // A stale ticket has nothing left to give back.
            let _ = vm.unpin(ticket);
        }
    }
}

/// Says what a [`Lua`] is made of.
#[derive(Clone, Copy, Debug)]
pub struct Builder {
    dialect: Dialect,
}

impl Builder {
    /// The dialect; 5.5 if nothing is said.
    #[must_use]
    pub fn dialect(mut self, dialect: Dialect) -> Builder {
        self.dialect = dialect;
        self
    }

    /// The state.
    #[must_use]
    pub fn build(self) -> Lua {
        let vm = Vm::new(self.dialect);
        let inner = Rc::new(Inner { vm: VmCell::new(vm), discarded: RefCell::default() });
        let owner = Rc::downgrade(&inner);
        let lender = Weak::clone(&owner);
        let ready = inner.vm.with(|vm| {
            vm.set_app_data(Rc::new(owner));
            vm.set_lender(Rc::new(move |vm, run| match lender.upgrade() {
                Some(inner) => inner.vm.lend(vm, run),
                None => run(),
            }));
        });
        debug_assert!(ready.is_some(), "nobody else has the new Vm");
        Lua { inner }
    }
}

impl Default for Lua {
    fn default() -> Lua {
        Lua::new()
    }
}

impl Lua {
    /// A state of Lua 5.5 with the standard library.
    #[must_use]
    pub fn new() -> Lua {
        Lua::builder().build()
    }

    /// Starts a state with other settings.
    #[must_use]
    pub fn builder() -> Builder {
        Builder { dialect: Dialect::Lua55 }
    }

    /// The open state behind a weak reference.
    pub(crate) fn upgrade(inner: &Weak<Inner>) -> Option<Lua> {
        inner.upgrade().map(|inner| Lua { inner })
    }

    /// A reference that does not keep the state open: for what is stored inside it.
    #[must_use]
    pub fn downgrade(&self) -> WeakLua {
        WeakLua(Rc::downgrade(&self.inner))
    }

    /// Runs with the Vm.
    pub(crate) fn with<R>(&self, run: impl FnOnce(&mut Vm) -> R) -> Result<R> {
        let inner = &self.inner;
        let done = inner.vm.with(|vm| {
            inner.unpin_discarded(vm);
            run(vm)
        });
        done.ok_or_else(|| Error::new("Lua is busy"))
    }

    /// Runs something that may raise with the Vm.
    pub(crate) fn try_with<R>(
        &self,
        run: impl FnOnce(&mut Vm) -> std::result::Result<R, LuaError>,
    ) -> Result<R> {
        self.with(|vm| run(vm).map_err(|error| Error::from_lua(error, vm)))?
    }

    /// Makes a callback's Vm this state's while `run` runs.
    pub(crate) fn lend<R>(&self, vm: &mut Vm, run: impl FnOnce() -> R) -> R {
        self.inner.vm.lend(vm, run)
    }

    /// Pins a value.
    pub(crate) fn handle(&self, vm: &mut Vm, value: RawValue) -> Handle {
        Handle::new(vm, &Rc::downgrade(&self.inner), value)
    }

    /// The globals.
    ///
    /// # Panics
    /// While a conversion has the state to itself.
    #[must_use]
    pub fn globals(&self) -> Table {
        let handle = self.with(|vm| {
            let globals = RawValue::Table(vm.globals());
            self.handle(vm, globals)
        });
        Table(handle.expect("no conversion has the state to itself"))
    }

    /// A piece of source to be run.
    pub fn load(&self, source: impl Into<Vec<u8>>) -> Chunk<'_> {
        Chunk::new(self, source.into())
    }

    /// A Lua function from a Rust one: up to 16 parameters of types that come from Lua, borrowed ones included, or `&Lua` and up to 8.
    ///
    /// # Errors
    /// Lua is busy.
    pub fn create_function<F: LuaFunction<Marker>, Marker: 'static>(
        &self,
        function: F,
    ) -> Result<Function> {
        self.with(|vm| {
            let native = function.into_native(vm);
            Function(self.handle(vm, native))
        })
    }

    /// An empty table.
    ///
    /// # Errors
    /// Lua is busy.
    pub fn create_table(&self) -> Result<Table> {
        self.with(|vm| {
            let table = RawValue::Table(vm.new_table().build());
            Table(self.handle(vm, table))
        })
    }

    /// A string.
    ///
    /// # Errors
    /// Lua is busy.
    pub fn create_string(&self, bytes: impl AsRef<[u8]>) -> Result<LuaString> {
        self.with(|vm| {
            let value = bytes.as_ref().into_value(vm);
            LuaString(self.handle(vm, value))
        })
    }

    /// A userdata that owns `value`.
    ///
    /// # Errors
    /// Lua is busy.
    pub fn create_userdata<T: LuaUserdata>(&self, value: T) -> Result<AnyUserdata> {
        self.with(|vm| {
            let value = vm.create_userdata(value);
            AnyUserdata(self.handle(vm, value))
        })
    }

    /// The table of a type's functions, methods and constants.
    ///
    /// # Errors
    /// Lua is busy.
    pub fn class_table<T: LuaUserdata>(&self) -> Result<Table> {
        self.try_with(|vm| {
            let table = RawValue::Table(vm.class_table::<T>()?);
            Ok(Table(self.handle(vm, table)))
        })
    }

    /// Makes a type's class table a global.
    ///
    /// # Errors
    /// Lua is busy.
    pub fn set_class<T: LuaUserdata>(&self, name: &str) -> Result<()> {
        self.try_with(|vm| vm.set_class::<T>(name))
    }

    /// Converts between types by way of Lua.
    ///
    /// # Errors
    /// Either conversion failed.
    pub fn convert<T: FromLua>(&self, value: impl IntoLua) -> Result<T> {
        self.try_with(|vm| {
            let value = value.try_into_value(vm)?;
            vm.convert(value)
        })
    }

    /// A full collection; the number of objects freed.
    ///
    /// # Errors
    /// Lua is busy.
    pub fn collect_garbage(&self) -> Result<usize> {
        self.with(Vm::collect_garbage)
    }

    /// Bytes the state holds.
    ///
    /// # Errors
    /// Lua is busy.
    pub fn memory_used(&self) -> Result<usize> {
        self.with(|vm| vm.memory_used())
    }
}
