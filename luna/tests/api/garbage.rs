//! What the host makes is collected as well.

use std::rc::Rc;

use luna::{AnyUserdata, Function, Lua, LuaUserdata, Table};

/// Whether doing something many times leaves the memory bounded.
fn stays_bounded(what: &str, mut body: impl FnMut(&Lua) -> luna::Result<()>) -> luna::Result<()> {
    let lua = Lua::new();
    lua.load("function id(v) return v end function read(t) return t.dt end").exec()?;
    let before = lua.memory_used()?;
    for _ in 0..20_000 {
        body(&lua)?;
    }
    let kept = lua.memory_used()?.saturating_sub(before);
    assert!(kept < 2 * before + 200_000, "{what}: {before} bytes before, {kept} more");
    Ok(())
}

struct Counted(#[expect(dead_code, reason = "it counts by being there")] Rc<()>);
impl LuaUserdata for Counted {}

#[test]
fn what_the_host_makes_in_a_loop_stays_bounded() -> luna::Result<()> {
    stays_bounded("tables as arguments", |lua| {
        let read: Function = lua.globals().get("read")?;
        read.call::<f64>(lua.create_table_from([("dt", 0.5)])?).map(drop)
    })?;
    stays_bounded("tables", |lua| lua.create_table_from([("a", 1)]).map(drop))?;
    stays_bounded("lists as arguments", |lua| {
        let id: Function = lua.globals().get("id")?;
        id.call::<Table>(vec![1, 2, 3]).map(drop)
    })?;
    let mut i = 0;
    stays_bounded("strings stored", |lua| {
        i += 1;
        lua.globals().set("k", format!("a string that is not like the one before, number {i}"))
    })?;
    stays_bounded("functions", |lua| {
        let captured = [0_u8; 64];
        lua.create_function(move || captured.len()).map(drop)
    })?;
    stays_bounded("lent functions", |lua| {
        lua.scope(|scope| scope.create_function(|_, ()| Ok(())).map(drop))
    })?;
    stays_bounded("conversions", |lua| lua.convert::<Vec<i64>>(vec![1, 2, 3]).map(drop))?;
    stays_bounded("chunks", |lua| lua.load("return 1").eval::<i64>().map(drop))?;
    stays_bounded("failures", |lua| {
        assert!(lua.load("return nil + 1").exec().is_err());
        Ok(())
    })?;
    stays_bounded("coroutines", |lua| {
        let id: Function = lua.globals().get("id")?;
        lua.create_coroutine(&id)?.resume::<i64>(1).map(drop)
    })
}

#[test]
fn payloads_that_the_host_makes_are_dropped() -> luna::Result<()> {
    let lua = Lua::new();
    let alive = Rc::new(());
    let id: Function = lua.load("return function(o) return o end").eval()?;
    for _ in 0..50_000 {
        id.call::<AnyUserdata>(lua.create_userdata(Counted(Rc::clone(&alive)))?)?;
    }
    let left = Rc::strong_count(&alive);
    assert!(left < 30_000, "{left}");
    Ok(())
}

#[test]
fn handles_keep_what_they_name_meanwhile() -> luna::Result<()> {
    let lua = Lua::new();
    let kept: Vec<Table> =
        (0..100).map(|i| lua.create_table_from([("i", i)])).collect::<luna::Result<_>>()?;
    for _ in 0..50_000 {
        lua.create_table()?;
    }
    for (i, table) in kept.iter().enumerate() {
        assert_eq!(table.get::<usize>("i")?, i);
    }
    let mut pairs = kept[3].pairs::<String, i64>();
    for _ in 0..20_000 {
        lua.create_string("some text that is longer than forty bytes, so that it is not shared")?;
    }
    assert_eq!(pairs.next().transpose()?, Some(("i".to_owned(), 3)));
    Ok(())
}
