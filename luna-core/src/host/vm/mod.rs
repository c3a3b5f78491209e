//! The `Vm`: owner of a state, and the host's way into it.
//!
//! - **E1** A state is live as long as its `Vm`, an entry or a guard is there ([`release_orphan`]).
//! - **E2** Only entries collect, and accesses through handles before they begin, while nobody holds a `&mut Vm`: what a check found live stays so, and what is made may stay unrooted, until the next one begins.

pub(crate) mod bound;
pub(crate) mod calls;
pub(crate) mod coroutine;
pub(crate) mod deadline;
pub(crate) mod entry;
pub(crate) mod heap;
pub(crate) mod hooks;
pub(crate) mod libraries;
pub(crate) mod limits;
pub(crate) mod maker;
pub(crate) mod reading;
pub(crate) mod reload;
pub(crate) mod sandbox;
pub(crate) mod serial;
pub(crate) mod tables;

use std::cell::RefCell;
use std::ffi::CString;
use std::fmt;
use std::marker::PhantomData;

use crate::bytecode::verify::verify;
use crate::compile::compile;
use crate::dialect::LuaVersion;
use crate::heap::Heap;
use crate::host::io::host_io::HostIo;
use crate::host::io::system_io::SystemIo;
use crate::host::native::{Cx, Raise};
use crate::host::typed::Slot;
use crate::host::value::{Gc, Value};
use crate::host::vm::calls::Window;
pub(crate) use crate::host::vm::entry::release_orphan;
use crate::meter::Meter;
use crate::syntax::error::SyntaxError;
use crate::value::function::{LuaClosure, NativeClosure, Proto};
use crate::value::repr::{RawValue, tag};
use crate::value::string::Str;
use crate::value::table::Table;
use crate::value::upvalue::Upvalue;
use crate::vm::error::LuaErrorKind;
use crate::vm::{State, barriers, meta, natives, protect, safepoint};

/// One Lua universe: heap, globals, coroutines.
#[derive(Debug)]
pub struct Vm {
    /// Answers questions about the heap. The Vm itself never looks at it.
    pub heap: heap::Heap,
    /// Values of a layer that shows the Vm to C: the collector keeps what is in it, and makes stale values nil.
    pub capi_stack: Vec<Value>,
    /// Keeps the text that was last lent to C.
    pub capi_cstr_pin: Option<CString>,
    state: *mut State,
    not_send: PhantomData<*mut ()>,
}

/// Marks the values of the handle that the running entry was made through.
///
/// # Safety
/// In an entry of `l`, while no host code runs; `heap` is its heap.
pub(crate) unsafe fn mark_capi_stack(l: *mut State, heap: &mut Heap) {
    let vm = (*l).host.vm;
    if vm.is_null() || (*vm).state != l {
        return;
    }
    let values = &raw mut (*vm).capi_stack;
    for value in &mut *values {
        match value.checked(heap) {
            Some(raw) => heap.mark_value(raw),
            None => *value = Value::Nil,
        }
    }
}

impl Drop for Vm {
    fn drop(&mut self) {
        // SAFETY: E1; the handle gives its state up, which the last of its entries and guards frees.
        unsafe {
            (*self.state).host.orphaned = true;
            release_orphan(self.state);
        }
    }
}

thread_local! {
    /// The thread's states, for messages of errors that are shown without their Vm.
    static LIVE: RefCell<Vec<*mut State>> = const { RefCell::new(Vec::new()) };
}

/// Whether a state of this thread is there.
pub(super) fn is_open(state: *mut State) -> bool {
    LIVE.try_with(|live| live.borrow().contains(&state)).unwrap_or(false)
}

/// Takes a state off the list of live ones. At the end of a thread the list may be gone before the last state.
fn forget_live(l: *mut State) {
    let _ = LIVE.try_with(|live| live.borrow_mut().retain(|&other| other != l));
}

