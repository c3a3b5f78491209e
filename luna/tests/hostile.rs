//! What must not break: handles, guards and limits used against the grain, all in safe code.

#![forbid(unsafe_code)]

use std::cell::RefCell;
use std::mem::replace;
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any};

use luna::{
    AnyUserdata, FromLua, Function, IntoLua, Lua, LuaUserdata, MetaMethod, Scope, StdLib,
    UserdataMethods, UserdataRef, Value,
};
use luna_core::{LuaVersion, Vm};

#[test]
fn arguments_survive_an_entry_over_the_memory_cap() -> luna::Result<()> {
    let lua = Lua::builder().memory_cap(1 << 20).build();
    let first: Function = lua.load("return function(s) return #s, s:byte() end").eval()?;
    for extra in 0..20 {
        let long = "x".repeat((2 << 20) + extra);
        match first.call::<(i64, i64)>(long) {
            Ok((_, byte)) => assert_eq!(byte, 120),
            Err(error) => assert_eq!(error.message(), "memory cap exceeded"),
        }
    }
    let table = lua.create_table()?;
    table.set("k", "x".repeat(2 << 20))?;
    assert!(table.contains_key("k")?);
    Ok(())
}

thread_local! {
    static KEPT: RefCell<Vec<UserdataRef<Big>>> = const { RefCell::new(Vec::new()) };
    static STOLEN: RefCell<Vec<Vm>> = const { RefCell::new(Vec::new()) };
    static EARLY: RefCell<Option<Lua>> = const { RefCell::new(None) };
}

struct Big(Vec<u64>);

impl LuaUserdata for Big {
    fn add_methods<M: UserdataMethods<Self>>(methods: &mut M) {
        methods.add_typed_meta(MetaMethod::Gc, |big: UserdataRef<Big>| {
            KEPT.with_borrow_mut(|kept| kept.push(big));
        });
    }
}

#[test]
fn a_guard_taken_by_a_finalizer_at_close_keeps_the_payload() -> luna::Result<()> {
    let lua = Lua::new();
    lua.globals().set("u", lua.create_userdata(Big(vec![7; 1000]))?)?;
    drop(lua);
    KEPT.with_borrow_mut(|kept| {
        assert_eq!(kept[0].0.iter().sum::<u64>(), 7000);
        kept.clear();
    });
    Ok(())
}

#[test]
fn a_vm_stolen_by_a_finalizer_at_close_is_whole() -> luna::Result<()> {
    let lua = Lua::new();
    let steal = lua.create_function(|lua: &Lua, _dead: Value| {
        // At close there may be no Vm to be had.
        let _ = lua.with_vm(|vm| {
            let old = replace(vm, Vm::new(LuaVersion::Lua54));
            STOLEN.with_borrow_mut(|stolen| stolen.push(old));
        });
    })?;
    lua.globals().set("steal", steal)?;
    lua.load("kept = setmetatable({}, { __gc = steal })").exec()?;
    drop(lua);
    if let Some(mut vm) = STOLEN.with_borrow_mut(Vec::pop) {
        assert!(vm.memory_used() > 0);
        assert!(vm.eval("return 1").is_ok());
    }
    Ok(())
}

#[test]
fn a_state_never_has_two_handles() -> luna::Result<()> {
    let lua = Lua::new();
    let other = lua.clone();
    let mut stolen = None;
    lua.with_vm(|vm| {
        let text = vm.eval("return string.rep('x', 100000)").expect("it is Lua")[0];
        vm.unlocked(|| {
            let _ = other.with_vm(|vm| stolen = Some(replace(vm, Vm::new(LuaVersion::Lua54))));
        });
        assert!(vm.str_bytes(text).is_none(), "the state went with its handle");
    })?;
    assert!(stolen.is_some_and(|mut vm| vm.eval("return 1").is_ok()));
    assert!(lua.load("return 1").exec().is_err());
    Ok(())
}

