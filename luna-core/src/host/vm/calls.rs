//! Calls and table accesses of the host: arguments straight onto the stack, results straight from it.

use crate::host::convert::{ConvError, FromLuaValue, IntoValue};
use crate::host::roots::handles::Handle;
use crate::host::typed::{FromLuaArgs, IntoLuaReturn, NativeCall, Slot};
use crate::host::value::Value;
use crate::host::vm::entry::enter_through;
use crate::host::vm::{LuaError, Vm, release_orphan};
use crate::value::repr::{RawValue, tag};
use crate::value::table::Table;
use crate::value::thread::Coro;
use crate::vm::call::Called;
use crate::vm::error::Raised;
use crate::vm::frame::CallInfo;
use crate::vm::park::{self, Parked};
use crate::vm::{State, barriers, budget, call, coroutine, safepoint, stack};

/// What a poll came to.
#[derive(Clone, Copy, Debug)]
pub(in crate::host) enum Polled {
    /// It goes on at the next poll.
    Parked(Parked),
    /// It has ended or yielded: the results are in the window.
    Returned,
    /// It has failed: the error is in the window.
    Failed,
}

/// Values of the host on top of the stack: rooted until this is dropped, which takes them off, also while unwinding. It keeps the state.
#[derive(Debug)]
pub struct Window {
    l: *mut State,
    at: isize,
}

impl Drop for Window {
    #[inline(always)]
    fn drop(&mut self) {
        // SAFETY: E1, S1; `accesses` has kept the state, and whatever was pushed since has been taken off again.
        unsafe {
            (*self.l).w.top = (*self.l).w.stack.byte_offset(self.at);
            stack::shrink(self.l);
            (*self.l).host.accesses -= 1;
            release_orphan(self.l);
        }
    }
}

impl Window {
    /// An empty one.
    #[inline(always)]
    pub(super) fn open(vm: &Vm) -> Window {
        let l = vm.state();
        // SAFETY: V1, S1; the top lies in the stack.
        unsafe {
            (*l).host.accesses += 1;
            Window { l, at: (*l).w.top.byte_offset_from((*l).w.stack) }
        }
    }

    /// One that starts with values that are live in `vm`.
    #[inline(always)]
    pub(in crate::host) fn of<const N: usize>(
        vm: &Vm,
        values: [RawValue; N],
    ) -> Result<Window, LuaError> {
        let window = Window::open(vm);
        let l = window.l;
        // SAFETY: E1, S1, S2; as `push`.
        unsafe {
            if stack::ensure(l, N).is_err() {
                return Err(LuaError(Value::from_raw((*l).error)));
            }
            let top = (*l).w.top;
            for (i, value) in values.into_iter().enumerate() {
                *top.add(i) = value;
            }
            (*l).w.top = top.add(N);
        }
        Ok(window)
    }

    /// Adds a value that is live in `vm`.
    ///
    /// # Errors
    /// The stack is full, or host code has given `vm` another state.
    #[doc(hidden)]
    #[inline(always)]
    pub fn push(&self, vm: &mut Vm, slot: Slot) -> Result<(), LuaError> {
        let l = self.l;
        if vm.state() != l {
            return Err(exchanged(vm));
        }
        // SAFETY: E1, S1, S2; room is made before the store, and nothing here points into the stack.
        unsafe {
            if stack::ensure(l, 1).is_err() {
                return Err(LuaError(Value::from_raw((*l).error)));
            }
            call::push(l, slot.0);
        }
        Ok(())
    }

    /// Number of values.
    #[inline(always)]
    pub(crate) fn count(&self) -> usize {
        // SAFETY: E1, S1; both lie in the stack, the top above.
        unsafe { (*self.l).w.top.offset_from_unsigned((*self.l).w.stack.byte_offset(self.at)) }
    }