/// Whether a chunk of so many bytes is refused for lack of memory: by the host's budget, or because the allocator has not what reading it may
/// take.
pub(crate) unsafe fn refuses_chunk(l: *mut State, len: usize) -> bool {
    /// Bytes that a chunk takes in tokens, syntax tree and code, for each of its own.
    const PER_BYTE: usize = 64;
    /// What a chunk of any length may take.
    const LEAST: usize = 1 << 16;
    len > (*l).loader_input_budget
        || !(*l).heap.can_allocate(
            // More than the cap leaves is refused when it is needed.
            len.saturating_mul(PER_BYTE).saturating_add(LEAST).min((*l).heap.room()),
        )
}

/// Compiles text to a verified closure whose first upvalue is `env`.
///
/// # Safety
/// `l` is live; the result is rooted before the next safe point.
pub(crate) unsafe fn load_text(
    l: *mut State,
    source: &[u8],
    name: &[u8],
    env: RawValue,
) -> Result<*mut LuaClosure, SyntaxError> {
    let def = compile(source, name, (*l).rules, &mut Meter::new((*l).heap.room()))?;
    debug_assert!(verify(&def).is_ok(), "the compiler makes only verifiable code");
    Ok(close_over(l, def, env))
}

/// A closure of a verified main function.
pub(crate) unsafe fn close_over(
    l: *mut State,
    def: crate::bytecode::proto::ProtoDef,
    env: RawValue,
) -> *mut LuaClosure {
    let count = def.upvals.len();
    let heap = &mut (*l).heap;
    let proto = Proto::new(heap, def);
    let closure = LuaClosure::new(heap, proto, count);
    for i in 0..count {
        let value = if i == 0 { env } else { RawValue::NIL };
        *LuaClosure::upvalue_slot(closure, i) = Upvalue::new_closed(heap, value);
    }
    closure
}

impl Vm {
    /// A Vm with empty globals.
    #[must_use]
    pub fn new_minimal(version: LuaVersion) -> Vm {
        Vm::with_io(version, Box::new(SystemIo::new()))
    }

    /// As [`Vm::new_minimal`], with these services.
    pub(super) fn with_io(version: LuaVersion, io: Box<dyn HostIo>) -> Vm {
        let state = State::create(version, io);
        let _ = LIVE.try_with(|live| live.borrow_mut().push(state));
        // SAFETY: the state was just made; A1.
        unsafe {
            (*state).host.handles.attach(state);
            (*state).switch.attach(state);
            (*state).host.poison_text = Str::new(&mut (*state).heap, b"Vm poisoned");
            Vm::of_state(state)
        }
    }

    /// A handle of a state.
    ///
    /// # Safety
    /// The state is live, and its owner is this or is not used meanwhile.
    pub(super) unsafe fn of_state(state: *mut State) -> Vm {
        Vm {
            heap: heap::Heap::of(state),
            capi_stack: Vec::new(),
            capi_cstr_pin: None,
            state,
            not_send: PhantomData,
        }
    }

    /// A Vm with every library open.
    #[must_use]
    pub fn new(version: LuaVersion) -> Vm {
        let mut vm = Vm::new_minimal(version);
        vm.open_all_libs();
        vm
    }

    /// Opens the parts of one or both libraries that work on frames.
    pub(super) fn open_natives(&mut self, base: bool, coroutine: bool) {
        let l = self.state;
        // SAFETY: V1, E2; the tables are stored in the globals before anything can collect.
        unsafe {
            if base {
                natives::register(l, (*l).globals, natives::BASE);
            }
            if coroutine {
                let table = Table::new(&mut (*l).heap);
                natives::register(l, table, natives::COROUTINE);
                let key = RawValue::str(Str::new(&mut (*l).heap, b"coroutine"));
                let stored = Table::set((*l).globals, &mut (*l).heap, key, RawValue::table(table));
                debug_assert!(stored.is_ok(), "a string key");
            }
        }
    }

    /// The dialect.
    #[must_use]
    pub fn version(&self) -> LuaVersion {
        self.read().version
    }

