//! Conversions that give the Vm another state while the host calls: an error, and nothing that is gone is used.

use std::cell::RefCell;
use std::rc::Rc;

use luna_core::runtime::Value;
use luna_core::vm::{Handle, IntoLuaReturn, IntoValue, LuaUserdata, UserdataMethods, Varargs};
use luna_core::{LuaVersion, Vm};

/// Replaces the Vm, then is a string.
struct Replaces;

impl IntoValue for Replaces {
    fn into_value(self, vm: &mut Vm) -> Value {
        *vm = Vm::new(LuaVersion::Lua54);
        Value::Str(vm.intern_str("a string that is long enough not to be a name of the library"))
    }
}

#[test]
fn a_key_that_replaces_the_vm() {
    let mut vm = Vm::new(LuaVersion::Lua54);
    let table = vm.eval("return {10, 20}").unwrap()[0];
    let handle = Handle::new(&mut vm, table);
    assert!(handle.get::<Value>(&mut vm, Replaces).is_err());
    assert!(handle.set(&mut vm, Replaces, 1).is_err());
}

#[test]
fn results_that_replace_the_vm() {
    let mut vm = Vm::new(LuaVersion::Lua54);
    assert_eq!(
        Varargs(vec![Replaces, Replaces]).into_values(&mut vm).map(|v| v.len()).ok(),
        Some(2)
    );
    assert_eq!((Replaces, Replaces).into_values(&mut vm).map(|v| v.len()).ok(), Some(2));
}

#[test]
fn arguments_that_replace_the_vm() {
    let mut vm = Vm::new(LuaVersion::Lua54);
    let f = vm.eval("return function(...) return ... end").unwrap()[0];
    let error = vm.call::<Value>(f, (Replaces, Replaces)).unwrap_err();
    assert_eq!(vm.error_text(&error), "the Vm was exchanged by a conversion");
}

#[test]
fn a_full_stack_is_emptied_again() {
    let mut vm = Vm::new(LuaVersion::Lua54);
    let f = vm.eval("return function(...) return select('#', ...) end").unwrap()[0];
    for _ in 0..2 {
        let error = vm.call::<i64>(f, Varargs(vec![1_i64; 1_000_000])).unwrap_err();
        assert!(vm.error_text(&error).contains("stack overflow"), "{}", vm.error_text(&error));
    }
    assert_eq!(vm.call::<i64>(f, Varargs(vec![1_i64; 1000])).unwrap(), 1000);
}

/// A class one of whose constants replaces the Vm.
struct Unfinished;

impl LuaUserdata for Unfinished {
    fn add_methods<M: UserdataMethods<Self>>(methods: &mut M) {
        methods.add_constant("x", Replaces);
    }
}

#[test]
fn a_constant_that_replaces_the_vm() {
    let mut vm = Vm::new(LuaVersion::Lua54);
    let registered = std::panic::AssertUnwindSafe(|| vm.register_userdata::<Unfinished>().is_ok());
    assert!(std::panic::catch_unwind(registered).is_err());
    assert!(vm.eval("return 1").is_ok());
}

#[test]
fn a_run_ends_when_its_vm_is_moved_away() {
    let mut vm = Vm::new(LuaVersion::Lua54);
    let stolen = Rc::new(RefCell::new(Vec::new()));
    let taken = Rc::clone(&stolen);
    let steal = vm.native_typed(move |vm: &mut Vm| {
        let mut own = std::mem::replace(vm, Vm::new_minimal(LuaVersion::Lua54));
        let text = own.get_global("s");
        assert!(own.str_utf8(text).expect("a string").starts_with("xxx"));
        taken.borrow_mut().push(own);
    });
    vm.set_global("steal", steal).unwrap();
    let error =
        vm.eval("s = ('x'):rep(1000) .. '' pcall(steal) s = nil collectgarbage()").unwrap_err();
    assert_eq!(error.to_string(), "the Vm was moved while it ran");
    // The closure that holds it is its own.
    let own = stolen.borrow_mut().pop();
    assert!(own.is_some_and(|mut own| own.eval("return s").is_ok()));
}
