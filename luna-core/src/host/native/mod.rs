//! Natives of the library: functions over [`Cx`], a safe face of the Lua stack.
//!
//! A native sees its arguments at positions `0..nargs()`, pushes above them and answers with [`Ret`]. Allocation through `&Cx`
//! never collects; what may run Lua code or collect takes `&mut Cx`, which ends every [`Val`]'s life.
//!
//! - **N1** A [`Cx`] stands for the native that runs: its state is live, and its frame is the current one whenever the native itself has
//!   control.
//! - **N2** Positions below `count()` are slots of that frame and hold live values. While the `Cx` is borrowed shared nothing collects, so
//!   what a [`Val`] or a [`TableRef`] names stays live, in a slot or not.

pub(crate) mod buffer;
pub(crate) mod debug;
pub(crate) mod payload;
pub(crate) mod services;
pub(crate) mod view;

use std::fmt::Display;
use std::marker::PhantomData;

use crate::host::native::view::{Kind, TableRef, Val};
use crate::value::function::{NativeClosure, NativeEntry};
use crate::value::number::Number;
use crate::value::repr::{RawValue, tag};
use crate::value::string::Str;
use crate::value::table::Table;
use crate::vm::{State, call, coerce, error, index, inspect, safepoint, stack};

/// An error is stored in the state; nothing else to know.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Raise;

/// Results are in place: this many from the function's slot on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ret(pub(super) isize);

/// A library function.
pub(crate) type StdFn = fn(&mut Cx<'_>) -> Result<Ret, Raise>;

/// The running native's view of the Vm.
#[derive(Debug)]
pub(crate) struct Cx<'a> {
    pub(crate) l: *mut State,
    nargs: usize,
    life: PhantomData<&'a mut ()>,
}

/// Calls the [`StdFn`] in the native at `f`.
pub(crate) unsafe fn std_entry(l: *mut State, f: *mut RawValue, nargs: usize) -> isize {
    let native: *mut NativeClosure = (*f).as_ptr();
    // Natives with this entry are made by `new_std` alone, which stores a `StdFn`.
    let function = std::mem::transmute::<*const (), StdFn>((*native).data);
    let mut cx = Cx { l, nargs, life: PhantomData };
    match function(&mut cx) {
        Ok(ret) => ret.0,
        Err(Raise) => call::RAISED,
    }
}