    /// The state, to be looked at.
    pub(super) fn read(&self) -> &State {
        // SAFETY: V1; the state lives as long as the Vm, and whoever lets something run borrows the Vm exclusively.
        unsafe { &*self.state }
    }

    /// The state, to be changed.
    pub(super) fn write(&mut self) -> &mut State {
        // SAFETY: V1; as `read`, and the Vm is borrowed exclusively.
        unsafe { &mut *self.state }
    }

    /// The value behind a handle from the host; `None` if it is stale.
    pub(super) fn checked(&self, value: Value) -> Option<RawValue> {
        value.checked(&self.read().heap)
    }

    /// The state, for the parts of the crate that work on it.
    pub(crate) fn state(&self) -> *mut State {
        self.state
    }

    /// The globals table.
    #[must_use]
    pub fn globals(&self) -> Gc<Table> {
        Gc::new(self.read().globals)
    }

    /// Compiles text; runs nothing.
    ///
    /// # Errors
    /// What is wrong with the source, and where.
    pub fn load(&mut self, source: &[u8], name: &[u8]) -> Result<Gc<LuaClosure>, SyntaxError> {
        let l = self.state;
        // SAFETY: V1; only numbers are looked at.
        if unsafe { refuses_chunk(l, source.len()) } {
            return Err(SyntaxError::out_of_memory());
        }
        // SAFETY: V1, E2; the closure is given out before anything can collect.
        unsafe { load_text(l, source, name, RawValue::table((*l).globals)).map(Gc::new) }
    }

    /// Loads text or a binary chunk; the function.
    ///
    /// # Errors
    /// The message of what is wrong with the chunk.
    pub fn load_bytes(&mut self, chunk: &[u8], name: &[u8]) -> Result<Value, LuaError> {
        self.in_native(|cx| {
            let loaded = cx.load_chunk(chunk, name)?;
            if loaded.is_err() {
                cx.change(|state| state.error_kind = LuaErrorKind::Syntax);
            }
            Ok(loaded)
        })
    }

    /// Loads a file, a first line that starts with `#` skipped; the function.
    ///
    /// # Errors
    /// Why it cannot be read, or what is wrong with it.
    pub fn load_file(&mut self, path: &str) -> Result<Value, LuaError> {
        self.in_native(|cx| {
            Ok(crate::stdlib::chunk::load_file(cx, Some(path.as_bytes()), None)?
                .then_some(())
                .ok_or(()))
        })
    }