#[test]
fn the_owner_of_a_closure_is_not_to_be_destroyed() -> luna::Result<()> {
    let lua = Lua::builder().libraries(StdLib::ALL).build();
    let numbers = vec![1_u64; 1000];
    let sum = lua.create_function(move || numbers.iter().sum::<u64>())?;
    lua.globals().set("sum", sum)?;
    let owner: AnyUserdata =
        lua.load("local _, owner = debug.getupvalue(sum, 1) return owner").eval()?;
    assert!(owner.destroy().is_err());
    assert_eq!(lua.load("return sum()").eval::<u64>()?, 1000);
    Ok(())
}

/// A payload that panics when it is dropped.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("bomb");
    }
}

/// Panics with a bomb when it is dropped.
struct Fuse;

impl Drop for Fuse {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            panic_any(Bomb);
        }
    }
}

/// Lends more when it is dropped.
struct Lender<'s, 'e>(&'s Scope<'s, 'e>);

impl Drop for Lender<'_, '_> {
    fn drop(&mut self) {
        for n in 0..20 {
            let _ = self.0.create_function(move |_, ()| Ok(n));
        }
    }
}

#[test]
fn a_scope_ends_every_loan_whatever_their_drops_do() {
    let lua = Lua::new();
    let run = || {
        lua.scope(|scope| {
            let (one, two) = (Lender(scope), Lender(scope));
            let (first, second) = (Fuse, Fuse);
            scope.create_function(move |_, ()| Ok(size_of_val(&one) as u64))?;
            scope.create_function(move |_, ()| Ok(size_of_val(&first) as u64))?;
            scope.create_function(move |_, ()| Ok(size_of_val(&two) as u64))?;
            scope.create_function(move |_, ()| Ok(size_of_val(&second) as u64))?;
            Ok(())
        })
    };
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(_) => panic!("the drops' panic comes out"),
        // The payload's own drop panics.
        Err(payload) => std::mem::forget(payload),
    }
    assert!(lua.load("return 1").exec().is_ok());
}

#[derive(FromLua, IntoLua)]
struct Chain {
    next: Option<Box<Chain>>,
}

#[test]
fn conversions_of_endless_values_end() -> luna::Result<()> {
    let lua = Lua::new();
    let cyclic = lua.load("local t = {} t.next = t return t").eval::<Chain>();
    assert!(cyclic.is_err_and(|e| e.message().ends_with("table nesting too deep")));
    let mut chain = Chain { next: None };
    for _ in 0..5_000 {
        chain = Chain { next: Some(Box::new(chain)) };
    }
    assert!(lua.globals().set("chain", chain).is_err());
    Ok(())
}

#[test]
fn a_lua_may_outlive_the_thread_locals_it_uses() {
    let thread = std::thread::spawn(|| {
        EARLY.with_borrow(|early| assert!(early.is_none()));
        let lua = Lua::new();
        EARLY.set(Some(lua));
    });
    assert!(thread.join().is_ok());
}

#[test]
fn finalizers_at_close_stay_under_the_limits() -> luna::Result<()> {
    let lua = Lua::builder().instruction_budget(100_000).memory_cap(4 << 20).build();
    let endless =
        "x = setmetatable({}, { __gc = function() while true do end end }) while true do end";
    assert_eq!(lua.load(endless).exec().unwrap_err().message(), "instruction budget exceeded");
    drop(lua);
    Ok(())
}

#[test]
fn each_entry_of_an_access_has_its_budget() -> luna::Result<()> {
    let lua = Lua::builder().instruction_budget(100_000).build();
    lua.with_vm(|vm| {
        for _ in 0..2 {
            let error = vm.eval("while true do end").unwrap_err();
            assert_eq!(vm.error_text(&error), "instruction budget exceeded");
        }
    })
}

#[test]
fn lengths_at_the_end_of_the_integers_do_not_panic() -> luna::Result<()> {
    let lua = Lua::new();
    let source = "local t = setmetatable({}, { __len = function() return math.maxinteger end })
        return pcall(table.insert, t, 1, 1), pcall(table.remove, t), pcall(table.concat, t),
            pcall(table.unpack, t), pcall(table.move, t, 1, 2, math.maxinteger - 1)";
    lua.load(source).exec()
}
