//! The safe binding as its users see it.

use luna::{
    AnyUserdata, Dialect, Error, Function, Lua, LuaString, LuaUserdata, Table, UserdataMethods,
    Value, Variadic,
};

#[test]
fn chunks_and_globals() -> luna::Result<()> {
    let lua = Lua::builder().dialect(Dialect::Lua54).build();
    assert_eq!(lua.load("_VERSION").eval::<String>()?, "Lua 5.4");
    lua.globals().set("list", vec![1, 2, 3])?;
    let list: Table = lua.globals().get("list")?;
    list.push(4)?;
    assert_eq!(list.len()?, 4);
    assert_eq!(lua.load("return #list, list[4]").eval::<(i64, i64)>()?, (4, 4));
    assert_eq!(list.pairs::<i64, i64>().count(), 4);
    assert_eq!(lua.load("local a, b = ... return a .. b").call::<String>(("x", 1))?, "x1");
    Ok(())
}

#[test]
fn handles_pin_and_let_go() -> luna::Result<()> {
    let lua = Lua::new();
    let table = lua.create_table()?;
    table.set("k", "v")?;
    let copy = table.clone();
    drop(table);
    lua.collect_garbage()?;
    assert_eq!(copy.get::<String>("k")?, "v");
    let other = Lua::new();
    let error = other.globals().set("t", &copy).unwrap_err();
    assert_eq!(error.message(), "the handle belongs to another Lua");
    drop(lua);
    assert_eq!(copy.get::<String>("k").unwrap_err().message(), "the Lua of this handle is closed");
    Ok(())
}

#[test]
fn callbacks_use_the_state() -> luna::Result<()> {
    let lua = Lua::new();
    let apply = lua.create_function(|f: Function, x: i64| f.call::<i64>(x))?;
    lua.globals().set("apply", apply)?;
    let fill = lua.create_function(|lua: &Lua, n: i64| {
        let table = lua.create_table()?;
        for i in 1..=n {
            table.push(i * i)?;
        }
        luna::Result::Ok(table)
    })?;
    lua.globals().set("fill", fill)?;
    let (a, b): (i64, i64) =
        lua.load("return apply(function(x) return #fill(x) end, 7), fill(3)[3]").eval()?;
    assert_eq!((a, b), (7, 9));
    let count = lua.create_function(|all: Variadic<Value>| all.len() as i64)?;
    assert_eq!(count.call::<i64>((1, "a", None::<i64>))?, 3);
    Ok(())
}

#[test]
fn errors_keep_value_and_traceback() -> luna::Result<()> {
    let lua = Lua::new();
    let error =
        lua.load("local function f() error({code = 7}) end f()").name("=t").exec().unwrap_err();
    assert!(error.traceback().unwrap().starts_with("stack traceback:"));
    let Some(Value::Table(value)) = error.value() else { panic!("a table was raised") };
    assert_eq!(value.get::<i64>("code")?, 7);

    let rethrow = lua.create_function(|f: Function| f.call::<()>(()))?;
    lua.globals().set("rethrow", rethrow)?;
    assert!(
        lua.load(
            "local e = {} local ok, got = pcall(rethrow, function() error(e) end) return got == e"
        )
        .eval::<bool>()?
    );
    let own = lua.create_function(|| Err::<(), _>(Error::new("mine")))?;
    lua.globals().set("own", own)?;
    assert_eq!(lua.load("own()").name("=t").exec().unwrap_err().message(), "t:1: mine");
    assert_eq!(
        lua.load("x =").name("@a.lua").exec().unwrap_err().message(),
        "a.lua:1: unexpected symbol near <eof>"
    );
    Ok(())
}

struct Unit {
    hp: f64,
    name: String,
}

impl LuaUserdata for Unit {
    fn add_methods<M: UserdataMethods<Self>>(m: &mut M) {
        m.add_typed("new", |name: String| luna::Ud(Unit { hp: 10.0, name }));
        m.add_typed(
            "hit",
            |unit: &mut Unit, by: f64, log: Option<Function>| -> luna::Result<f64> {
                unit.hp -= by;
                if let Some(log) = log {
                    log.call::<()>(&*unit.name)?;
                }
                Ok(unit.hp)
            },
        );
        m.add_field_method_get("hp", |_, unit| Ok(unit.hp));
    }
}

#[test]
fn userdata_round_trips() -> luna::Result<()> {
    let lua = Lua::new();
    lua.set_class::<Unit>("Unit")?;
    let source = "local u = Unit.new('orc') local seen u:hit(3, function(n) seen = n end) return u, u.hp, seen";
    let (unit, hp, seen): (AnyUserdata, f64, LuaString) = lua.load(source).eval()?;
    assert_eq!((hp, seen.to_text()?), (7.0, "orc".to_owned()));
    unit.borrow_mut::<Unit>()?.hp = 1.0;
    lua.globals().set("u", &unit)?;
    assert_eq!(lua.load("u.hp").eval::<f64>()?, 1.0);
    let guard = unit.borrow::<Unit>()?;
    let error = lua.load("u:hit(1)").name("=t").exec().unwrap_err();
    assert_eq!(error.message(), "t:1: cannot borrow Unit mutably in 'hit': already borrowed");
    drop(guard);
    assert_eq!(unit.take::<Unit>()?.name, "orc");
    Ok(())
}
