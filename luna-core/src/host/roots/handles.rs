//! Handles: pinned values that let go when they are dropped, and shared access to the Vm they belong to.
//!
//! - **A1** A table's `state` is null, or points to a live state, which clears it when it is freed.
//! - **A2** The state is *locked* whenever somebody holds a `&mut Vm` of it; access through a table is refused then. Only a Vm given to a
//!   [`SharedVm`] is ever unlocked: between accesses, and while a native without a handle runs.
//! - **A3** An access is counted in its state, which outlives it.
//! - **A4** The pool of a table is borrowed for one call of its methods only, which run nobody else's code.
//! - **A5** The ticket of a handle is its own, and pinned from when it is made until it is dropped.

use std::any::{Any, TypeId};
use std::cell::{Cell, OnceCell, UnsafeCell};
use std::fmt;
use std::ptr::null_mut;
use std::rc::{Rc, Weak};
use std::time::Duration;

use crate::heap::Heap;
use crate::host::roots::{HostRootTicket, HostRoots};
use crate::host::value::Value;
use crate::host::vm::{Vm, deadline, release_orphan};
use crate::value::repr::RawValue;
use crate::value::userdata::UserdataObj;
use crate::vm::{State, budget, interrupt, safepoint};

/// Why a handle is of no use now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unavailable {
    /// The Vm is gone.
    Gone,
    /// Somebody else has the Vm to himself.
    Busy,
    /// The handle belongs to another Vm.
    Foreign,
    /// What the handle names is gone: nothing has kept it.
    Expired,
}

impl fmt::Display for Unavailable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Unavailable::Gone => "the Lua of this handle is closed",
            Unavailable::Busy => "Lua is busy",
            Unavailable::Foreign => "the handle belongs to another Lua",
            Unavailable::Expired => "the value of this handle has expired",
        })
    }
}

impl std::error::Error for Unavailable {}

/// The values that handles pin, and the way to the Vm they belong to. It outlives the Vm as long as a handle is there.
pub struct HandleTable {
    state: Cell<*mut State>,
    /// Where the shared Vm is; null if it is not shared.
    shared: Cell<*mut Vm>,
    pool: UnsafeCell<HostRoots>,
    owner: OnceCell<Weak<dyn Any>>,
    limits: Cell<Limits>,
    /// The limits of the last entry.
    armed: Cell<Limits>,
    /// Whether any limit is to be armed, or to be lifted.
    is_limited: Cell<bool>,
}

/// Limits that are armed again whenever the host enters the Vm.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Most units one entry may spend.
    pub instructions: Option<i64>,
    /// Most bytes the heap may use.
    pub memory: Option<usize>,
    /// How long one entry may take.
    pub deadline: Option<Duration>,
}

impl fmt::Debug for HandleTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HandleTable").field("open", &self.is_open()).finish_non_exhaustive()
    }
}

/// Puts the lock back as it was, also while unwinding.
pub(crate) struct Relock {
    l: *mut State,
    before: bool,
}

impl Relock {
    /// Locks or unlocks until dropped.
    ///
    /// # Safety
    /// `l` is live as long as this is.
    #[inline(always)]
    pub(crate) unsafe fn set(l: *mut State, locked: bool) -> Relock {
        Relock { l, before: std::mem::replace(&mut (*l).host.locked, locked) }
    }
}

impl Drop for Relock {
    #[inline(always)]
    fn drop(&mut self) {
        // SAFETY: E1; `set` was promised that the state is live as long as this.
        unsafe { (*self.l).host.locked = self.before }
    }
}

/// Keeps everybody out of a state whose frames or heap are in the middle of something, until dropped.
pub(crate) struct Seal {
    relock: Relock,
    before: bool,
}

impl Seal {
    /// Locks the state, for those that have a handle of the Vm as well.
    ///
    /// # Safety
    /// `l` is live as long as this is.
    #[inline(always)]
    pub(crate) unsafe fn set(l: *mut State) -> Seal {
        let relock = Relock::set(l, true);
        Seal { relock, before: std::mem::replace(&mut (*l).host.sealed, true) }
    }
}

impl Drop for Seal {
    #[inline(always)]
    fn drop(&mut self) {
        // SAFETY: E1; `set` was promised that the state is live as long as this.
        unsafe { (*self.relock.l).host.sealed = self.before }
    }
}

/// Ends an access, also while unwinding.
struct Access {
    l: *mut State,
    vm: *mut Vm,
}

