//! What a state keeps for its host: pinned values, classes, results of raw natives, the handle lent to natives.

pub(crate) mod handles;
pub(crate) mod traced;

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::error::Error;
use std::fmt;
use std::hash::BuildHasherDefault;
use std::rc::Rc;

use crate::heap::Heap;
use crate::heap::alloc::AddressHasher;
use crate::host::roots::handles::HandleTable;
use crate::host::userdata::describe::ClassInfo;
use crate::host::value::Value;
use crate::host::vm::{LuaError, Vm};
use crate::value::function::NativeClosure;
use crate::value::repr::RawValue;
use crate::value::string::Str;
use crate::value::thread::Coro;
use crate::value::userdata::{Members, UserdataObj};
use crate::vm::error::LuaErrorKind;

/// Names a pinned value: slot and generation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HostRootTicket {
    /// The slot below, the generation above: one word, for two halves written apart and read together would wait for each other.
    word: u64,
}

impl HostRootTicket {
    /// The slot.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "the lower half")]
    pub fn idx(self) -> u32 {
        self.word as u32
    }

    /// How often the slot was given back before.
    #[must_use]
    pub fn generation(self) -> u32 {
        (self.word >> 32) as u32
    }

    /// Names a slot at a generation.
    #[inline(always)]
    fn new(idx: u32, generation: u32) -> HostRootTicket {
        HostRootTicket { word: u64::from(generation) << 32 | u64::from(idx) }
    }
}

/// A ticket or a value is no longer good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HostRootStale;

impl fmt::Display for HostRootStale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("host root ticket or value is stale")
    }
}

impl Error for HostRootStale {}

/// A slot of the pool.
#[derive(Debug)]
struct Pinned {
    value: RawValue,
    generation: u32,
    used: bool,
}

/// A pool of values the host holds.
#[derive(Debug, Default)]
pub(crate) struct HostRoots {
    slots: Vec<Pinned>,
    free: Vec<u32>,
    used: usize,
}

impl HostRoots {
    /// Roots a live value.
    pub(crate) fn pin(&mut self, value: RawValue) -> HostRootTicket {
        self.used += 1;
        if let Some(idx) = self.free.pop() {
            let slot = &mut self.slots[idx as usize];
            slot.value = value;
            slot.used = true;
            return HostRootTicket::new(idx, slot.generation);
        }
        let idx = u32::try_from(self.slots.len()).expect("fewer roots than fit in memory");
        self.slots.push(Pinned { value, generation: 0, used: true });
        HostRootTicket::new(idx, 0)
    }

    /// A ticket's value.
    ///
    /// # Safety
    /// The ticket is one of this pool, and has not been given back.
    #[inline(always)]
    pub(crate) unsafe fn peek(&self, ticket: HostRootTicket) -> RawValue {
        debug_assert!(
            self.slots
                .get(ticket.idx() as usize)
                .is_some_and(|slot| slot.used && slot.generation == ticket.generation()),
            "pinned"
        );
        // SAFETY: A5; slots are never taken away, so that of a ticket of this pool is there.
        unsafe { self.slots.get_unchecked(ticket.idx() as usize).value }
    }

    /// Where a ticket's value is kept.
    pub(crate) fn get(&mut self, ticket: HostRootTicket) -> Option<&mut RawValue> {
        let slot = self.slots.get_mut(ticket.idx() as usize)?;
        (slot.used && slot.generation == ticket.generation()).then_some(&mut slot.value)
    }

    /// Gives a slot back.
    pub(crate) fn unpin(&mut self, ticket: HostRootTicket) -> Result<(), HostRootStale> {
        self.get(ticket).ok_or(HostRootStale)?;
        self.release(ticket.idx());
        Ok(())
    }

    /// Gives every slot back.
    pub(crate) fn unpin_all(&mut self) {
        for idx in 0..self.slots.len() as u32 {
            if self.slots[idx as usize].used {
                self.release(idx);
            }
        }
    }

    /// Empties a slot; one whose generations are used up stays empty.
    fn release(&mut self, idx: u32) {
        let slot = &mut self.slots[idx as usize];
        slot.value = RawValue::NIL;
        slot.used = false;
        self.used -= 1;
        slot.generation += 1;
        if slot.generation < u32::MAX {
            self.free.push(idx);
        }
    }

    /// Number of pinned values.
    pub(crate) fn count(&self) -> usize {
        self.used
    }

    /// Marks every pinned value.
    pub(crate) unsafe fn mark(&self, heap: &mut Heap) {
        for slot in &self.slots {
            heap.mark_value(slot.value);
        }
    }
}

/// A registered Rust type.
#[derive(Debug)]
pub(crate) struct Class {
    /// What its objects refer to: a leaked box, freed with this.
    pub(crate) members: *mut Members,
    /// Path of the Rust type.
    pub(crate) path: &'static str,
    /// What its source says.
    pub(crate) describe: fn() -> ClassInfo,
    /// What its registration says in place of that.
    pub(crate) said: Option<ClassInfo>,
    /// The bases that its registration has named, of a type that only the type itself knows.
    pub(crate) bases: Option<Rc<dyn Any>>,
}

