//! What the library asks of the Vm beyond values and calls: loading, collection, output, metatables.

use std::io;
use std::marker::PhantomData;

use crate::heap::pace::{self, Param};
use crate::host::io::host_io::{self, Channel, HostIo, HostPanic, Services, Sink};
use crate::host::native::buffer::Buffer;
use crate::host::native::view::{TableRef, Val};
use crate::host::native::{Cx, Raise};
use crate::host::vm::{Vm, close_over, refuses_chunk};
use crate::stdlib::pattern::Allowance;
use crate::value::function::LuaClosure;
use crate::value::repr::{RawValue, tag};
use crate::value::upvalue::Upvalue;
use crate::value::userdata::UserdataObj;
use crate::vm::{
    budget, call, compare_slow, coroutine, error, limits, protect, safepoint, warning,
};
use crate::vm::{coerce, members, meta};

/// Bytes of a file that are read at once.
const READ_BLOCK: usize = 16 << 10;

/// The message where binary chunks are not loaded.
const BYTECODE_DISABLED: &[u8] = b"attempt to load a binary chunk (bytecode loading disabled)";

impl Vm {
    /// Bytes of a chunk that are loaded unless [`Vm::set_loader_input_budget`] says otherwise.
    pub const DEFAULT_LOADER_INPUT_BUDGET: usize = limits::LOADER_INPUT_BUDGET;

    /// The state's services.
    fn services(&self) -> *mut Services {
        // SAFETY: E1; the pointer is only computed.
        unsafe { &raw mut (*self.state()).services }
    }

    /// Replaces the world outside: all that scripts touch beyond their heap.
    pub fn set_host_io(&mut self, io: Box<dyn HostIo>) {
        // SAFETY: V1, E1; `flush` moves the services out while they run, and the old ones are dropped when they are out.
        let old = unsafe {
            // What is held back has nowhere else to go; a failure has nobody to be told.
            let _ = host_io::flush(self.services());
            (*self.services()).replace(io)
        };
        drop(old);
    }

    /// Gives every line of `print`, its end included, to a sink instead of the standard output.
    pub fn set_print_sink(&mut self, sink: Option<Sink>) {
        self.set_sink(Channel::Print, sink);
    }

    /// Emits a warning, as `warn` does.
    pub fn warn(&mut self, message: &[u8]) {
        // SAFETY: V1; the state is live as long as the Vm, and the message is copied before anything is shown.
        unsafe { warning::emit(self.state(), message, true) }
    }

    /// Gives warnings that are switched on to a sink instead of the error output.
    pub fn set_warn_sink(&mut self, sink: Option<Sink>) {
        self.set_sink(Channel::Warn, sink);
    }

    /// Replaces a sink.
    fn set_sink(&mut self, channel: Channel, sink: Option<Sink>) {
        // SAFETY: V1, E1; as `set_host_io`.
        let old = unsafe { (*self.services()).set_sink(channel, sink) };
        drop(old);
    }

    /// Takes the warnings logged so far, without their prefix; the log keeps the last 1024.
    pub fn warn_log_take(&mut self) -> Vec<Vec<u8>> {
        self.write().warnings.take()
    }

    /// Switches warnings on or off.
    pub fn set_warnings(&mut self, on: bool) {
        // SAFETY: V1, E1; the host has control.
        unsafe { warning::emit(self.state(), if on { b"@on" } else { b"@off" }, true) }
    }

    /// Writes out what `print` and `io.write` hold back.
    pub fn flush_stdout(&mut self) {
        // SAFETY: V1, E1; the host has control. A closed output leaves nobody to tell.
        let _ = unsafe { host_io::flush(self.services()) };
    }

    /// Refuses longer chunks, text or binary, with `not enough memory`.
    pub fn set_loader_input_budget(&mut self, bytes: usize) {
        self.write().loader_input_budget = bytes;
    }

