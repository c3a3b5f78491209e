//! The host's hook: what it sees, when, and what it can do.

use std::cell::RefCell;
use std::rc::Rc;

use luna_core::LuaVersion;
use luna_core::runtime::Value;
use luna_core::vm::exec::RustHookEvent::{Call, Count, Line, Return, TailCall};
use luna_core::vm::exec::{
    HOOK_MASK_CALL, HOOK_MASK_COUNT, HOOK_MASK_LINE, HOOK_MASK_RETURN, RustHookEvent,
};
use luna_core::vm::{LuaError, Vm};

type Seen = Rc<RefCell<Vec<RustHookEvent>>>;

/// A Vm whose hook notes what it sees.
fn noting(mask: u32, count: i64) -> (Vm, Seen) {
    let mut vm = Vm::new(LuaVersion::Lua55);
    let seen = Seen::default();
    note(&mut vm, &seen, mask, count);
    (vm, seen)
}

fn note(vm: &mut Vm, seen: &Seen, mask: u32, count: i64) {
    let seen = Rc::clone(seen);
    let hook = move |_: &mut Vm, event| {
        seen.borrow_mut().push(event);
        Ok(())
    };
    vm.set_debug_hook(Some(Box::new(hook)), mask, count);
}

#[test]
fn lines_calls_and_returns_are_seen() {
    let (mut vm, seen) = noting(HOOK_MASK_LINE, 0);
    vm.eval("local a = 1\n\nlocal function f()\n  return a\nend\nf()").unwrap();
    let lines = [1, 5, 6, 4].map(Line);
    assert_eq!(seen.take(), lines);

    note(&mut vm, &seen, HOOK_MASK_CALL | HOOK_MASK_RETURN, 0);
    vm.eval("local function g() end local function f() return g() end f() math.abs(1)").unwrap();
    assert_eq!(seen.take(), [Call, Call, TailCall, Return, Call, Return, Return]);
}

#[test]
fn counts_are_exact_and_span_coroutines() {
    let (mut vm, seen) = noting(HOOK_MASK_COUNT, 100);
    vm.eval("for i = 1, 10000 do end").unwrap();
    let plain = seen.take().len();
    assert!((99..=102).contains(&plain), "{plain}");
    vm.eval(
        "local co = coroutine.wrap(function() for i = 1, 100 do coroutine.yield() end end)
         for i = 1, 100 do co() end",
    )
    .unwrap();
    assert!(seen.take().len() > 5);
    note(&mut vm, &seen, HOOK_MASK_COUNT, 0);
    vm.eval("for i = 1, 10000 do end").unwrap();
    assert!(seen.take().is_empty(), "less than 1: never");
}

#[test]
fn a_hook_raises_where_the_script_is() {
    let mut vm = Vm::new(LuaVersion::Lua55);
    vm.set_rust_debug_hook(
        Some(|vm, event| {
            if event == Line(2) {
                let error = vm.error("not this line");
                vm.raise_from_hook(error);
            }
        }),
        HOOK_MASK_LINE,
        0,
    );
    let error = vm.eval("local a = 1\nlocal b = 2").unwrap_err();
    assert_eq!(vm.error_text(&error), "eval:2: not this line");
    let caught = vm.eval("return pcall(function()\nlocal b = 2\nend)").unwrap();
    assert_eq!(vm.str_utf8(caught[1]), Some("eval:2: not this line"));
    // Outside of a hook there is nowhere to raise.
    let error = LuaError::new(Value::Int(1));
    vm.raise_from_hook(error);
    vm.clear_rust_debug_hook();
    assert!(vm.eval("local a = 1\nlocal b = 2").is_ok());
}

#[test]
fn panics_and_wrong_values_of_hooks_are_errors() {
    let mut vm = Vm::new(LuaVersion::Lua55);
    vm.set_debug_hook(Some(Box::new(|_, _| panic!("in a hook"))), HOOK_MASK_CALL, 0);
    let error = vm.eval("return 1").unwrap_err();
    assert_eq!(vm.error_text(&error), "native panic: in a hook");
    let mut other = Vm::new(LuaVersion::Lua55);
    let foreign = LuaError::new(other.eval("return {}").unwrap()[0]);
    vm.set_debug_hook(Some(Box::new(move |_, _| Err(foreign))), HOOK_MASK_LINE, 0);
    let error = vm.eval("return 1").unwrap_err();
    assert!(vm.error_text(&error).contains("stale or foreign table"));
}

#[test]
fn a_hook_may_run_lua_replace_itself_and_yields_nothing() {
    let mut vm = Vm::new(LuaVersion::Lua55);
    let seen = Seen::default();
    let inner = Rc::clone(&seen);
    vm.set_debug_hook(
        Some(Box::new(move |vm, event| {
            inner.borrow_mut().push(event);
            // Nothing of this is hooked.
            vm.eval("local t = {} for i = 1, 10 do t[i] = { i } end collectgarbage()")?;
            vm.clear_rust_debug_hook();
            Ok(())
        })),
        HOOK_MASK_LINE,
        0,
    );
    vm.eval("local a = 1\nlocal b = 2\nlocal c = 3").unwrap();
    assert_eq!(seen.take(), [Line(1)]);

    vm.set_debug_hook(
        Some(Box::new(|vm, _| vm.eval("coroutine.yield()").map(|_| ()))),
        HOOK_MASK_LINE,
        0,
    );
    let body = "return coroutine.resume(coroutine.create(function()\nreturn 1 end))";
    let error = vm.eval(body).unwrap_err();
    assert_eq!(vm.error_text(&error), "attempt to yield from outside a coroutine");
}

#[test]
fn the_hook_of_the_host_comes_before_that_of_a_script() {
    let (mut vm, seen) = noting(HOOK_MASK_LINE, 0);
    let mirror = Rc::clone(&seen);
    let script = vm.native_typed(move |_: &str, _: i64| mirror.borrow_mut().push(Count));
    vm.set_global("script", script).unwrap();
    vm.eval("debug.sethook(script, 'l')\nlocal a = 1\ndebug.sethook()\nlocal b = 2").unwrap();
    let expected = [Line(1), Line(2), Count, Line(3), Count, Line(4)];
    assert_eq!(seen.take(), expected);
}

#[test]
fn the_instruction_of_a_hook_is_known() {
    let mut vm = Vm::new(LuaVersion::Lua55);
    assert!(vm.current_op().is_none());
    let ops = Rc::new(RefCell::new(Vec::new()));
    let noted = Rc::clone(&ops);
    let hook = move |vm: &mut Vm, _| {
        noted.borrow_mut().push(vm.current_op().map(|op| format!("{op:?}")));
        Ok(())
    };
    vm.set_debug_hook(Some(Box::new(hook)), HOOK_MASK_COUNT, 1);
    vm.eval("local a = 1 return a").unwrap();
    let ops: Vec<_> = ops.take().into_iter().flatten().collect();
    assert!(
        ops.iter().any(|op| op == "LoadI") && ops.iter().any(|op| op.starts_with("Return")),
        "{ops:?}"
    );
}

#[test]
fn hooks_are_kept_out_of_finalizers_and_survive_errors() {
    let (mut vm, seen) = noting(HOOK_MASK_CALL, 0);
    vm.eval("setmetatable({}, { __gc = function() for i = 1, 3 do math.abs(i) end end }) collectgarbage()")
        .unwrap();
    let calls = seen.take().len();
    assert_eq!(calls, 3, "the chunk, setmetatable, collectgarbage");
    vm.eval("pcall(error, 1) pcall(error, 2)").unwrap();
    assert_eq!(seen.take().len(), 5);
}