    /// Value `i`; nil beyond the last.
    #[inline(always)]
    pub(crate) fn slot(&self, i: usize) -> Slot {
        if i >= self.count() {
            return Slot(RawValue::NIL);
        }
        // SAFETY: E1, S1; the position was compared with the count.
        Slot(unsafe { *(*self.l).w.stack.byte_offset(self.at).add(i) })
    }

    /// Value `i` converted.
    ///
    /// # Errors
    /// What was expected, and what was there.
    #[inline(always)]
    pub(crate) fn convert<T: FromLuaValue>(&self, vm: &mut Vm, i: usize) -> Result<T, ConvError> {
        let slot = self.slot(i);
        match T::from_slot(slot, &NativeCall { l: self.l, nargs: 0 }) {
            Some(value) => Ok(value),
            None => T::from_lua_value(Value::from_raw(slot.0), vm),
        }
    }

    /// The values from `from` on.
    pub(crate) fn values(&self, from: usize) -> Vec<Value> {
        (from..self.count()).map(|i| Value::from_raw(self.slot(i).0)).collect()
    }

    /// The values, converted.
    #[inline(always)]
    pub(in crate::host) fn results<R: FromLuaArgs>(&self, vm: &mut Vm) -> Result<R, LuaError> {
        R::from_window(vm, self).map_err(|failure| failure.into_error(vm))
    }

    /// Calls the first value with the others; the results take their place.
    #[inline(always)]
    pub(super) fn call(&self, vm: &mut Vm) -> Result<(), LuaError> {
        // SAFETY: V1, S1; function and arguments are the topmost values.
        self.run(vm, |l, ci, f, nargs| unsafe { call::begin(l, ci, f, nargs) })
    }

    /// As [`Window::call`] of the native that resumes `co`, which is the first argument; whether the coroutine has failed.
    #[inline(always)]
    pub(super) fn resume(&self, vm: &mut Vm, co: *mut Coro) -> Result<bool, LuaError> {
        // SAFETY: V1, S1; function, coroutine and arguments are the topmost values.
        let ran =
            self.run(vm, |l, ci, f, nargs| unsafe { coroutine::call_resume(l, co, ci, f, nargs) });
        // SAFETY: E1; the access keeps the state.
        let failed = unsafe { std::mem::take(&mut (*self.l).host.resume_failed) };
        ran.map(|()| failed)
    }

    /// As [`Window::resume`] of `co`, or of what it was parked in, for one slice of a poll.
    ///
    /// # Safety
    /// As [`enter_through`]; `context` is a `Context`.
    pub(in crate::host) unsafe fn poll(
        &self,
        vm: *mut Vm,
        co: *mut Coro,
        context: *mut (),
        budget: Option<i64>,
    ) -> Result<Polled, LuaError> {
        /// Ends a poll, also while unwinding.
        struct Polling(*mut park::Poll, *mut State);
        impl Drop for Polling {
            fn drop(&mut self) {
                // SAFETY: P1; the poll is a variable of the frame that this one is in, and the window keeps the state.
                unsafe { park::Poll::end(self.0, self.1) }
            }
        }
        let mut poll = park::Poll::new(co, context);
        let place = &raw mut poll;
        park::Poll::begin(place, self.l);
        let polling = Polling(place, self.l);
        let ran = self.run_through(vm, |l, ci, f, nargs| {
            if budget.is_some() && (*l).host.entries == 1 {
                budget::set(l, budget);
            }
            park::go_on(l, ci, f, nargs)
        });
        drop(polling);
        let failed = std::mem::take(&mut (*self.l).host.resume_failed);
        ran.map(|()| match (poll.parked(), failed) {
            (Some(parked), _) => Polled::Parked(parked),
            (None, true) => Polled::Failed,
            (None, false) => Polled::Returned,
        })
    }

