//! The natives that work on frames themselves: protected calls and coroutines.

use super::call::RAISED;
use super::coroutine::{
    can_yield, close_running, close_thread, create, is_main, resume_entry, wrap_entry, yield_entry,
};
use super::protect::{pcall_entry, xpcall_entry};
use super::{State, barriers};
use crate::host::native::{Cx, Raise};
use crate::value::function::{NativeClosure, NativeEntry};
use crate::value::repr::{RawValue, tag};
use crate::value::string::Str;
use crate::value::table::Table;
use crate::value::thread::{Coro, CoroState};

/// `pcall` and `xpcall`.
pub(crate) const BASE: &[(&str, NativeEntry)] = &[("pcall", pcall_entry), ("xpcall", xpcall_entry)];

/// The coroutine library.
pub(crate) const COROUTINE: &[(&str, NativeEntry)] = &[
    ("create", create_entry),
    ("resume", resume_entry),
    ("yield", yield_entry),
    ("wrap", make_wrap_entry),
    ("status", status_entry),
    ("running", running_entry),
    ("isyieldable", isyieldable_entry),
    ("close", close_entry),
];

/// Stores natives in a table under their names.
pub(crate) unsafe fn register(
    l: *mut State,
    table: *mut Table,
    natives: &[(&'static str, NativeEntry)],
) {
    for &(name, entry) in natives {
        let native = NativeClosure::new(&mut (*l).heap, entry, std::ptr::null(), name, 0);
        let key = RawValue::str(Str::new(&mut (*l).heap, name.as_bytes()));
        let stored = Table::set(table, &mut (*l).heap, key, RawValue::native(native));
        debug_assert!(stored.is_ok(), "a string key");
    }
    barriers::after_table_store(l, table);
}

/// The coroutine in argument `i`, or the error raised.
unsafe fn check_coroutine(
    l: *mut State,
    f: *mut RawValue,
    nargs: usize,
) -> Result<*mut Coro, Raise> {
    if nargs == 0 || (*f.add(1)).tag != tag::CORO {
        return Err(Cx::of_running(l, nargs).type_error(0, "thread"));
    }
    Ok((*f.add(1)).as_ptr())
}

/// Whether argument 1 is a function, else the error raised.
unsafe fn check_body(l: *mut State, f: *mut RawValue, nargs: usize) -> Result<(), Raise> {
    if nargs == 0 || !(*f.add(1)).is_function() {
        return Err(Cx::of_running(l, nargs).type_error(0, "function"));
    }
    if !(*l).heap.can_list_thread() {
        return Err(Cx::of_running(l, nargs).out_of_memory());
    }
    Ok(())
}

unsafe fn create_entry(l: *mut State, f: *mut RawValue, nargs: usize) -> isize {
    if check_body(l, f, nargs).is_err() {
        return RAISED;
    }
    let co = create(l, *f.add(1));
    *f = RawValue::coro(co);
    1
}

unsafe fn make_wrap_entry(l: *mut State, f: *mut RawValue, nargs: usize) -> isize {
    if check_body(l, f, nargs).is_err() {
        return RAISED;
    }
    let co = create(l, *f.add(1));
    let native = NativeClosure::new(&mut (*l).heap, wrap_entry, std::ptr::null(), "", 1);
    *NativeClosure::upvalue(native, 0) = RawValue::coro(co);
    *f = RawValue::native(native);
    1
}

unsafe fn status_entry(l: *mut State, f: *mut RawValue, nargs: usize) -> isize {
    let Ok(co) = check_coroutine(l, f, nargs) else { return RAISED };
    *f = RawValue::str(Str::new(&mut (*l).heap, status_text(co).as_bytes()));
    1
}

/// The name of a coroutine's state.
unsafe fn status_text(co: *mut Coro) -> &'static str {
    match (*co).state {
        CoroState::Suspended => "suspended",
        CoroState::Running => "running",
        CoroState::Normal | CoroState::Parked => "normal",
        CoroState::Dead => "dead",
    }
}

unsafe fn running_entry(l: *mut State, f: *mut RawValue, _nargs: usize) -> isize {
    *f = RawValue::coro((*l).current);
    *f.add(1) = RawValue::bool(is_main(l));
    2
}

unsafe fn isyieldable_entry(l: *mut State, f: *mut RawValue, nargs: usize) -> isize {
    let co = if nargs == 0 {
        (*l).current
    } else {
        let Ok(co) = check_coroutine(l, f, nargs) else { return RAISED };
        co
    };
    let yields = if co == (*l).current { can_yield(l) } else { co != (*l).main };
    *f = RawValue::bool(yields);
    1
}

unsafe fn close_entry(l: *mut State, f: *mut RawValue, nargs: usize) -> isize {
    let closes_itself = (*l).rules.coroutine_closes_itself;
    let co = if nargs == 0 && closes_itself {
        (*l).current
    } else {
        let Ok(co) = check_coroutine(l, f, nargs) else { return RAISED };
        co
    };
    if closes_itself && co == (*l).current {
        if is_main(l) {
            let Raise = Cx::of_running(l, nargs).error("cannot close main thread");
        } else {
            close_running(l);
        }
        return RAISED;
    }
    if !matches!((*co).state, CoroState::Suspended | CoroState::Dead) {
        let Raise = Cx::of_running(l, nargs)
            .error(format_args!("cannot close a {} coroutine", status_text(co)));
        return RAISED;
    }
    // The stack of the caller does not move: the close methods run on the coroutine's own.
    match close_thread(l, co) {
        Ok(()) => {
            *f = RawValue::bool(true);
            1
        }
        Err(error) => {
            *f = RawValue::bool(false);
            *f.add(1) = error;
            2
        }
    }
}