impl Drop for Access {
    #[inline(always)]
    fn drop(&mut self) {
        // SAFETY: A3; the count has kept the state, and whoever owns the Vm keeps its place while it is locked.
        unsafe {
            if (*self.vm).state() == self.l {
                (*self.l).host.locked = false;
            } else {
                // The state has another owner now, whom handles must not get in the way of: it stays locked.
                moved_away(self.l);
            }
            (*self.l).host.accesses -= 1;
            release_orphan(self.l);
        }
    }
}

/// The Vm was moved out of the place it is used through. If it was not dropped, its new owner may lend what it holds, so a run that is in progress ends before
/// anything is changed or collected, and handles have no access any more.
#[cold]
pub(crate) unsafe fn moved_away(l: *mut State) {
    (*l).host.shared = false;
    if (*l).host.entries > 0 && !(*l).host.orphaned && !budget::is_tripped(l) {
        budget::trip(l, budget::Trip::Moved);
    }
}

/// Puts the handle of the running entry back, also while unwinding.
struct Relend {
    l: *mut State,
    before: *mut Vm,
}

impl Drop for Relend {
    fn drop(&mut self) {
        // SAFETY: E1; the entry or access that lent the handle keeps the state as long as this.
        unsafe { (*self.l).host.vm = self.before }
    }
}

impl HandleTable {
    /// The table of a new state, which sets the pointer.
    pub(crate) fn new() -> Rc<HandleTable> {
        Rc::new(HandleTable {
            state: Cell::new(null_mut()),
            shared: Cell::new(null_mut()),
            pool: UnsafeCell::default(),
            owner: OnceCell::new(),
            limits: Cell::default(),
            armed: Cell::default(),
            is_limited: Cell::new(false),
        })
    }

    /// The pinned values.
    #[inline(always)]
    fn pool(&self) -> &HostRoots {
        // SAFETY: A4; the table does not leave its thread, and nothing in the pool's methods comes back here.
        unsafe { &*self.pool.get() }
    }

    /// The pinned values, to be changed.
    #[inline(always)]
    #[expect(clippy::mut_from_ref, reason = "as a cell: no two are there at once")]
    fn pool_mut(&self) -> &mut HostRoots {
        // SAFETY: A4; as `pool`.
        unsafe { &mut *self.pool.get() }
    }

    /// Tells where the state is.
    pub(crate) fn attach(&self, l: *mut State) {
        self.state.set(l);
    }

    /// The state is about to be freed.
    pub(crate) fn detach(&self) {
        self.state.set(null_mut());
    }

    /// Marks what handles pin.
    pub(crate) unsafe fn mark(&self, heap: &mut Heap) {
        self.pool().mark(heap);
    }

    /// Whether it is that of a state.
    pub(in crate::host) fn is_of(&self, l: *mut State) -> bool {
        self.state.get() == l
    }

    /// Pins what has been found live in the Vm, or is pinned.
    pub(super) fn pin(&self, value: Value) -> HostRootTicket {
        self.pool_mut().pin(value.to_raw())
    }

    /// Gives a slot back.
    pub(super) fn unpin(&self, ticket: HostRootTicket) {
        let unpinned = self.pool_mut().unpin(ticket);
        debug_assert!(unpinned.is_ok(), "unpinned once");
    }