    /// A coroutine that will call the first value with the others, see [`coroutine::create_run`].
    pub(in crate::host) fn run_of(&self, vm: &mut Vm) -> Result<*mut Coro, LuaError> {
        if vm.state() != self.l {
            return Err(exchanged(vm));
        }
        let count = self.count();
        // SAFETY: V1, S1, E2; the values lie below the top, on a stack that does not move: only a running thread's does.
        unsafe {
            let from = (*self.l).w.stack.byte_offset(self.at);
            match coroutine::create_run(self.l, from, count) {
                Ok(co) => Ok(co),
                Err(Raised) => Err(LuaError(Value::from_raw((*self.l).error))),
            }
        }
    }

    /// Runs what `begin` calls.
    #[inline(always)]
    fn run(
        &self,
        vm: &mut Vm,
        begin: impl FnOnce(*mut State, *mut CallInfo, *mut RawValue, usize) -> Result<Called, Raised>,
    ) -> Result<(), LuaError> {
        // SAFETY: V1, S1; function and arguments are the topmost values, and the handle is borrowed exclusively.
        unsafe { self.run_through(vm, begin) }
    }

    /// As [`Window::run`], through a handle that natives may have pointers to.
    #[inline(always)]
    unsafe fn run_through(
        &self,
        vm: *mut Vm,
        begin: impl FnOnce(*mut State, *mut CallInfo, *mut RawValue, usize) -> Result<Called, Raised>,
    ) -> Result<(), LuaError> {
        if (*vm).state() != self.l {
            return Err(exchanged(&mut *vm));
        }
        let nargs = self.count() - 1;
        enter_through(vm, self.l, true, |l| {
            // Also what the host makes is collected, and what functions leave behind that make nothing themselves.
            safepoint::poll(l);
            match call::guarded(l, |l| call::nested(l, nargs, begin)) {
                Ok(_) => Ok(()),
                Err(_) => Err(LuaError(Value::from_raw((*l).error))),
            }
        })?
    }
}

/// The error of an access whose conversions gave the Vm another state.
#[cold]
fn exchanged(vm: &mut Vm) -> LuaError {
    LuaError(vm.new_string(b"the Vm was exchanged by a conversion"))
}

impl Vm {
    /// Calls anything callable with converted arguments; the results converted.
    ///
    /// ```
    /// use luna_core::{LuaVersion, Vm};
    /// let mut vm = Vm::new(LuaVersion::Lua55);
    /// let f = vm.eval("return function(a, b) return a + b, a .. b end").unwrap()[0];
    /// let (sum, text): (i64, String) = vm.call(f, (1, 2)).unwrap();
    /// assert_eq!((sum, text.as_str()), (3, "12"));
    /// ```
    ///
    /// # Errors
    /// What was raised, that a value does not convert, or that one is stale.
    pub fn call<R: FromLuaArgs>(
        &mut self,
        f: Value,
        args: impl IntoLuaReturn,
    ) -> Result<R, LuaError> {
        match self.checked(f) {
            Some(live) => self.call_live(live, args),
            None => Err(self.stale(f, "call")),
        }
    }

    #[inline(always)]
    fn call_live<R: FromLuaArgs>(
        &mut self,
        f: RawValue,
        args: impl IntoLuaReturn,
    ) -> Result<R, LuaError> {
        let window = Window::of(self, [f])?;
        args.push_on(self, &window)?;
        window.call(self)?;
        window.results(self)
    }

    /// What was found under a key, converted; an error names the key.
    fn convert_member<T: FromLuaValue>(
        &mut self,
        key: RawValue,
        value: Value,
    ) -> Result<T, LuaError> {
        T::from_lua_value(value, self)
            .map_err(|failure| failure.at_key(Value::from_raw(key), self).into_error(self))
    }

    /// A value from host code as the Vm holds it.
    #[inline]
    pub(crate) fn admit(&mut self, value: Value) -> Result<Slot, LuaError> {
        match self.checked(value) {
            Some(raw) => Ok(Slot(raw)),
            None => Err(self.stale(value, "call")),
        }
    }

