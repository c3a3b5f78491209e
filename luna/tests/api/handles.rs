use std::cell::RefCell;
use std::rc::Rc;

use luna::{AnyUserdata, Function, Lua, LuaUserdata, Table, Userdata, Value, WeakLua};

use crate::check;

#[test]
fn handles_are_small_and_comparable() {
    assert_eq!(size_of::<Table>(), 16);
    check(|lua| {
        let table = lua.create_table()?;
        let copy = table.clone();
        assert_eq!(lua.handle_count(), 2);
        assert_eq!(table, copy);
        assert_ne!(table, lua.create_table()?);
        assert_eq!(Value::Integer(1), Value::Number(1.0));
        drop(table);
        lua.collect_garbage()?;
        copy.set(1, 2)?;
        Ok(())
    });
}

#[test]
fn unpinning_all_host_roots_leaves_handles() {
    check(|lua| {
        let table = lua.create_table()?;
        lua.with_vm(luna_core::Vm::unpin_all)?;
        lua.collect_garbage()?;
        table.set("k", 1)?;
        Ok(())
    });
}

#[test]
fn a_closed_state_makes_errors_of_its_handles() {
    let lua = Lua::new();
    let table = lua.create_table().unwrap();
    let function: Function = lua.load("function() end").eval().unwrap();
    let error = lua.load("error({})").exec().unwrap_err();
    let weak: WeakLua = lua.downgrade();
    drop(lua);
    assert!(weak.upgrade().is_none());
    let gone = "the Lua of this handle is closed";
    assert_eq!(table.get::<Value>(1).unwrap_err().message(), gone);
    assert_eq!(table.pairs::<Value, Value>().next().unwrap().unwrap_err().message(), gone);
    assert_eq!(function.call::<()>(()).unwrap_err().message(), gone);
    let copy = table.clone();
    assert_eq!(copy.len().unwrap_err().message(), gone);
    assert_ne!(copy, table);
    assert!(matches!(error.value(), Some(Value::Table(_))));
}

#[test]
fn handles_of_another_state_are_refused() {
    let other = Lua::new();
    let foreign = other.create_table().unwrap();
    check(|lua| {
        let text = "the handle belongs to another Lua";
        assert_eq!(lua.globals().set("t", &foreign).unwrap_err().message(), text);
        let id: Function = lua.load("function(...) return ... end").eval()?;
        assert_eq!(id.call::<Value>(&foreign).unwrap_err().message(), text);
        let give = lua.create_function({
            let foreign = foreign.clone();
            move || foreign.clone()
        })?;
        assert_eq!(give.call::<Value>(()).unwrap_err().message(), text);
        Ok(())
    });
}

#[test]
fn the_low_level_vm_is_taken_by_one_at_a_time() {
    check(|lua| {
        let table = lua.create_table()?;
        let inner = lua.with_vm(|_| table.get::<Value>(1).map(|_| ()))?;
        assert_eq!(inner.unwrap_err().message(), "Lua is busy");
        let clone = lua.with_vm(|_| table.clone())?;
        assert_eq!(clone, table);
        Ok(())
    });
}

#[test]
fn an_exchanged_vm_stays_sound() {
    let lua = Lua::new();
    let table = lua.create_table().unwrap();
    let other = luna_core::Vm::new_minimal(luna::Dialect::Lua54);
    let taken = lua.with_vm(|vm| std::mem::replace(vm, other)).unwrap();
    assert_eq!(table.len().unwrap_err().message(), "Lua is busy");
    drop(lua);
    drop(taken);
    drop(table);
}

#[test]
fn handles_are_dropped_while_unwinding() {
    check(|lua| {
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let _table = lua.create_table().unwrap();
            std::panic::panic_any(1_u8);
        }));
        assert!(result.is_err());
        let panicking = lua.create_function(|lua: &Lua| -> luna::Result<()> {
            let _table = lua.create_table()?;
            std::panic::panic_any("oh");
        })?;
        let error = panicking.call::<()>(()).unwrap_err();
        assert_eq!(error.message(), "native panic: oh");
        lua.create_table()?.set(1, 1)?;
        Ok(())
    });
}

struct Holder(Option<Table>);
impl LuaUserdata for Holder {}

#[test]
fn handles_inside_userdata_are_dropped_by_the_collector_and_at_the_end() {
    check(|lua| {
        lua.create_userdata(Holder(Some(lua.create_table()?)))?;
        lua.collect_garbage()?;
        Ok(())
    });
    let lua = Lua::new();
    let kept = lua.create_userdata(Holder(Some(lua.create_table().unwrap()))).unwrap();
    lua.globals().set("kept", &kept).unwrap();
    assert!(kept.borrow::<Holder>().unwrap().0.is_some());
}

#[test]
fn finalizers_at_the_end_still_get_a_state() {
    let log = Rc::new(RefCell::new(Vec::new()));
    let lua = Lua::new();
    let note = lua
        .create_function({
            let log = Rc::clone(&log);
            move |lua: &Lua, text: String| -> luna::Result<()> {
                log.borrow_mut().push((text, lua.globals().get::<i64>("answer")?));
                Ok(())
            }
        })
        .unwrap();
    lua.globals().set("note", note).unwrap();
    lua.load("answer = 42 kept = setmetatable({}, {__gc = function() note('bye') end})")
        .exec()
        .unwrap();
    drop(lua);
    assert_eq!(*log.borrow(), [("bye".to_owned(), 42)]);
}

#[test]
fn typed_userdata_knows_its_type() {
    check(|lua| {
        let any: AnyUserdata = lua.create_userdata(Holder(None))?;
        assert!(any.is::<Holder>());
        let typed: Userdata<Holder> = any.typed()?;
        typed.borrow_mut()?.0 = Some(lua.create_table()?);
        assert!(typed.take()?.0.is_some());
        let error = typed.borrow().unwrap_err();
        assert_eq!(error.message(), "Holder has been destroyed");
        Ok(())
    });
}