    /// Most bytes of a chunk that are loaded.
    #[must_use]
    pub fn loader_input_budget(&self) -> usize {
        self.read().loader_input_budget
    }

    /// Says whether binary chunks are loaded.
    pub fn set_bytecode_loading(&mut self, on: bool) {
        self.write().bytecode_loading = on;
    }

    /// Whether binary chunks are loaded.
    #[must_use]
    pub fn bytecode_loading(&self) -> bool {
        self.read().bytecode_loading
    }
}

impl Cx<'_> {
    /// What scripts see as the address of argument `i`; `None` for values without one.
    pub(crate) fn shown_address(&self, i: usize) -> Option<u64> {
        let raw = self.arg(i).raw;
        // SAFETY: V1, N2; the argument is live.
        (raw.is_object() || raw.tag == tag::LIGHT)
            .then(|| unsafe { coerce::shown_address(self.l, raw) })
    }

    // ---- loading

    /// Compiles or undumps a chunk and pushes its function, or pushes the message and answers `Err`.
    pub(crate) fn load_chunk(
        &mut self,
        chunk: &[u8],
        name: &[u8],
    ) -> Result<Result<(), ()>, Raise> {
        // SAFETY: N2; the closure is pushed before anything can collect.
        let loaded = unsafe {
            let l = self.l;
            if refuses_chunk(l, chunk.len()) {
                Err(b"not enough memory".to_vec())
            } else if chunk.first() == Some(&0x1B) && !(*l).bytecode_loading {
                return self.push(self.str(BYTECODE_DISABLED)).map(|()| Err(()));
            } else {
                let def = crate::vm::load::chunk(l, chunk, name).map_err(|_| Raise)?;
                def.map(|def| close_over(l, def, RawValue::table((*l).globals)))
            }
        };
        match loaded {
            Ok(closure) => self.push(Val::new(RawValue::closure(closure))).map(Ok),
            Err(message) => self.push(self.str(&message)).map(Err),
        }
    }

    /// Makes the value at position `env` the first upvalue of the Lua function at position `function`.
    pub(crate) fn set_environment(&self, function: usize, env: usize) {
        let (function, env) = (self.get(function).raw, self.get(env).raw);
        if function.tag != tag::LCLOSURE {
            return;
        }
        // SAFETY: N2, H4; closure and environment are in slots. The fresh upvalue is stored before anything can collect; a barrier follows.
        unsafe {
            let closure: *mut LuaClosure = function.as_ptr();
            if (*closure).count() > 0 {
                let heap = &mut (*self.l).heap;
                let upvalue = Upvalue::new_closed(heap, env);
                *LuaClosure::upvalue_slot(closure, 0) = upvalue;
                heap.barrier_object(closure.cast(), upvalue.cast());
            }
        }
    }

    // ---- errors

    /// Raises a message with the position `level` levels up (0: none).
    pub(crate) fn raise_error_text(&self, level: usize, message: &[u8]) -> Raise {
        // SAFETY: N1; the message is copied, and the frames are only read.
        unsafe {
            if level > 0 {
                error::throw_with_position(self.l, level, message)
            } else {
                error::throw_str(self.l, message)
            }
        };
        Raise
    }

    /// As [`Cx::arg_error`] for bytes.
    pub(crate) fn arg_error_bytes(&self, i: usize, message: &[u8]) -> Raise {
        // SAFETY: N1; the frames are only read.
        let text = unsafe { crate::vm::inspect::argument_message(self.l, i, message) };
        self.error_bytes(&text)
    }

    /// Runs a step whose error this native handles itself: the frames and pending variables that the error left above the native
    /// are gone afterwards, the error stays pending. Calling on after an error without this would work in the wrong frame.
    pub(crate) fn catch<R>(
        &mut self,
        step: impl FnOnce(&mut Self) -> Result<R, Raise>,
    ) -> Result<R, Raise> {
        let l = self.l;
        // SAFETY: N1; `guarded` puts the native's frame back after an error.
        unsafe {
            let frame = (*l).w.ci.offset_from((*l).w.ci_base);
            call::guarded(l, |l| {
                step(self).map_err(|Raise| {
                    if !self.is_uncatchable() {
                        protect::tell_handler(l, (*l).w.ci_base.offset(frame));
                    }
                    error::Raised
                })
            })
            .map_err(|_| Raise)
        }
    }

    /// Whether the pending error must not be caught by the library.
    pub(crate) fn is_uncatchable(&self) -> bool {
        // SAFETY: N1; the running coroutine is a root.
        unsafe { (*(*self.l).current).ending || budget::is_tripped(self.l) }
    }

    // ---- stack and limits

    /// Whether `n` more values fit on the stack at all.
    pub(crate) fn has_stack_room(&self, n: usize) -> bool {
        // SAFETY: N1; both pointers are into the one stack.
        let used = unsafe { (*self.l).w.top.offset_from((*self.l).w.stack) as usize };
        used.saturating_add(n) < limits::MAX_STACK
    }

    /// How long a match may take before a limit ends the run.
    pub(crate) fn step_allowance(&self) -> Allowance<'_> {
        // SAFETY: V1, N1; only counters are read, and the state is live as long as the view.
        let (steps, asked) = unsafe { (budget::remaining(self.l), &(*self.l).asked) };
        let steps = steps.map_or(u64::MAX, i64::unsigned_abs);
        Allowance { steps, stop: Some(asked.what()) }
    }

    // ---- metatables and comparison

    /// The metatable of the value at a position, of whatever type.
    pub(crate) fn metatable_of(&self, i: usize) -> Option<TableRef<'_>> {
        let value = self.get(i).raw;
        // SAFETY: N2; the value at a position is live.
        let table = unsafe {
            members::expose_metatable(value);
            meta::metatable_of(self.l, value)
        };
        (!table.is_null()).then_some(TableRef { table, life: PhantomData })
    }

    /// Sets a table's metatable; one with `__gc` registers the table for finalization.
    pub(crate) fn set_metatable(
        &self,
        table: TableRef<'_>,
        meta: Option<TableRef<'_>>,
    ) -> Result<(), Raise> {
        if !self.look(|state| state.heap.can_list_finalizer()) {
            return Err(self.out_of_memory());
        }
        let meta = meta.map_or(std::ptr::null_mut(), |m| m.table);
        // SAFETY: N2; table and metatable are live during the borrow.
        unsafe { meta::set_metatable(self.l, table.table, meta) }
        Ok(())
    }

    /// Sets the metatable that all strings share.
    pub(crate) fn set_string_metatable(&self, meta: TableRef<'_>) {
        // SAFETY: N1; the metatables of types are roots.
        unsafe { (*self.l).type_meta[tag::STR as usize] = meta.table }
    }

    /// `a == b` with metamethods, of two positions.
    pub(crate) fn equal(&mut self, a: usize, b: usize) -> Result<bool, Raise> {
        let (a, b) = (self.get(a).raw, self.get(b).raw);
        // SAFETY: N2; the values are in slots, which keep them while a metamethod runs.
        unsafe { compare_slow::equal_from_native(self.l, a, b).map_err(|_| Raise) }
    }

    // ---- collection

    /// A full collection with its finalizers.
    pub(crate) fn collect(&mut self) -> Result<(), Raise> {
        self.charge(self.look(|state| state.heap.live_objects) as u64)?;
        // SAFETY: N1, H3; `&mut self` ends every borrowed value, so all that is live is in slots.
        unsafe { safepoint::full(self.l) }
        Ok(())
    }

    /// The collector's work for so many allocated bytes, or a usual step; whether a cycle over all objects ended with it.
    pub(crate) fn gc_step(&mut self, bytes: usize) -> Result<bool, Raise> {
        let objects = self.look(|state| state.heap.live_objects);
        self.charge(objects.min(bytes.max(pace::STEP) / 16) as u64)?;
        // SAFETY: N1, H3; as `collect`.
        Ok(unsafe { safepoint::step_of(self.l, bytes) })
    }

    /// Whether finalizers run now, so that no collection can be asked for.
    pub(crate) fn is_collecting(&self) -> bool {
        self.look(|state| state.finalizing)
    }

    /// Bytes in use.
    pub(crate) fn memory_used(&self) -> usize {
        self.look(|state| state.heap.used)
    }

    /// Stops or restarts the collector.
    pub(crate) fn gc_stop(&self, stop: bool) {
        self.change(|state| state.heap.stopped = stop);
    }

    /// Whether the collector is not stopped.
    pub(crate) fn gc_running(&self) -> bool {
        self.look(|state| !state.heap.stopped)
    }

    /// Chooses the mode; whether it was generational before.
    pub(crate) fn gc_mode(&self, generational: bool) -> bool {
        self.change(|state| std::mem::replace(&mut state.heap.pace.generational, generational))
    }

    /// One of the collector's numbers, as scripts see it.
    pub(crate) fn gc_param(&self, param: Param) -> i64 {
        self.look(|state| state.gc_params[param as usize])
    }

    /// Sets one of the collector's numbers.
    pub(crate) fn set_gc_param(&self, param: Param, value: i64) {
        self.change(|state| {
            state.gc_params[param as usize] = value;
            state.heap.pace.set(param, usize::try_from(value).unwrap_or(0));
        });
    }

    // ---- outside world

    /// Runs one of the host's services.
    pub(crate) fn io<R>(
        &self,
        run: impl FnOnce(&mut dyn HostIo) -> io::Result<R>,
    ) -> io::Result<R> {
        // SAFETY: V1, N1; `with_io` moves the services out while they run.
        unsafe { host_io::with_io(&raw mut (*self.l).services, run) }
    }

    /// Runs a service that cannot fail but by a panic.
    pub(crate) fn ask<R>(&self, run: impl FnOnce(&mut dyn HostIo) -> R) -> Result<R, Raise> {
        self.io(|io| Ok(run(io))).map_err(|error| match self.raise_host_panic(&error) {
            Err(raise) => raise,
            Ok(()) => self.error(error),
        })
    }

    /// Raises a panic that became this error; other errors are the caller's to tell.
    pub(crate) fn raise_host_panic(&self, error: &io::Error) -> Result<(), Raise> {
        match error.get_ref().and_then(|inner| inner.downcast_ref::<HostPanic>()) {
            Some(panic) => Err(self.raise(self.str(panic.to_string().as_bytes()))),
            None => Ok(()),
        }
    }

    /// Writes to standard output.
    pub(crate) fn write_stdout(&self, bytes: &[u8]) -> io::Result<()> {
        // SAFETY: V1, N1; as `io`: output runs with the services moved out.
        unsafe { host_io::write_stdout(&raw mut (*self.l).services, bytes) }
    }

    /// Writes a line of `print`.
    pub(crate) fn print_line(&self, line: &[u8]) -> Result<(), Raise> {
        // SAFETY: V1, N1; as `write_stdout`.
        match unsafe { host_io::print(&raw mut (*self.l).services, line) } {
            Ok(()) => Ok(()),
            // `print` has no way to tell of a failure, and the reference ignores it as well.
            Err(error) => self.raise_host_panic(&error),
        }
    }

    /// Writes out what [`Cx::write_stdout`] holds back.
    pub(crate) fn flush_stdout(&self) -> io::Result<()> {
        // SAFETY: V1, N1; as `write_stdout`.
        unsafe { host_io::flush(&raw mut (*self.l).services) }
    }

    /// Standard input to its end, or until there is more than a chunk may have.
    pub(crate) fn read_stdin_to_end(&mut self) -> Result<io::Result<Buffer>, Raise> {
        self.read_all(|cx, block| cx.io(|io| io.stdin(block)))
    }

    /// A whole file, or until there is more than a chunk may have; `Err` where it cannot be opened, an `Err` inside where it cannot
    /// be read.
    pub(crate) fn read_file(
        &mut self,
        path: &[u8],
    ) -> Result<io::Result<io::Result<Buffer>>, Raise> {
        let mut file = match self.io(|io| io.open(path, b"rb")) {
            Ok(file) => file,
            Err(error) => return Ok(Err(error)),
        };
        let bytes = self.read_all(|_, block| host_io::guarded(|| file.read(block)))?;
        let closed = host_io::guarded(|| file.close().map(|_| ()));
        Ok(Ok(bytes.and_then(|bytes| closed.map(|()| bytes))))
    }

    /// What `read` gives, block by block.
    fn read_all(
        &mut self,
        mut read: impl FnMut(&mut Self, &mut [u8]) -> io::Result<usize>,
    ) -> Result<io::Result<Buffer>, Raise> {
        let (mut bytes, mut block) = (self.buffer(), vec![0; READ_BLOCK]);
        while !self.exceeds_loader_budget(bytes.bytes().len()) {
            let read = match read(self, &mut block) {
                Ok(0) => break,
                Ok(n) => &block[..n.min(READ_BLOCK)],
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Ok(Err(error)),
            };
            bytes.room(self, read.len())?;
            bytes.append(read).map_err(|_| self.raise(self.str(b"not enough memory")))?;
        }
        Ok(Ok(bytes))
    }

    /// Emits a warning; `@on` and `@off` in a single piece are control messages.
    pub(crate) fn warn(&self, message: &[u8], single: bool) {
        // SAFETY: V1, N1; as `write_stdout`, and the warning is copied to the log.
        unsafe { warning::emit(self.l, message, single) }
    }

    /// Closes what a state closes at its end: pending variables of the main coroutine if that runs, and objects with finalizers. The
    /// running native cannot go on but by raising an error.
    pub(crate) fn close_state(&mut self) {
        let l = self.l;
        // SAFETY: V1; the frames that this drops are not gone back to.
        unsafe {
            if (*l).current == (*l).main {
                coroutine::close_all(l, None);
            }
            safepoint::run_all_finalizers(l);
        }
    }

    /// Ends the process, if the host allows it.
    pub(crate) fn exit_process(&self, code: i32) -> Raise {
        if let Err(error) = self.flush_stdout().and_then(|()| {
            self.io(|io| {
                io.exit(code);
                Ok(())
            })
        }) && let Err(raise) = self.raise_host_panic(&error)
        {
            return raise;
        }
        // SAFETY: N1; the trip is raised by the caller.
        unsafe { budget::trip(self.l, budget::Trip::Exit) };
        Raise
    }

    /// Works on the payloads of all userdata that holds a `T`.
    pub(crate) fn for_each_payload<T: std::any::Any>(&self, mut work: impl FnMut(&mut T)) {
        // SAFETY: H1, N2; the objects are those of this heap, and `work` has no way to it.
        unsafe {
            for object in (*self.l).heap.objects(tag::USERDATA) {
                if let Some(payload) = (*object.cast::<UserdataObj>()).payload::<T>() {
                    work(&mut *payload);
                }
            }
        }
    }

    /// Whether a chunk of this size is refused.
    pub(crate) fn exceeds_loader_budget(&self, size: usize) -> bool {
        self.look(|state| size > state.loader_input_budget)
    }

    // ---- random numbers

    /// The generator's state.
    pub(crate) fn random_state(&self) -> [u64; 4] {
        self.look(|state| state.random)
    }

    /// Replaces the generator's state.
    pub(crate) fn set_random_state(&self, words: [u64; 4]) {
        self.change(|state| state.random = words);
    }
}