impl<'a> Cx<'a> {
    /// The view of the native in the current frame, for entries that are not [`StdFn`]s.
    pub(crate) unsafe fn of_running(l: *mut State, nargs: usize) -> Cx<'a> {
        Cx { l, nargs, life: PhantomData }
    }

    /// Looks at the state.
    pub(super) fn look<R>(&self, look: impl FnOnce(&State) -> R) -> R {
        // SAFETY: V1; the state is live while a native runs, and nothing else is done while it is looked at.
        look(unsafe { &*self.l })
    }

    /// Changes something of the state itself.
    pub(super) fn change<R>(&self, change: impl FnOnce(&mut State) -> R) -> R {
        // SAFETY: V1; as `look`.
        change(unsafe { &mut *self.l })
    }

    /// The first argument's slot.
    #[inline(always)]
    fn base(&self) -> *mut RawValue {
        // SAFETY: N1; the frame of the native.
        unsafe { (*(*self.l).w.ci).base }
    }

    /// Number of arguments.
    pub(crate) fn nargs(&self) -> usize {
        self.nargs
    }

    /// Number of values from the first argument to the top: arguments and everything pushed.
    pub(crate) fn count(&self) -> usize {
        // SAFETY: N1; the top is at or above the base.
        unsafe { (*self.l).w.top.offset_from(self.base()) as usize }
    }

    /// The value at a position: an argument, or something pushed; nil above the top.
    #[inline(always)]
    pub(crate) fn get(&self, i: usize) -> Val<'_> {
        if i >= self.count() {
            return Val::NIL;
        }
        // SAFETY: N2; the position was compared with the count.
        Val::new(unsafe { *self.base().add(i) })
    }

    /// Argument `i`, from 0; nil if absent.
    #[inline(always)]
    pub(crate) fn arg(&self, i: usize) -> Val<'_> {
        if i >= self.nargs {
            return Val::NIL;
        }
        // SAFETY: N2; arguments are below the top.
        Val::new(unsafe { *self.base().add(i) })
    }

    /// Replaces the value at a position at or below the top.
    pub(crate) fn set(&self, i: usize, value: Val<'_>) {
        assert!(i < self.count(), "position above the top");
        // SAFETY: N2; the position is below the top.
        unsafe { *self.base().add(i) = value.raw }
    }

    /// Upvalue `i` of the running native.
    pub(crate) fn upvalue(&self, i: usize) -> Val<'_> {
        // SAFETY: N1; the slot below the base holds the running native, and the index is compared with its count.
        unsafe {
            let native: *mut NativeClosure = (*self.base().sub(1)).as_ptr();
            if i < (*native).count() {
                Val::new(*NativeClosure::upvalue(native, i))
            } else {
                Val::NIL
            }
        }
    }

    /// Replaces upvalue `i` of the running native.
    pub(crate) fn set_upvalue(&self, i: usize, value: Val<'_>) {
        // SAFETY: N1, H4; as `upvalue`, and the barrier follows the store.
        unsafe {
            let native: *mut NativeClosure = (*self.base().sub(1)).as_ptr();
            assert!(i < (*native).count(), "no such upvalue");
            *NativeClosure::upvalue(native, i) = value.raw;
            (*self.l).heap.barrier(native.cast(), value.raw);
        }
    }

    /// Pushes a value.
    pub(crate) fn push(&self, value: Val<'_>) -> Result<(), Raise> {
        // SAFETY: N1, S2; there is room after the check, and no pointer into the stack is held across its growth.
        unsafe {
            let l = self.l;
            if (*l).w.top >= (*l).w.stack_last.add(stack::NATIVE_RESERVE) {
                stack::ensure(l, 8).map_err(|_| Raise)?;
            }
            *(*l).w.top = value.raw;
            (*l).w.top = (*l).w.top.add(1);
            Ok(())
        }
    }

    /// Room for `n` more values.
    pub(crate) fn ensure_stack(&self, n: usize) -> Result<(), Raise> {
        // SAFETY: N1, S2; no pointer into the stack is held across its growth.
        unsafe { stack::ensure(self.l, n).map_err(|_| Raise) }
    }

    /// Cuts or nil-extends everything to `n` values.
    pub(crate) fn set_count(&self, n: usize) -> Result<(), Raise> {
        while self.count() < n {
            self.push(Val::NIL)?;
        }
        // SAFETY: N1; `n` is at most the count.
        unsafe { (*self.l).w.top = self.base().add(n) }
        Ok(())
    }

    // ---- results

    /// No result.
    #[expect(clippy::unused_self, reason = "one face for all results")]
    pub(crate) fn ret0(&self) -> Ret {
        Ret(0)
    }

    /// One result.
    #[inline(always)]
    pub(crate) fn ret(&self, value: Val<'_>) -> Ret {
        // SAFETY: N1; the function's slot is the place of the first result.
        unsafe { *self.base().sub(1) = value.raw }
        Ret(1)
    }

    /// Two results.
    pub(crate) fn ret2(&self, a: Val<'_>, b: Val<'_>) -> Ret {
        // SAFETY: N1, S1; the second place is in the reserve if there is no argument.
        unsafe {
            *self.base().sub(1) = a.raw;
            *self.base() = b.raw;
        }
        Ret(2)
    }

    /// The topmost `n` values.
    pub(crate) fn ret_top(&self, n: usize) -> Ret {
        let n = n.min(self.count());
        // SAFETY: N1; source and target lie between the function's slot and the top.
        unsafe {
            let from = (*self.l).w.top.sub(n);
            std::ptr::copy(from, self.base().sub(1), n);
        }
        Ret(n as isize)
    }

    // ---- making values

    /// A string.
    pub(crate) fn str(&self, bytes: &[u8]) -> Val<'_> {
        // SAFETY: N2; allocation through a shared borrow does not collect.
        unsafe { Val::new(RawValue::str(Str::new(&mut (*self.l).heap, bytes))) }
    }

    /// An empty table.
    pub(crate) fn new_table(&self, list: usize, fields: usize) -> TableRef<'_> {
        let (list, fields) = (list.min(1 << 20) as u32, fields.min(1 << 20) as u32);
        // SAFETY: N2; as `str`.
        let table = unsafe { Table::with_capacity(&mut (*self.l).heap, list, fields) };
        TableRef { table, life: PhantomData }
    }

    /// A library function with upvalues.
    pub(crate) fn new_native(
        &self,
        name: &'static str,
        function: StdFn,
        upvalues: &[Val<'_>],
    ) -> Val<'_> {
        // SAFETY: N2; as `str`, and the entry is the one that reads this data.
        unsafe {
            let native = new_std(self.l, name, function, upvalues.len());
            for (i, value) in upvalues.iter().enumerate() {
                *NativeClosure::upvalue(native, i) = value.raw;
            }
            Val::new(RawValue::native(native))
        }
    }

    /// The globals table.
    pub(crate) fn globals(&self) -> TableRef<'_> {
        // SAFETY: N1; the globals are a root of the state, never replaced.
        TableRef { table: unsafe { (*self.l).globals }, life: PhantomData }
    }

    /// The registry: a table scripts cannot reach, for what libraries keep.
    pub(crate) fn registry(&self) -> TableRef<'_> {
        // SAFETY: N1; the registry is a root of the state, never replaced.
        TableRef { table: unsafe { (*self.l).registry }, life: PhantomData }
    }

    /// The dialect's rules.
    pub(crate) fn rules(&self) -> &'static crate::dialect::Rules {
        self.look(|state| state.rules)
    }

    // ---- checking arguments (positions from 0; messages count from 1)

    /// Raises unless argument `i` is present, be it nil.
    pub(crate) fn check_any(&self, i: usize) -> Result<Val<'_>, Raise> {
        if i < self.nargs { Ok(self.arg(i)) } else { Err(self.arg_error(i, "value expected")) }
    }

    /// Argument `i` as an integer; numeric strings convert.
    #[inline]
    pub(crate) fn check_int(&self, i: usize) -> Result<i64, Raise> {
        let value = self.arg(i);
        if value.raw.tag == tag::INT {
            return Ok(value.raw.as_int());
        }
        self.check_int_slow(i)
    }

    #[inline(never)]
    fn check_int_slow(&self, i: usize) -> Result<i64, Raise> {
        match self.to_number(self.arg(i)) {
            Some(n) => n
                .to_int_exact()
                .ok_or_else(|| self.arg_error(i, "number has no integer representation")),
            None => Err(self.type_error(i, "number")),
        }
    }

    /// Argument `i` as an integer, or `default` if absent or nil.
    pub(crate) fn opt_int(&self, i: usize, default: i64) -> Result<i64, Raise> {
        if self.arg(i).is_nil() { Ok(default) } else { self.check_int(i) }
    }

    /// Argument `i` as a number; numeric strings convert.
    pub(crate) fn check_number(&self, i: usize) -> Result<Number, Raise> {
        self.to_number(self.arg(i)).ok_or_else(|| self.type_error(i, "number"))
    }

    /// Argument `i` as a float.
    pub(crate) fn check_float(&self, i: usize) -> Result<f64, Raise> {
        self.check_number(i).map(Number::to_f64)
    }

    /// A value as a number if it is one or a string that reads as one, which is charged.
    pub(crate) fn to_number(&self, value: Val<'_>) -> Option<Number> {
        if let Some(text) = value.as_str() {
            // A trip that is pending is raised when the native returns.
            let _ = self.charge(text.len() as u64 / 16);
        }
        // SAFETY: N2; a `Val` is live.
        unsafe { coerce::to_number(value.raw) }
    }

    /// Argument `i` as a string; a number is replaced in place by its text.
    #[inline]
    pub(crate) fn check_str(&self, i: usize) -> Result<&[u8], Raise> {
        let value = self.arg(i);
        if value.raw.tag == tag::STR {
            // SAFETY: N2; the string stays in its argument's slot, and nothing is freed during the borrow.
            return Ok(unsafe { Str::bytes(value.raw.as_ptr()) });
        }
        if matches!(value.raw.tag, tag::INT | tag::FLOAT) {
            // SAFETY: N2; the slot `i` exists, for its value is a number, and holds the new string before anything can collect.
            unsafe {
                let string = coerce::number_to_string(self.l, value.raw);
                *self.base().add(i) = RawValue::str(string);
                return Ok(Str::bytes(string));
            }
        }
        Err(self.type_error(i, "string"))
    }

    /// Argument `i` as a string, or `None` if absent or nil.
    pub(crate) fn opt_str(&self, i: usize) -> Result<Option<&[u8]>, Raise> {
        if self.arg(i).is_nil() { Ok(None) } else { self.check_str(i).map(Some) }
    }

    /// Argument `i` as a table.
    pub(crate) fn check_table(&self, i: usize) -> Result<TableRef<'_>, Raise> {
        self.arg(i).as_table().ok_or_else(|| self.type_error(i, "table"))
    }

    /// Argument `i` as a function.
    pub(crate) fn check_function(&self, i: usize) -> Result<Val<'_>, Raise> {
        let value = self.arg(i);
        if matches!(value.kind(), Kind::Function) {
            Ok(value)
        } else {
            Err(self.type_error(i, "function"))
        }
    }

    // ---- errors

    /// Raises a message with the position of the calling Lua line.
    pub(crate) fn error(&self, message: impl Display) -> Raise {
        self.error_bytes(message.to_string().as_bytes())
    }

    /// As [`Cx::error`] for bytes that may not be UTF-8.
    pub(crate) fn error_bytes(&self, message: &[u8]) -> Raise {
        // SAFETY: N1; the message is copied, and the frames are only read.
        unsafe { error::throw_with_position(self.l, 1, message) };
        Raise
    }

    /// Raises that there is no memory for what was asked.
    pub(crate) fn out_of_memory(&self) -> Raise {
        // SAFETY: V1; a native runs, and raising only stores the error.
        unsafe { error::throw_out_of_memory(self.l) };
        Raise
    }

    /// Raises a value unchanged.
    pub(crate) fn raise(&self, value: Val<'_>) -> Raise {
        // SAFETY: N2; a raised `Val` is live, and the state roots it.
        unsafe { error::throw(self.l, value.raw) };
        Raise
    }

    /// Raises `bad argument #i+1 to 'f' (message)`.
    pub(crate) fn arg_error(&self, i: usize, message: impl Display) -> Raise {
        // SAFETY: N1; the frames are only read.
        let text = unsafe { inspect::argument_message(self.l, i, message.to_string().as_bytes()) };
        self.wrong_type(&text)
    }

    /// Raises `bad argument #i+1 to 'f' (expected expected, got X)`.
    pub(crate) fn type_error(&self, i: usize, expected: &str) -> Raise {
        let mut text = expected.as_bytes().to_vec();
        text.extend_from_slice(b" expected, got ");
        if i >= self.nargs {
            text.extend_from_slice(b"no value");
        } else {
            // SAFETY: N2; the argument is there, as compared above.
            unsafe {
                text.extend_from_slice(&inspect::argument_type_name(self.l, self.arg(i).raw))
            };
        }
        // SAFETY: N1; the frames are only read.
        let text = unsafe { inspect::argument_message(self.l, i, &text) };
        self.wrong_type(&text)
    }

    /// As [`Cx::error_bytes`], of the kind [`LuaErrorKind::Type`](crate::vm::LuaErrorKind).
    fn wrong_type(&self, text: &[u8]) -> Raise {
        let raise = self.error_bytes(text);
        self.change(|state| state.error_kind = error::LuaErrorKind::Type);
        raise
    }

    /// The error value of the [`Raise`] just received; it stays pending until taken.
    pub(crate) fn take_error(&self) -> Val<'_> {
        Val::new(self.look(|state| state.error))
    }

    // ---- what may run Lua code or collect

    /// Calls the function below the topmost `nargs` values; they are replaced by all its results, whose number is returned.
    pub(crate) fn call(&mut self, nargs: usize) -> Result<usize, Raise> {
        // SAFETY: N1; function and arguments are the topmost values.
        unsafe { call::from_native(self.l, nargs).map_err(|_| Raise) }
    }

    /// Calls the function below the topmost `nargs` values and answers its results as the native's own, cut or extended to
    /// `results` if that is given. The call is a frame, not a nested run: it may yield.
    pub(crate) fn call_and_return(
        &mut self,
        nargs: usize,
        results: Option<usize>,
    ) -> Result<Ret, Raise> {
        // SAFETY: N1; function and arguments are the topmost values, and the native does nothing more in its frame.
        unsafe {
            call::and_return(self.l, nargs, results)
                .map(|()| Ret(call::SWITCHED))
                .map_err(|_| Raise)
        }
    }

    /// As [`Cx::call`], results cut or extended to `n`.
    pub(crate) fn call_n(&mut self, nargs: usize, n: usize) -> Result<(), Raise> {
        let got = self.call(nargs)?;
        let want = self.count() - got + n;
        self.set_count(want)
    }

    /// `object[key]` with metamethods; position of the object, key popped from the top, result pushed.
    pub(crate) fn index(&mut self, object: usize) -> Result<(), Raise> {
        // SAFETY: N2; the object is at a position below the top, the key is the topmost value.
        unsafe {
            let l = self.l;
            let (object, key) = (*self.base().add(object), *(*l).w.top.sub(1));
            let value = index::get_from_native(l, object, key).map_err(|_| Raise)?;
            *(*l).w.top.sub(1) = value;
            Ok(())
        }
    }

    /// `object[i]` with metamethods, pushed.
    pub(crate) fn index_int(&mut self, object: usize, i: i64) -> Result<(), Raise> {
        if let Kind::Table(table) = self.get(object).kind() {
            let value = table.get_int(i);
            if !value.is_nil() || table.is_plain() {
                return self.push(value);
            }
        }
        self.push(Val::int(i))?;
        self.index(object)
    }

    /// `object[key] = value` with metamethods; key and value popped from the top.
    pub(crate) fn set_index(&mut self, object: usize) -> Result<(), Raise> {
        // SAFETY: N2; the object is at a position below the top, key and value are the topmost ones.
        unsafe {
            let l = self.l;
            let top = (*l).w.top;
            let (object, key, value) = (*self.base().add(object), *top.sub(2), *top.sub(1));
            index::set_from_native(l, object, key, value).map_err(|_| Raise)?;
            (*l).w.top = (*l).w.top.sub(2);
            Ok(())
        }
    }

    /// `object[i] = value` with metamethods; value popped from the top.
    pub(crate) fn set_index_int(&mut self, object: usize, i: i64) -> Result<(), Raise> {
        let top = self.count() - 1;
        if let Kind::Table(table) = self.get(object).kind()
            && table.is_plain()
        {
            let (table, value) = (table.table, self.get(top).raw);
            // SAFETY: N2; `kind` found a table, and the value is in a slot.
            unsafe { index::raw_store(self.l, table, RawValue::int(i), value) }
                .map_err(|_| Raise)?;
            return self.set_count(top);
        }
        self.push(self.get(top))?;
        self.set(top, Val::int(i));
        self.set_index(object)
    }

    /// `#object` with metamethods; raises unless the result is an integer.
    pub(crate) fn len(&mut self, object: usize) -> Result<i64, Raise> {
        if let Kind::Table(table) = self.get(object).kind()
            && table.is_plain()
        {
            return Ok(table.raw_len());
        }
        // SAFETY: N2; the position of the object is below the top.
        let value =
            unsafe { index::len_from_native(self.l, *self.base().add(object)).map_err(|_| Raise)? };
        match value.tag {
            tag::INT => Ok(value.as_int()),
            tag::FLOAT => Number::Float(value.as_float())
                .to_int_exact()
                .ok_or_else(|| self.error("object length is not an integer")),
            _ => Err(self.error("object length is not an integer")),
        }
    }

    /// `a < b` with metamethods, of two positions.
    pub(crate) fn less_than(&mut self, a: usize, b: usize) -> Result<bool, Raise> {
        // SAFETY: N2; both positions are below the top.
        unsafe {
            let (a, b) = (*self.base().add(a), *self.base().add(b));
            crate::vm::compare_slow::less_from_native(self.l, a, b).map_err(|_| Raise)
        }
    }

    /// `tostring` of the value at a position, `__tostring` and `__name` included, pushed as a string.
    pub(crate) fn push_tostring(&mut self, i: usize) -> Result<(), Raise> {
        // SAFETY: N2; the position of the value is below the top.
        unsafe { coerce::push_tostring(self.l, *self.base().add(i)).map_err(|_| Raise) }
    }

    /// The metamethod or metatable field `event` of a value; nil if there is none.
    pub(crate) fn metafield(&self, i: usize, event: &str) -> Val<'_> {
        // SAFETY: N2; the value and its metatable are live during the borrow.
        unsafe {
            let meta = crate::vm::meta::metatable_of(self.l, self.get(i).raw);
            if meta.is_null() {
                return Val::NIL;
            }
            let key = Str::new(&mut (*self.l).heap, event.as_bytes());
            let handler = Table::get_short_str(meta, key);
            if !handler.is_nil() {
                crate::vm::observe::handler(self.l, event);
            }
            Val::new(handler)
        }
    }

    /// Prepares an allocation of `bytes`: may collect, and refuses what the limits forbid. Call it before building anything large.
    pub(crate) fn reserve(&mut self, bytes: usize) -> Result<(), Raise> {
        // SAFETY: N1, H3; `&mut self` ends every borrowed value, so all that is live is in slots.
        unsafe { safepoint::reserve(self.l, bytes).map_err(|_| Raise) }
    }

    /// Charges an armed instruction budget.
    pub(crate) fn charge(&self, units: u64) -> Result<(), Raise> {
        // SAFETY: N1; charging looks at no value.
        unsafe { crate::vm::budget::charge(self.l, units).map_err(|_| Raise) }
    }
}

/// A native for a library function.
pub(crate) unsafe fn new_std(
    l: *mut State,
    name: &'static str,
    function: StdFn,
    upvalues: usize,
) -> *mut NativeClosure {
    let entry: NativeEntry = std_entry;
    NativeClosure::new(&mut (*l).heap, entry, function as *const (), name, upvalues)
}