    /// Something that becomes a value, as the Vm holds it.
    #[inline(always)]
    pub(crate) fn slot_of<T: IntoValue>(&mut self, value: T) -> Result<Slot, LuaError> {
        if T::IMMEDIATE.0 {
            let call = NativeCall { l: self.state(), nargs: 0 };
            return value.into_slot(&call).map_err(|_| {
                // SAFETY: V1; the error was raised just now.
                LuaError(Value::from_raw(unsafe { (*call.l).error }))
            });
        }
        let value = value.try_into_value(self)?;
        self.admit(value)
    }
}

impl Handle {
    /// Calls what it pins, as [`Vm::call`].
    ///
    /// # Errors
    /// As [`Vm::call`], or that the handle belongs to another Vm.
    pub fn call<R: FromLuaArgs>(
        &self,
        vm: &mut Vm,
        args: impl IntoLuaReturn,
    ) -> Result<R, LuaError> {
        let f = self.live_in(vm)?;
        vm.call_live(f, args)
    }

    /// Resumes the coroutine it pins, as [`Vm::resume`].
    ///
    /// # Errors
    /// As [`Vm::resume`], or that the handle belongs to another Vm.
    pub fn resume<R: FromLuaArgs>(
        &self,
        vm: &mut Vm,
        args: impl IntoLuaReturn,
    ) -> Result<R, LuaError> {
        let co = self.live_in(vm)?;
        vm.resume_live(co, args)
    }

    /// `object[key]` of what it pins, with metamethods.
    ///
    /// # Errors
    /// What was raised, that a value does not convert, or that the handle belongs to another Vm.
    pub fn get<T: FromLuaValue>(&self, vm: &mut Vm, key: impl IntoValue) -> Result<T, LuaError> {
        // The key first: its conversion may be anybody's code, and give `vm` another state.
        let key = vm.slot_of(key)?;
        let object = self.live_in(vm)?;
        let l = vm.state();
        // SAFETY: V1; a handle's value and a value just made are live, and a raw read runs nothing.
        unsafe {
            if object.tag == tag::TABLE {
                let table: *mut Table = object.as_ptr();
                let value = Table::get(table, &(*l).heap, key.0);
                if (*table).meta.is_null() || !value.is_nil() {
                    return match T::from_slot(Slot(value), &NativeCall { l, nargs: 0 }) {
                        Some(value) => Ok(value),
                        None => vm.convert_member(key.0, Value::from_raw(value)),
                    };
                }
            }
        }
        let value = vm.get(Value::from_raw(object), Value::from_raw(key.0))?;
        vm.convert_member(key.0, value)
    }

    /// `object[key] = value` of what it pins, with metamethods.
    ///
    /// # Errors
    /// What was raised, that a value does not convert, or that the handle belongs to another Vm.
    pub fn set<V: IntoValue>(
        &self,
        vm: &mut Vm,
        key: impl IntoValue,
        value: V,
    ) -> Result<(), LuaError> {
        let window = Window::open(vm);
        let key = vm.slot_of(key)?;
        window.push(vm, key)?;
        let value = vm.slot_of(value)?;
        window.push(vm, value)?;
        let object = self.live_in(vm)?;
        let l = vm.state();
        // SAFETY: V1, H4; object, key and value are live: pinned, and in the window. A barrier follows the store.
        unsafe {
            if object.tag == tag::TABLE && (*object.as_ptr::<Table>()).meta.is_null() {
                let table: *mut Table = object.as_ptr();
                if Table::set(table, &mut (*l).heap, key.0, value.0).is_ok() {
                    // A metamethod name may have appeared in a metatable.
                    (*table).header.aux = 0;
                    barriers::after_table_store(l, table);
                    return Ok(());
                }
            }
        }
        vm.set(Value::from_raw(object), Value::from_raw(key.0), Value::from_raw(value.0))
    }

    /// What it pins, which is live in `vm`.
    #[inline(always)]
    fn live_in(&self, vm: &mut Vm) -> Result<RawValue, LuaError> {
        match self.raw_in(vm.state()) {
            Ok(raw) => Ok(raw),
            Err(reason) => Err(ConvError::message(reason.to_string()).into_error(vm)),
        }
    }
}