    /// Runs library code on the host's behalf: it pushes a function, or a message if it answers `Err`.
    fn in_native(
        &mut self,
        body: impl FnOnce(&mut Cx<'_>) -> Result<Result<(), ()>, Raise>,
    ) -> Result<Value, LuaError> {
        // SAFETY: V1; `enter` has the state to itself, and what the body pushes is taken off again.
        self.enter(|l| unsafe {
            let top = (*l).w.top;
            let at = top.offset_from((*l).w.stack);
            let mut cx = Cx::of_running(l, 0);
            let done = body(&mut cx);
            let value = match done {
                Ok(_) => *(*l).w.top.sub(1),
                Err(Raise) => (*l).error,
            };
            (*l).w.top = (*l).w.stack.offset(at);
            if matches!(done, Ok(Ok(()))) {
                Ok(Value::from_raw(value))
            } else {
                Err(LuaError(Value::from_raw(value)))
            }
        })?
    }

    /// Opens every library.
    pub fn open_all_libs(&mut self) {
        self.open(crate::stdlib::Libraries::ALL);
    }

    /// Opens some libraries.
    pub(super) fn open_libraries(&mut self, which: crate::stdlib::Libraries) {
        let opened = self.in_native(|cx| {
            crate::stdlib::open_libs(cx, which)?;
            cx.push(crate::host::native::view::Val::NIL)?;
            Ok(Ok(()))
        });
        debug_assert!(opened.is_ok(), "libraries open into an empty state");
    }

    /// What a live Lua function runs.
    ///
    /// # Panics
    /// If the handle is stale.
    #[must_use]
    pub fn proto_of(&self, function: Gc<LuaClosure>) -> Gc<Proto> {
        let live = self.is_live(Value::Closure(function));
        assert!(live, "stale or foreign function passed to Vm::proto_of");
        // SAFETY: E2; the check found the closure live, which keeps its prototype.
        unsafe { (*function.as_ptr()).proto }
    }

    /// The bytecode of a function and those nested in it, as text; `None` for a stale handle.
    #[must_use]
    pub fn listing(&self, function: Gc<LuaClosure>) -> Option<String> {
        self.is_live(Value::Closure(function)).then(|| {
            // SAFETY: E2; `is_live` found the closure live, which keeps its prototype.
            let def = unsafe { Proto::full_def((*function.as_ptr()).proto.as_ptr()) };
            crate::bytecode::listing::listing(&def)
        })
    }

    /// The message of an error as `tostring` gives it, `__tostring` included.
    pub fn error_display(&mut self, error: &LuaError) -> String {
        let plain = matches!(error.0, Value::Str(_)) || !self.is_live(error.0);
        let number = matches!(error.0, Value::Int(_) | Value::Float(_));
        if plain || !number && !self.has_tostring(error.0) {
            return self.error_text(error);
        }
        match self.tostring_value(error.0) {
            Ok(text) => {
                String::from_utf8_lossy(self.str_bytes(text).unwrap_or_default()).into_owned()
            }
            // What fails to tell of itself is told of as one without a say.
            Err(_) => self.error_text(error),
        }
    }

    /// Whether a live value has a `__tostring`.
    fn has_tostring(&self, value: Value) -> bool {
        // SAFETY: V1; the caller has found the value live.
        unsafe { !meta::handler(self.state, value.to_raw(), meta::Event::ToString).is_nil() }
    }

    /// Compiles and runs a chunk named `=eval`; all its results.
    ///
    /// # Errors
    /// The syntax error's text, or what the chunk raised.
    pub fn eval(&mut self, source: &str) -> Result<Vec<Value>, LuaError> {
        self.eval_chunk(source, "=eval")
    }

    /// As [`Vm::eval`], with a chunk name.
    ///
    /// # Errors
    /// As [`Vm::eval`].
    pub fn eval_chunk(&mut self, source: &str, name: &str) -> Result<Vec<Value>, LuaError> {
        match self.load(source.as_bytes(), name.as_bytes()) {
            Ok(closure) => self.call_value(Value::Closure(closure), &[]),
            Err(error) => Err(self.syntax_error(&error, name)),
        }
    }

    /// A chunk's error as what a run of it fails with.
    pub(in crate::host) fn syntax_error(&mut self, error: &SyntaxError, name: &str) -> LuaError {
        let state = self.write();
        state.error_kind = LuaErrorKind::Syntax;
        state.report.get_or_insert_default().source =
            (error.line > 0).then(|| (name.to_owned(), error.line));
        LuaError(self.new_string(&error.text()))
    }

    /// Calls anything callable; all its results.
    ///
    /// # Errors
    /// What was raised, or that `f` or an argument is stale.
    pub fn call_value(&mut self, f: Value, args: &[Value]) -> Result<Vec<Value>, LuaError> {
        let window = Window::open(self);
        for &value in [f].iter().chain(args) {
            match self.checked(value) {
                Some(live) => window.push(self, Slot(live))?,
                None => return Err(self.stale(value, "call_value")),
            }
        }
        window.call(self)?;
        Ok(window.values(0))
    }

    /// As [`Vm::call_value`], with a message handler: it sees an error where it is raised, before anything is closed, and what it
    /// answers is the error.
    ///
    /// # Errors
    /// What the handler made of what was raised, or that a value is stale.
    pub fn call_with_handler(
        &mut self,
        f: Value,
        args: &[Value],
        handler: Value,
    ) -> Result<Vec<Value>, LuaError> {
        // SAFETY: V1, E2; the native is rooted by the call below before anything can collect.
        let catcher = unsafe {
            let heap = &mut (*self.state).heap;
            NativeClosure::new(heap, protect::xpcall_entry, std::ptr::null(), "", 0)
        };
        let args: Vec<Value> = [f, handler].iter().chain(args).copied().collect();
        let mut results = self.call_value(Value::Native(Gc::new(catcher)), &args)?;
        let caught = results.is_empty() || !results.remove(0).truthy();
        if caught {
            Err(LuaError(results.first().copied().unwrap_or(Value::Nil)))
        } else {
            Ok(results)
        }
    }

    /// An error that names a stale handle.
    pub(super) fn stale(&mut self, value: Value, function: &str) -> LuaError {
        let text = format!("stale or foreign {} passed to Vm::{function}", value.type_name());
        LuaError(self.new_string(text.as_bytes()))
    }

    /// A string value.
    pub(crate) fn new_string(&mut self, bytes: &[u8]) -> Value {
        // SAFETY: V1, E2; allocation on the host's side does not collect.
        Value::Str(Gc::new(unsafe { Str::new(&mut (*self.state).heap, bytes) }))
    }

    /// The bytes of a string; `None` for anything else and for stale handles.
    #[must_use]
    pub fn str_bytes(&self, value: Value) -> Option<&[u8]> {
        // SAFETY: E2; the check finds the string live, and no entry begins while the Vm is borrowed.
        unsafe {
            let raw = value.checked(&(*self.state).heap)?;
            (raw.tag == tag::STR).then(|| Str::bytes(raw.as_ptr()))
        }
    }

    /// A string's text; `None` unless it is UTF-8.
    #[must_use]
    pub fn str_utf8(&self, value: Value) -> Option<&str> {
        // SAFETY: E2; as `str_bytes`.
        unsafe {
            let raw = self.checked(value)?;
            if raw.tag == tag::STR { Str::text(raw.as_ptr()) } else { None }
        }
    }

    /// Whether the handle names a live object of this Vm; always true for values that are no objects.
    #[must_use]
    pub fn is_live(&self, value: Value) -> bool {
        self.checked(value).is_some()
    }

    /// `table[key]`, raw; nil for stale handles.
    #[must_use]
    pub fn raw_get(&self, table: Gc<Table>, key: Value) -> Value {
        // SAFETY: V1, E2; the checks find table and key live, and a raw read runs nothing.
        unsafe {
            let heap = &(*self.state).heap;
            match (Value::Table(table).checked(heap), key.checked(heap)) {
                (Some(table), Some(key)) => Value::from_raw(Table::get(table.as_ptr(), heap, key)),
                _ => Value::Nil,
            }
        }
    }

    /// `table[key] = value`, raw.
    ///
    /// # Errors
    /// `table index is nil`, `table index is NaN`, `table overflow`, or that a handle is stale.
    pub fn raw_set(&mut self, table: Gc<Table>, key: Value, value: Value) -> Result<(), LuaError> {
        let l = self.state;
        for handle in [Value::Table(table), key, value] {
            if !self.is_live(handle) {
                return Err(self.stale(handle, "raw_set"));
            }
        }
        // SAFETY: V1, H4; the loop above found all three live, and the barrier follows the store.
        let stored = unsafe {
            let stored = Table::set(table.as_ptr(), &mut (*l).heap, key.to_raw(), value.to_raw());
            // A metamethod name may have appeared in a metatable.
            (*table.as_ptr()).header.aux = 0;
            barriers::after_table_store(l, table.as_ptr());
            stored
        };
        stored.map_err(|e| LuaError(self.new_string(e.text().as_bytes())))
    }

    /// A fresh table with one entry for each pair.
    ///
    /// # Panics
    /// If a key is nil or NaN, or a handle is stale.
    pub fn new_table_of(&mut self, pairs: &[(Value, Value)]) -> Gc<Table> {
        // SAFETY: V1, E2; as `new_string`; the caller roots the table before it enters.
        let table = Gc::new(unsafe { Table::new(&mut (*self.state).heap) });
        for &(key, value) in pairs {
            if let Err(e) = self.raw_set(table, key, value) {
                panic!("{}", self.error_text(&e));
            }
        }
        table
    }

    /// A string handle; the same for the same bytes while it is live, up to 40 bytes.
    pub fn intern_str(&mut self, text: &str) -> Gc<Str> {
        // SAFETY: V1, E2; as `new_string`.
        Gc::new(unsafe { Str::new(&mut (*self.state).heap, text.as_bytes()) })
    }

    /// Sets a global, without metamethods.
    ///
    /// # Errors
    /// That the value is stale.
    pub fn set_global_value(&mut self, name: &str, value: Value) -> Result<(), LuaError> {
        let (globals, key) = (self.globals(), Value::Str(self.intern_str(name)));
        self.raw_set(globals, key, value)
    }

    /// A global, without metamethods.
    pub fn get_global(&mut self, name: &str) -> Value {
        let (globals, key) = (self.globals(), Value::Str(self.intern_str(name)));
        self.raw_get(globals, key)
    }

    /// The message of an error: a string's text, else `(error object is a TYPE value)`.
    #[must_use]
    pub fn error_text(&self, error: &LuaError) -> String {
        match error.0 {
            value if !self.is_live(value) => "(stale error value)".to_owned(),
            value @ Value::Str(_) => {
                String::from_utf8_lossy(self.str_bytes(value).unwrap_or_default()).into_owned()
            }
            value => format!("(error object is a {} value)", value.type_name()),
        }
    }

    /// The stack where the last error was raised, once; it starts `stack traceback:`.
    pub fn take_error_traceback(&mut self) -> Option<String> {
        self.write().report.as_mut()?.traceback.take()
    }

    /// A full collection with its finalizers; the number of objects freed.
    pub fn collect_garbage(&mut self) -> usize {
        // SAFETY: V1, H3; where the host has control everything live is rooted.
        self.enter(|l| unsafe {
            let before = (*l).heap.live_objects;
            safepoint::full(l);
            before.saturating_sub((*l).heap.live_objects)
        })
        .unwrap_or(0)
    }

    /// Bytes the heap holds.
    #[must_use]
    pub fn memory_used(&self) -> usize {
        self.read().heap.used
    }
}

/// A raised Lua value.
#[derive(Clone, Copy, Debug)]
pub struct LuaError(pub Value);

impl LuaError {
    /// An error with this value.
    #[must_use]
    pub fn new(value: Value) -> LuaError {
        LuaError(value)
    }