impl Class {
    /// What is known about it.
    pub(crate) fn info(&self) -> ClassInfo {
        self.said.clone().unwrap_or_else(self.describe)
    }
}

impl Drop for Class {
    fn drop(&mut self) {
        // SAFETY: E1; the list of classes goes with the state, and its objects before.
        unsafe { drop(Box::from_raw(self.members)) }
    }
}

/// Results a raw native has stored.
#[derive(Debug)]
pub(crate) struct Returns {
    /// The thread the native runs in.
    pub(crate) thread: *mut Coro,
    /// Its function's slot.
    pub(crate) slot: u32,
    /// What it returns.
    pub(crate) values: Vec<RawValue>,
}

/// The Rust error behind a raised value.
pub(crate) struct Cause {
    /// The value that was raised.
    pub(crate) raised: RawValue,
    /// What the native failed with.
    pub(crate) error: Rc<dyn Error>,
}

/// What an error of a binding stands for.
#[derive(Debug)]
pub struct Recognized {
    /// The value to raise; none: its text, with the position of the calling line.
    pub raise: Option<Value>,
    /// The error as the cause of what is raised.
    pub cause: Rc<dyn Error>,
}

/// Finds out what an error of a native means if it is one of the binding's own.
pub type Recognizer = fn(&mut Vm, &dyn Any) -> Option<Recognized>;

/// The host's part of a state.
pub(crate) struct HostState {
    /// Values pinned by tickets.
    pub(crate) roots: HostRoots,
    /// What payloads that are borrowed exclusively referred to before.
    pub(crate) edges: HashMap<*mut UserdataObj, Vec<RawValue>>,
    /// The collector asks a payload.
    pub(crate) tracing: bool,
    /// Objects kept by borrow guards.
    pub(crate) guards: HostRoots,
    /// Host code runs that nobody's code may be entered from.
    pub(crate) sealed: bool,
    /// Accesses and calls of the host in progress.
    pub(crate) accesses: usize,
    /// Registered types.
    pub(crate) classes: HashMap<TypeId, Class, BuildHasherDefault<AddressHasher>>,
    /// Classes whose registration failed: objects may have been made meanwhile.
    pub(crate) failed_classes: Vec<Class>,
    /// Results of the raw natives in progress, innermost last.
    pub(crate) returns: Vec<Returns>,
    /// The handle the current entry was made through; null while there is none.
    pub(crate) vm: *mut Vm,
    /// Whether a panic has come out of the interpreter.
    pub(crate) poisoned: bool,
    /// What every entry fails with from then on; null while the Vm is made.
    pub(crate) poison_text: *mut Str,
    /// Entries in progress.
    pub(crate) entries: usize,
    /// The place of a shared handle that was dropped during an access: freed with the state; null if there is none.
    pub(crate) place: *mut Vm,
    /// The handle was dropped while an entry or a guard was there.
    pub(crate) orphaned: bool,
    /// What the embedder keeps with the Vm.
    pub(crate) app_data: HashMap<TypeId, Rc<dyn Any>>,
    /// Values pinned by handles.
    pub(crate) handles: Rc<HandleTable>,
    /// Whether somebody holds a handle of the Vm.
    pub(crate) locked: bool,
    /// Whether the Vm belongs to a `SharedVm`.
    pub(crate) shared: bool,
    /// The Rust error behind the last error of a native.
    pub(crate) cause: Option<Cause>,
    /// Knows the binding's own errors.
    pub(crate) recognizer: Option<Recognizer>,
    /// The native that resumes coroutines for the host; null until it is needed.
    pub(crate) resume: *mut NativeClosure,
    /// Whether the coroutine that the host resumed last has failed, until the host knows.
    pub(crate) resume_failed: bool,
    /// The run of an [`EvalFuture`](crate::vm::EvalFuture) between two polls; null if there is none. Whoever enters otherwise has leaked the
    /// future.
    pub(crate) waiting_run: *mut Coro,
    /// What the running hook of the host wants to raise.
    pub(crate) hook_raises: Option<LuaError>,
    /// Kind of the next error that host code raises.
    pub(crate) next_kind: Option<LuaErrorKind>,
    /// Source of the next error that host code raises.
    pub(crate) next_source: Option<(String, u32)>,
}

impl fmt::Debug for HostState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HostState").field("entries", &self.entries).finish_non_exhaustive()
    }
}

