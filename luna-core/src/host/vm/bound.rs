//! Functions with arguments bound before those of a call.

use crate::host::value::{Gc, Value};
use crate::host::vm::Vm;
use crate::value::function::NativeClosure;
use crate::value::repr::RawValue;
use crate::value::table::Table;
use crate::vm::{State, call, stack};

/// Entry of a bound function. Upvalues: what it calls, a list of the arguments, how many there are.
unsafe fn bound_entry(l: *mut State, f: *mut RawValue, nargs: usize) -> isize {
    let native: *mut NativeClosure = (*f).as_ptr();
    let [function, list, count] = [0, 1, 2].map(|i| *NativeClosure::upvalue(native, i));
    let count = count.as_int();
    if stack::ensure(l, nargs + count as usize + 1).is_err() {
        return call::RAISED;
    }
    let args = (*(*l).w.ci).base;
    call::push(l, function);
    for i in 1..=count {
        call::push(l, Table::get_int(list.as_ptr(), i));
    }
    for i in 0..nargs {
        call::push(l, *args.add(i));
    }
    // The call is the native's last act: it may yield, and its frames stand in tracebacks.
    match call::and_return(l, nargs + count as usize, None) {
        Ok(()) => call::SWITCHED,
        Err(_) => call::RAISED,
    }
}

impl Vm {
    /// A function that calls `f` with `bound` before its own arguments.
    ///
    /// # Panics
    /// If a value is stale.
    pub fn bind(&mut self, f: Value, bound: &[Value]) -> Value {
        let f = self.check_or_panic(f, "bind");
        let list = self.new_table_of(
            &(1_i64..).zip(bound).map(|(i, value)| (Value::Int(i), *value)).collect::<Vec<_>>(),
        );
        let l = self.state();
        // SAFETY: V1, E2; the native keeps what it calls, and is given out before anything can collect.
        unsafe {
            let native = NativeClosure::new(&mut (*l).heap, bound_entry, std::ptr::null(), "", 3);
            let upvalues = [f, RawValue::table(list.as_ptr()), RawValue::int(bound.len() as i64)];
            for (i, value) in upvalues.into_iter().enumerate() {
                *NativeClosure::upvalue(native, i) = value;
            }
            Value::Native(Gc::new(native))
        }
    }
}