    /// An error without a value.
    #[must_use]
    pub fn nil() -> LuaError {
        LuaError(Value::Nil)
    }
}

impl fmt::Display for LuaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let live = LIVE.try_with(|live| live.borrow().clone()).unwrap_or_default();
        for state in live {
            // SAFETY: E1; the list holds the states of this thread that are not freed, and the heap is only looked at.
            let raw = unsafe { self.0.checked(&(*state).heap) };
            match raw {
                Some(raw) if raw.tag == tag::STR => {
                    // SAFETY: E2; the check has just found the string live, and nothing runs while it is read.
                    let bytes = unsafe { Str::bytes(raw.as_ptr()) };
                    return f.write_str(&String::from_utf8_lossy(bytes));
                }
                Some(_) => return write!(f, "(error object is a {} value)", self.0.type_name()),
                None => {}
            }
        }
        f.write_str("(stale error value)")
    }
}

impl std::error::Error for LuaError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(source: &str) -> String {
        let mut vm = Vm::new_minimal(LuaVersion::Lua54);
        vm.open_base();
        vm.open_coroutine();
        match vm.eval_chunk(source, "=t") {
            Ok(values) => values.iter().map(|v| text(&vm, *v)).collect::<Vec<_>>().join("\t"),
            Err(error) => format!("!{}", vm.error_text(&error)),
        }
    }

    fn text(vm: &Vm, value: Value) -> String {
        match value {
            Value::Int(i) => i.to_string(),
            Value::Bool(b) => b.to_string(),
            Value::Str(_) => vm.str_utf8(value).unwrap().to_owned(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn a_panic_of_the_interpreter_poisons_the_vm() {
        let mut vm = Vm::new(LuaVersion::Lua55);
        let table = vm.eval("return setmetatable({}, { __gc = print })").unwrap()[0];
        let entered = std::panic::AssertUnwindSafe(|| vm.enter(|_| panic!("a bug of ours")));
        assert!(std::panic::catch_unwind(entered).is_err());
        let error = vm.eval("return 1").unwrap_err();
        assert_eq!(vm.error_text(&error), "Vm poisoned");
        assert!(vm.get(table, Value::Int(1)).is_err());
        assert_eq!(vm.collect_garbage(), 0);
    }

    #[test]
    fn a_native_does_not_catch_a_panic_of_the_interpreter() {
        let mut vm = Vm::new(LuaVersion::Lua55);
        let inner = vm.native_typed(|vm: &mut Vm| {
            let _ = vm.enter(|_| panic!("a bug of ours"));
        });
        vm.set_global("inner", inner).unwrap();
        let run = std::panic::AssertUnwindSafe(|| vm.eval("pcall(inner) return 'went on'"));
        assert!(std::panic::catch_unwind(run).is_err());
        let error = vm.eval("return 1").unwrap_err();
        assert_eq!(vm.error_text(&error), "Vm poisoned");
    }

    #[test]
    fn core_of_the_language() {
        for (source, expected) in [
            ("return 1 + 2", "3"),
            ("local s = 0 for i = 1, 10 do s = s + i end return s", "55"),
            (
                "local function f(n) if n < 2 then return n end return f(n-1) + f(n-2) end return f(20)",
                "6765",
            ),
            ("local t = {} for i = 1, 100 do t[i] = i end return #t, t[50]", "100\t50"),
            ("local t = {x = 1, y = {z = 2}} t.x = t.x + t.y.z return t.x", "3"),
            ("return 'a' .. 1 .. 'b' .. 2.5", "a1b2.5"),
            (
                "local function v(...) local a, b = ... return b, a, ... end return v(1, 2, 3)",
                "2\t1\t1\t2\t3",
            ),
            ("local x = nil; return x.y", "!t:1: attempt to index a nil value (local 'x')"),
            ("return undefined.y", "!t:1: attempt to index a nil value (global 'undefined')"),
            ("undefined()", "!t:1: attempt to call a nil value (global 'undefined')"),
            ("return {} + 1", "!t:1: attempt to perform arithmetic on a table value"),
            (
                "return pcall(function() local a = nil; a() end)",
                "false\tt:1: attempt to call a nil value (local 'a')",
            ),
            ("return pcall(function(...) return ... end, 1, 2)", "true\t1\t2"),
            (
                "local co = coroutine.wrap(function(a) local b = coroutine.yield(a + 1) return b * 2 end) return co(1), co(10)",
                "2\t20",
            ),
            ("local function g() local x <close> = nil return 5 end return g()", "5"),
            (
                "local function f(n) if n == 0 then return 'done' end return f(n - 1) end return f(100000)",
                "done",
            ),
            (
                "local n = 0 local function f() n = n + 1 f() end return (pcall(f)), n > 1000",
                "false\ttrue",
            ),
            (
                "local a = {} for i = 1, 3 do a[i] = function() i = i + 1 return i end end return a[1](), a[1](), a[2]()",
                "2\t3\t3",
            ),
        ] {
            assert_eq!(run(source), expected, "{source}");
        }
    }
}
