//! Handles, shared Vms, and coroutines from the host's side.

use std::rc::Rc;

use luna_core::runtime::Value;
use luna_core::version::LuaVersion;
use luna_core::vm::{CoroStatus, Handle, Limits, LuaError, SharedVm, Unavailable, Vm};

#[test]
fn a_vm_of_its_own_is_not_reached_through_handles() {
    let mut vm = Vm::new(LuaVersion::Lua55);
    let table = Value::Table(vm.new_table().build());
    let handle = Handle::new(&mut vm, table);
    assert_eq!(handle.with(|_, _| ()), Err(Unavailable::Busy));
    assert!(matches!(handle.value_in(&vm), Ok(Value::Table(_))));
    vm.collect_garbage();
    assert!(vm.is_live(table));
    assert_eq!((handle.table().count(), vm.host_root_count()), (1, 0));
    drop(vm);
    assert_eq!(handle.with(|_, _| ()), Err(Unavailable::Gone));
    let copy = handle.clone();
    assert!(copy.peek().is_none() && handle.peek().is_none());
}

#[test]
fn a_shared_vm_is_unlocked_while_natives_without_a_vm_run() {
    let shared = SharedVm::new(Vm::new(LuaVersion::Lua55));
    let table = Rc::clone(shared.table());
    let inner = Rc::clone(&table);
    let nested = table
        .with(|vm| {
            assert_eq!(inner.with(|_| ()), Err(Unavailable::Busy));
            let state = Rc::clone(&inner);
            let plain = vm.native_typed(move |n: i64| state.with(|_| n + 1).unwrap_or(-1));
            let state = Rc::clone(&inner);
            let with_vm = vm.native_typed(move |vm: &mut Vm, n: i64| {
                let locked = state.with(|_| n).unwrap_or(-1);
                locked + vm.unlocked(|| state.with(|_| n).unwrap_or(-1))
            });
            vm.set_global("plain", plain).unwrap();
            vm.set_global("with_vm", with_vm).unwrap();
            let values = vm.eval("return plain(1), with_vm(10)").unwrap();
            values.iter().map(|value| vm.convert::<i64>(*value).unwrap()).collect::<Vec<_>>()
        })
        .unwrap();
    assert_eq!(nested, [2, 9]);
    table.set_limits(Limits { instructions: Some(1000), ..Limits::default() });
    let spin = |source: &str| table.with(|vm| vm.eval(source).is_ok()).unwrap();
    assert!(!spin("while true do end"));
    assert!(spin("for i = 1, 100 do end"));
    drop(shared);
    assert_eq!(table.with(|_| ()), Err(Unavailable::Gone));
}

#[test]
fn coroutines_run_from_the_host() {
    let mut vm = Vm::new(LuaVersion::Lua54);
    let body = vm
        .eval("return function(a) local b = coroutine.yield(a + 1) error('oh' .. b, 0) end")
        .unwrap()[0];
    let co = vm.create_coroutine(body);
    let pin = vm.pin_host(co);
    assert_eq!(vm.coroutine_status(co), Some(CoroStatus::Suspended));
    let yielded = vm.resume_coroutine(co, vec![Value::Int(1)]).unwrap();
    assert!(matches!(yielded[..], [Value::Int(2)]));
    let error = vm.resume_coroutine(co, vec![Value::Int(7)]).unwrap_err();
    assert_eq!(vm.error_text(&error), "oh7");
    assert_eq!(vm.coroutine_status(co), Some(CoroStatus::Dead));
    let text = |vm: &Vm, error: LuaError| vm.error_text(&error);
    let error = vm.resume_coroutine(co, vec![]).unwrap_err();
    assert_eq!(text(&vm, error), "cannot resume dead coroutine");
    let error = vm.resume_coroutine(Value::Nil, vec![]).unwrap_err();
    assert_eq!(text(&vm, error), "bad argument #1 to 'resume' (coroutine expected)");
    let error = vm.close_coroutine(co).unwrap_err();
    assert_eq!(text(&vm, error), "oh7");
    assert!(vm.close_coroutine(co).is_ok());
    let uncallable = vm.create_coroutine(Value::Int(1));
    let error = vm.resume_coroutine(uncallable, vec![]).unwrap_err();
    assert_eq!(text(&vm, error), "attempt to call a number value");
    vm.unpin(pin).unwrap();
}