impl HostState {
    /// Nothing yet.
    pub(crate) fn new() -> HostState {
        HostState {
            roots: HostRoots::default(),
            guards: HostRoots::default(),
            sealed: false,
            accesses: 0,
            edges: HashMap::new(),
            tracing: false,
            classes: HashMap::default(),
            failed_classes: Vec::new(),
            returns: Vec::new(),
            vm: std::ptr::null_mut(),
            poisoned: false,
            poison_text: std::ptr::null_mut(),
            entries: 0,
            place: std::ptr::null_mut(),
            orphaned: false,
            app_data: HashMap::new(),
            handles: HandleTable::new(),
            locked: true,
            shared: false,
            cause: None,
            recognizer: None,
            resume: std::ptr::null_mut(),
            resume_failed: false,
            waiting_run: std::ptr::null_mut(),
            hook_raises: None,
            next_kind: None,
            next_source: None,
        }
    }

    /// Whether a guard or an access needs the state.
    pub(crate) fn is_kept(&self) -> bool {
        self.accesses > 0 || self.guards.count() > 0
    }

    /// Marks everything the host keeps alive.
    ///
    /// # Safety
    /// All of it is live in `heap`.
    pub(crate) unsafe fn mark(&self, heap: &mut Heap) {
        self.roots.mark(heap);
        if !self.poison_text.is_null() {
            heap.mark_object(self.poison_text.cast());
        }
        self.guards.mark(heap);
        self.handles.mark(heap);
        if let Some(cause) = &self.cause {
            heap.mark_value(cause.raised);
        }
        if !self.resume.is_null() {
            heap.mark_object(self.resume.cast());
        }
        if !self.waiting_run.is_null() {
            heap.mark_object(self.waiting_run.cast());
        }
        if let Some(raised) = self.hook_raises.and_then(|error| error.0.checked(heap)) {
            heap.mark_value(raised);
        }
        for class in self.classes.values().chain(&self.failed_classes) {
            let members = class.members;
            for table in [(*members).meta, (*members).table, (*members).getters, (*members).setters]
            {
                heap.mark_object(table.cast());
            }
        }
        for &value in self.edges.values().flatten() {
            heap.mark_value(value);
        }
        for returns in &self.returns {
            for &value in &returns.values {
                heap.mark_value(value);
            }
        }
    }
}

impl Vm {
    /// Keeps a value alive until it is unpinned.
    ///
    /// # Panics
    /// If the value is stale.
    pub fn pin_host(&mut self, value: Value) -> HostRootTicket {
        let raw = self.check_or_panic(value, "pin_host");
        // SAFETY: V1; the state lives as long as the Vm.
        unsafe { (*self.state()).host.roots.pin(raw) }
    }

    /// The pinned value; `None` for a stale ticket.
    #[must_use]
    pub fn read_host(&self, ticket: HostRootTicket) -> Option<Value> {
        // SAFETY: V1; no other reference to the roots exists.
        unsafe { (*self.state()).host.roots.get(ticket).map(|raw| Value::from_raw(*raw)) }
    }

    /// Replaces the pinned value.
    ///
    /// # Errors
    /// The ticket or the value is stale.
    pub fn write_host(
        &mut self,
        ticket: HostRootTicket,
        value: Value,
    ) -> Result<(), HostRootStale> {
        // SAFETY: V1, E2; the check finds the value live, and it is rooted at once.
        unsafe {
            let raw = self.checked(value).ok_or(HostRootStale)?;
            *(*self.state()).host.roots.get(ticket).ok_or(HostRootStale)? = raw;
        }
        Ok(())
    }

    /// Gives a pinned value up.
    ///
    /// # Errors
    /// The ticket is stale.
    pub fn unpin(&mut self, ticket: HostRootTicket) -> Result<(), HostRootStale> {
        self.write().host.roots.unpin(ticket)
    }

    /// Gives all pinned values up.
    pub fn unpin_all(&mut self) {
        self.write().host.roots.unpin_all()
    }

    /// Number of pinned values.
    #[must_use]
    pub fn host_root_count(&self) -> usize {
        self.read().host.roots.count()
    }

    /// Keeps one value of its type with the Vm; the one before is replaced.
    pub fn set_app_data<T: 'static>(&mut self, data: Rc<T>) {
        // SAFETY: V1; the old value is dropped after the map is done with.
        let old = unsafe { (*self.state()).host.app_data.insert(TypeId::of::<T>(), data) };
        drop(old);
    }

    /// Makes the errors of a binding known, so that they are raised as what they hold.
    pub fn set_recognizer(&mut self, recognizer: Recognizer) {
        self.write().host.recognizer = Some(recognizer);
    }

    /// The Rust error that a native failed with, if it raised this value.
    pub fn take_error_cause(&mut self, raised: Value) -> Option<Rc<dyn Error>> {
        let cause = self.write().host.cause.take()?;
        Value::from_raw(cause.raised).same(raised).then_some(cause.error)
    }

    /// The value of its type kept with the Vm.
    #[must_use]
    pub fn app_data<T: 'static>(&self) -> Option<Rc<T>> {
        let data = self.read().host.app_data.get(&TypeId::of::<T>()).cloned();
        data.and_then(|data| data.downcast().ok())
    }
}
