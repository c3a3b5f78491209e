//! What the library asks of the Vm beyond values and calls: loading, collection, output, metatables.

use std::io::{Read, Write};
use std::marker::PhantomData;

use super::native::{Cx, Raise};
use super::view::{TableRef, Val};
use super::vm::{close_over, load_text};
use crate::bytecode::undump::undump;
use crate::value::function::LuaClosure;
use crate::value::repr::{RawValue, tag};
use crate::value::upvalue::Upvalue;
use crate::vm::meta;
use crate::vm::{budget, call, compare_slow, error, limits, safepoint};

impl Cx<'_> {
    // ---- loading

    /// Compiles or undumps a chunk and pushes its function, or pushes the message and answers `Err`.
    pub(crate) fn load_chunk(
        &mut self,
        chunk: &[u8],
        name: &[u8],
    ) -> Result<Result<(), ()>, Raise> {
        // SAFETY: the closure is pushed before anything can collect.
        let loaded = unsafe {
            let l = self.l;
            let env = RawValue::table((*l).globals);
            if chunk.first() == Some(&0x1B) {
                match undump(chunk, name, (*l).rules) {
                    Ok(def) => Ok(close_over(l, def, env)),
                    Err(e) => Err(e.message),
                }
            } else {
                load_text(l, chunk, name, env).map_err(|e| e.text())
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
        // SAFETY: both are live; the fresh upvalue is stored before anything can collect.
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
        // SAFETY: the state is live and a native runs.
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
        // SAFETY: a native runs.
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
        // SAFETY: the running native's frame is the current one, before and after.
        unsafe {
            call::guarded(l, |_| step(self).map_err(|Raise| error::Raised)).map_err(|_| Raise)
        }
    }

    /// Whether the pending error must not be caught by the library.
    pub(crate) fn is_uncatchable(&self) -> bool {
        // SAFETY: the state is live.
        unsafe { budget::is_tripped(self.l) }
    }

    // ---- stack and limits

    /// Whether `n` more values fit on the stack at all.
    pub(crate) fn has_stack_room(&self, n: usize) -> bool {
        // SAFETY: the state is live.
        let used = unsafe { (*self.l).w.top.offset_from((*self.l).w.stack) as usize };
        used.saturating_add(n) < limits::MAX_STACK
    }

    /// Matcher steps left before a budget trips.
    pub(crate) fn step_allowance(&self) -> u64 {
        // SAFETY: the state is live.
        unsafe { budget::remaining(self.l) }.map_or(u64::MAX, i64::unsigned_abs)
    }

    // ---- metatables and comparison

    /// The metatable of the value at a position, of whatever type.
    pub(crate) fn metatable_of(&self, i: usize) -> Option<TableRef<'_>> {
        // SAFETY: the value is live.
        let table = unsafe { meta::metatable_of(self.l, self.get(i).raw) };
        (!table.is_null()).then_some(TableRef { table, life: PhantomData })
    }

    /// Sets a table's metatable; one with `__gc` registers the table for finalization.
    pub(crate) fn set_metatable(&self, table: TableRef<'_>, meta: Option<TableRef<'_>>) {
        let meta = meta.map_or(std::ptr::null_mut(), |m| m.table);
        // SAFETY: both are live.
        unsafe { meta::set_metatable(self.l, table.table, meta) }
    }

    /// Sets the metatable that all strings share.
    pub(crate) fn set_string_metatable(&self, meta: TableRef<'_>) {
        // SAFETY: the state is live; type metatables are roots.
        unsafe { (*self.l).type_meta[tag::STR as usize] = meta.table }
    }

    /// `a == b` with metamethods, of two positions.
    pub(crate) fn equal(&mut self, a: usize, b: usize) -> Result<bool, Raise> {
        let (a, b) = (self.get(a).raw, self.get(b).raw);
        // SAFETY: both are live.
        unsafe { compare_slow::equal_from_native(self.l, a, b).map_err(|_| Raise) }
    }

    // ---- collection

    /// A full collection with its finalizers.
    pub(crate) fn collect(&mut self) -> Result<(), Raise> {
        // SAFETY: a native's safe point.
        unsafe { safepoint::full(self.l) }
        Ok(())
    }

    /// Whether finalizers run now, so that no collection can be asked for.
    pub(crate) fn is_collecting(&self) -> bool {
        // SAFETY: the state is live.
        unsafe { (*self.l).finalizing }
    }

    /// Bytes in use.
    pub(crate) fn memory_used(&self) -> usize {
        // SAFETY: the state is live.
        unsafe { (*self.l).heap.used }
    }

    /// Stops or restarts the collector.
    pub(crate) fn gc_stop(&self, stop: bool) {
        // SAFETY: the state is live.
        unsafe { (*self.l).heap.stopped = stop }
    }

    /// Whether the collector is not stopped.
    pub(crate) fn gc_running(&self) -> bool {
        // SAFETY: the state is live.
        unsafe { !(*self.l).heap.stopped }
    }

    /// Chooses the mode; whether it was generational before.
    pub(crate) fn gc_mode(&self, generational: bool) -> bool {
        // SAFETY: the state is live.
        unsafe { std::mem::replace(&mut (*self.l).gc_generational, generational) }
    }

    /// A collector parameter by slot, and its new value.
    pub(crate) fn gc_param(&self, slot: usize, value: Option<i64>) -> i64 {
        // SAFETY: the state is live and the slot checked.
        unsafe {
            let params = &raw mut (*self.l).gc_params;
            let Some(param) = (*params).get_mut(slot) else { return 0 };
            let previous = *param;
            if let Some(value) = value {
                *param = value;
            }
            previous
        }
    }

    // ---- outside world

    /// Writes to standard output.
    pub(crate) fn write_stdout(&self, bytes: &[u8]) {
        // SAFETY: the state is live; the buffer is not reached from the writer.
        unsafe {
            let out = &mut (*self.l).stdout;
            // `print` has no way to tell of a failure, and the reference ignores it as well.
            let _ = out.write_all(bytes);
        }
    }

    /// Writes out what [`Cx::write_stdout`] holds back.
    pub(crate) fn flush_stdout(&self) -> std::io::Result<()> {
        // SAFETY: as above.
        unsafe { (*self.l).stdout.flush() }
    }

    /// Standard input to its end.
    #[expect(clippy::unused_self, reason = "belongs to the host's services")]
    pub(crate) fn read_stdin_to_end(&self) -> std::io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// A whole file.
    #[expect(clippy::unused_self, reason = "belongs to the host's services")]
    pub(crate) fn read_file(&self, path: &[u8]) -> std::io::Result<Vec<u8>> {
        std::fs::read(crate::stdlib::os::path(path))
    }

    /// Emits a warning; `@on` and `@off` in a single piece are control messages.
    pub(crate) fn warn(&self, message: &[u8], single: bool) {
        // SAFETY: the state is live.
        unsafe { (*self.l).warnings.emit(message, single) }
    }

    // ---- random numbers

    /// The generator's state.
    pub(crate) fn random_state(&self) -> [u64; 4] {
        // SAFETY: the state is live.
        unsafe { (*self.l).random }
    }

    /// Replaces the generator's state.
    pub(crate) fn set_random_state(&self, words: [u64; 4]) {
        // SAFETY: the state is live.
        unsafe { (*self.l).random = words }
    }
}