    /// Whether the Vm is still there.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !self.state.get().is_null()
    }

    /// Number of handles.
    #[must_use]
    pub fn count(&self) -> usize {
        self.pool().count()
    }

    /// What the owner of the Vm keeps here, once: callbacks find it again.
    pub fn set_owner(&self, owner: Weak<dyn Any>) {
        // A second owner is none: the first one stays.
        let _ = self.owner.set(owner);
    }

    /// The owner, if it is still there.
    #[must_use]
    pub fn owner(&self) -> Option<Rc<dyn Any>> {
        self.owner.get()?.upgrade()
    }

    /// The limits of every entry from outside.
    #[must_use]
    pub fn limits(&self) -> Limits {
        self.limits.get()
    }

    /// Sets the limits of every entry from outside; they hold from the next one on.
    pub fn set_limits(&self, limits: Limits) {
        self.limits.set(limits);
        self.is_limited.set([limits, self.armed.get()] != [Limits::default(); 2]);
    }

    /// Arms the limits that are set, and lifts those that are not any more.
    ///
    /// # Safety
    /// `l` is the live state of this table.
    #[inline(always)]
    pub(crate) unsafe fn arm(&self, l: *mut State) {
        if self.is_limited.get() {
            self.arm_limits(l);
        }
    }

    /// The host regains control: what was armed for the entry alone ends.
    ///
    /// # Safety
    /// As [`HandleTable::arm`].
    #[inline(always)]
    pub(crate) unsafe fn disarm(&self, l: *mut State) {
        if (*l).limits.timed {
            (*l).limits.timed = false;
            interrupt::end_entry(l);
        }
    }

    #[cold]
    unsafe fn arm_limits(&self, l: *mut State) {
        let limits = self.limits.get();
        let before = self.armed.replace(limits);
        self.is_limited.set(limits != Limits::default());
        if let Some(after) = limits.deadline {
            (*l).limits.timed = true;
            deadline::end_after(after, &(*l).switch, interrupt::begin_entry(l));
        }
        if limits.instructions.or(before.instructions).is_some() {
            budget::set(l, limits.instructions);
            (*l).limits.finalizer_budget = limits.instructions;
        }
        if limits.memory.or(before.memory).is_some() {
            budget::set_cap(l, limits.memory);
        }
    }

    /// A handle of the globals; one of nothing once the Vm is gone.
    #[must_use]
    pub fn globals(self: &Rc<Self>) -> Handle {
        let l = self.state.get();
        let raw = if l.is_null() {
            RawValue::NIL
        } else {
            // SAFETY: A1; the pointer is only copied.
            unsafe { RawValue::table((*l).globals) }
        };
        Handle { table: Rc::clone(self), ticket: self.pool_mut().pin(raw) }
    }

    /// Runs with the Vm to itself.
    ///
    /// # Errors
    /// The Vm is gone, or somebody else has it.
    pub fn with<R>(&self, run: impl FnOnce(&mut Vm) -> R) -> Result<R, Unavailable> {
        let l = self.state.get();
        if l.is_null() {
            return Err(Unavailable::Gone);
        }
        // SAFETY: A1, A2; the very handle that the running entry was made through is lent, or else the owner's, so that a state never has two.
        unsafe {
            if std::mem::replace(&mut (*l).host.locked, true) {
                return Err(Unavailable::Busy);
            }
            let running = (*l).host.vm;
            let vm = if running.is_null() { self.shared.get() } else { running };
            if vm.is_null() || (*vm).state() != l {
                return Err(Unavailable::Busy);
            }
            (*l).host.accesses += 1;
            let _access = Access { l, vm };
            if safepoint::is_due(l) {
                (*vm).pay_debt();
            }
            Ok(run(&mut *vm))
        }
    }
}

/// A Vm that is reached through its handles. Dropping this closes it.
#[derive(Debug)]
pub struct SharedVm {
    /// A leaked box: accesses point to it.
    vm: *mut Vm,
    table: Rc<HandleTable>,
}

impl SharedVm {
    /// Shares a Vm.
    #[must_use]
    pub fn new(vm: Vm) -> SharedVm {
        let table = vm.handle_table();
        // SAFETY: A2; the only handle moves in here and is not given out again. A Vm whose entry is in progress stays locked.
        unsafe {
            let host = &raw mut (*vm.state()).host;
            (*host).shared = (*host).entries == 0;
            (*host).locked = !(*host).shared;
        }
        let vm = Box::into_raw(Box::new(vm));
        table.shared.set(vm);
        SharedVm { vm, table }
    }

    /// The way to the Vm.
    #[must_use]
    pub fn table(&self) -> &Rc<HandleTable> {
        &self.table
    }
}

impl Drop for SharedVm {
    fn drop(&mut self) {
        // SAFETY: A2, A3; the box is owned by this. If an access still points to it, it goes with the state that the access keeps.
        unsafe {
            let l = (*self.vm).state();
            let table = (*self.vm).handle_table();
            let accessed = self.table.state.get();
            let in_use = (*l).host.entries > 0
                || !accessed.is_null()
                    && ((*accessed).host.is_kept() || (*accessed).host.entries > 0);
            if !in_use {
                self.table.shared.set(null_mut());
                (*l).host.locked = true;
                drop(Box::from_raw(self.vm));
                if table.is_open() {
                    (*l).host.locked = !(*l).host.shared;
                }
                return;
            }
            if !accessed.is_null() {
                (*accessed).host.place = self.vm;
            }
            (*l).host.orphaned = true;
            release_orphan(l);
        }
    }
}

/// A pinned value.
///
/// Dropping it needs no Vm: it may happen while unwinding, in a finalizer, and after the Vm is gone.
pub struct Handle {
    table: Rc<HandleTable>,
    ticket: HostRootTicket,
}

const _: () = assert!(size_of::<Handle>() == 16);

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.peek() {
            Some(value) => value.fmt(f),
            None => f.write_str("(closed)"),
        }
    }
}

impl Clone for Handle {
    fn clone(&self) -> Handle {
        let raw = self.raw();
        let ticket = self.table.pool_mut().pin(raw);
        Handle { table: Rc::clone(&self.table), ticket }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.table.unpin(self.ticket);
    }
}

impl Handle {
    /// Pins a value.
    ///
    /// # Panics
    /// If the value is stale.
    #[must_use]
    pub fn new(vm: &mut Vm, value: Value) -> Handle {
        let raw = vm.check_or_panic(value, "pin");
        let table = vm.handle_table();
        let ticket = table.pool_mut().pin(raw);
        Handle { table, ticket }
    }

    /// Pins what has been found live in the Vm of the table, or is pinned there.
    #[inline(always)]
    pub(in crate::host) fn of_live(table: &Rc<HandleTable>, value: Value) -> Handle {
        Handle { table: Rc::clone(table), ticket: table.pin(value) }
    }

    /// What the slot holds; nil once the Vm is gone.
    #[inline(always)]
    fn raw(&self) -> RawValue {
        // SAFETY: A5; `ticket` was pinned in this very table.
        unsafe { self.table.pool().peek(self.ticket) }
    }

    /// The value; `None` once the Vm is gone.
    #[must_use]
    pub fn peek(&self) -> Option<Value> {
        self.table.is_open().then(|| Value::from_raw(self.raw()))
    }

    /// The object, if it is a userdata.
    fn userdata(&self) -> Option<*mut UserdataObj> {
        match self.peek()? {
            Value::Userdata(object) => Some(object.as_ptr()),
            _ => None,
        }
    }

    /// Whether it pins a userdata that was made from a `T`.
    #[must_use]
    pub fn is_userdata<T: 'static>(&self) -> bool {
        // SAFETY: A1; the handle keeps the object, of which only a word is read.
        self.userdata().is_some_and(|object| unsafe { (*object).ty.shown() == TypeId::of::<T>() })
    }

    /// The name of the class of a userdata that it pins.
    #[must_use]
    pub fn class_name(&self) -> Option<&'static str> {
        // SAFETY: A1; as `is_userdata`, and the state keeps the classes of its objects.
        self.userdata().and_then(|object| unsafe { (*object).members.as_ref() }).map(|m| m.name)
    }

    /// The table of the Vm it belongs to.
    #[must_use]
    pub fn table(&self) -> &Rc<HandleTable> {
        &self.table
    }

    /// Whether both pin the same object of the same Vm.
    #[must_use]
    pub fn same(&self, other: &Handle) -> bool {
        Rc::ptr_eq(&self.table, &other.table)
            && matches!((self.peek(), other.peek()), (Some(a), Some(b)) if a.same(b))
    }

    /// The value for use in a state.
    #[inline(always)]
    pub(in crate::host) fn raw_in(&self, l: *mut State) -> Result<RawValue, Unavailable> {
        let of = self.table.state.get();
        if of == l {
            Ok(self.raw())
        } else if of.is_null() {
            Err(Unavailable::Gone)
        } else {
            Err(Unavailable::Foreign)
        }
    }

    /// The value for use in `vm`.
    ///
    /// # Errors
    /// The handle belongs to another Vm.
    pub fn value_in(&self, vm: &Vm) -> Result<Value, Unavailable> {
        self.raw_in(vm.state()).map(Value::from_raw)
    }

    /// Runs with the Vm and the value.
    ///
    /// # Errors
    /// The Vm is gone, or somebody else has it.
    pub fn with<R>(&self, run: impl FnOnce(&mut Vm, Value) -> R) -> Result<R, Unavailable> {
        let value = self.peek().ok_or(Unavailable::Gone)?;
        self.table.with(|vm| run(vm, value))
    }
}

impl Vm {
    /// The table of this Vm's handles.
    #[must_use]
    pub fn handle_table(&self) -> Rc<HandleTable> {
        Rc::clone(&self.read().host.handles)
    }

    /// Lets handles be used while `run` runs, if the Vm is shared.
    pub fn unlocked<R>(&mut self, run: impl FnOnce() -> R) -> R {
        let l = self.state();
        // SAFETY: A2; `self` is borrowed exclusively and not used meanwhile. The state is kept by the entry or access it was lent by, or by
        // `self`.
        let (_relend, _relock) = unsafe {
            let before = std::mem::replace(&mut (*l).host.vm, std::ptr::from_mut(self));
            (Relend { l, before }, Relock::set(l, !(*l).host.shared))
        };
        run()
    }
}
