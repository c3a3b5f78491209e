//! Handles and userdata inside of what serde reads.

#![forbid(unsafe_code)]
#![cfg(feature = "serde")]

use std::collections::BTreeMap;

use luna::serde::{Formless, to_source};
use luna::{
    AnyUserdata, Coroutine, Function, Lua, LuaString, LuaUserdata, Table, Userdata, Value,
    lua_methods,
};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, LuaUserdata)]
#[lua(serde, new)]
struct Vec2 {
    pub x: f64,
    pub y: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, LuaUserdata)]
#[lua(serde)]
struct Unit {
    pub name: String,
    #[lua(by_ref)]
    pub pos: Vec2,
    orders: Vec<Order>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, LuaUserdata)]
#[lua(serde, variants)]
enum Order {
    Wait,
    Move(f64, f64),
    Say { text: String },
}

#[lua_methods]
impl Unit {
    fn new(name: &str) -> Self {
        let orders = vec![Order::Wait, Order::Move(1.0, 2.0)];
        Unit { name: name.to_owned(), pos: Vec2 { x: 1.0, y: 2.0 }, orders }
    }

    fn during(&mut self, f: Function) -> luna::Result<Value> {
        f.call(())
    }
}

/// A number as an object.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, LuaUserdata)]
#[lua(serde, new)]
struct Meters(u16);

#[derive(LuaUserdata)]
#[lua(new)]
struct Plain;

fn lua() -> luna::Result<Lua> {
    let lua = Lua::new();
    lua.set_class::<Vec2>("Vec2")?;
    lua.set_class::<Unit>("Unit")?;
    lua.set_class::<Order>("Order")?;
    lua.set_class::<Meters>("Meters")?;
    lua.set_class::<Plain>("Plain")?;
    Ok(lua)
}

fn problem<T: serde::de::DeserializeOwned>(lua: &Lua, source: &str) -> String {
    let value: Value = lua.load(source).eval().expect("the source runs");
    lua.from_value::<T>(value).err().expect("it does not fit").message().to_owned()
}

#[test]
fn handles_are_taken_as_they_are() -> luna::Result<()> {
    #[derive(Deserialize)]
    struct Event {
        name: LuaString,
        run: Function,
        target: Table,
        thread: Coroutine,
        unit: Userdata<Unit>,
        any: AnyUserdata,
        more: Vec<Value>,
        none: Option<Table>,
        by_name: BTreeMap<String, Function>,
    }
    let lua = lua()?;
    lua.load("function f(x) return x * 2 end target = {} unit = Unit.new('orc')").exec()?;
    let event: Event = lua.from_value(
        lua.load(
            "{ name = 'hit', run = f, target = target, thread = coroutine.create(f), unit = unit, any = unit,
               more = { 1, 'x', f, true, 2.5, target }, by_name = { f = f } }",
        )
        .eval::<Table>()?,
    )?;
    assert_eq!(event.name.to_bytes()?, b"hit");
    assert_eq!(event.run.call::<i64>(4)?, 8);
    assert_eq!(event.target, lua.globals().get::<Table>("target")?);
    assert_eq!(event.thread.resume::<i64>(5)?, 10);
    assert_eq!(event.unit.borrow()?.name, "orc");
    assert!(event.any.is::<Unit>() && event.none.is_none());
    assert_eq!(event.more.len(), 6);
    assert_eq!(event.more[0], Value::Integer(1));
    assert!(matches!(&event.more[2], Value::Function(f) if *f == event.run));
    assert_eq!(event.by_name["f"], event.run);
    drop(event);
    lua.load("collectgarbage()").exec()?;

    assert_eq!(
        problem::<BTreeMap<String, Vec<Function>>>(&lua, "{ hooks = { print, 3 } }"),
        "at hooks[2]: expected a function, got number"
    );
    assert_eq!(
        problem::<Vec<Userdata<Unit>>>(&lua, "{ Plain.new() }"),
        "at [1]: expected Unit, got Plain"
    );
    let error = serde_json::from_str::<Table>("{}").unwrap_err();
    assert!(error.to_string().starts_with("only a value of Lua has a table"), "{error}");
    Ok(())
}

#[test]
fn userdata_are_read_as_their_data() -> luna::Result<()> {
    #[derive(Debug, PartialEq, Deserialize)]
    struct Save {
        units: Vec<Unit>,
        orders: Vec<Order>,
        home: Option<Vec2>,
        size: u8,
        any: serde_json::Value,
    }
    let lua = lua()?;
    let save: Save = lua.from_value(
        lua.load(
            "{
                units = { Unit.new('orc'), { name = 'elf', pos = Vec2.new(3, 4), orders = {} } },
                orders = { Order.Wait, Order.Move(1, 2), Order.Say('hi'), 'Wait' },
                home = Unit.new('tree').pos, size = Meters.new(7), any = { Meters.new(8), Vec2.new(0, 1) },
            }",
        )
        .eval::<Table>()?,
    )?;
    assert_eq!(save.units[0], Unit::new("orc"));
    assert_eq!(save.units[1].pos, Vec2 { x: 3.0, y: 4.0 });
    let said = Order::Say { text: "hi".to_owned() };
    assert_eq!(save.orders, [Order::Wait, Order::Move(1.0, 2.0), said, Order::Wait]);
    assert_eq!(save.home, Some(Vec2 { x: 1.0, y: 2.0 }));
    assert_eq!((save.size, save.any.to_string().as_str()), (7, r#"[8,{"x":0.0,"y":1.0}]"#));
    let unit: Unit = lua.from_value(lua.load("Unit.new('orc')").eval::<Value>()?)?;
    assert_eq!(unit.name, "orc");
    // A function by value is given such a table, too.
    let area = lua.create_function(|unit: Unit| unit.pos.x * unit.pos.y)?;
    assert_eq!(
        area.call::<f64>(
            lua.load("{ name = '', pos = Vec2.new(3, 4), orders = {} }").eval::<Table>()?
        )?,
        12.0
    );
    Ok(())
}

#[test]
fn what_cannot_be_read_says_where() -> luna::Result<()> {
    let lua = lua()?;
    assert_eq!(
        problem::<BTreeMap<String, Vec<Vec2>>>(&lua, "{ way = { Vec2.new(1, 2), Unit.new('x') } }"),
        "at way[2]: missing field 'x'"
    );
    assert_eq!(
        problem::<Vec<Vec2>>(&lua, "{ { x = Meters.new(300), y = Vec2.new(1, 2) } }"),
        "at [1].y: expected f64, got a table"
    );
    assert_eq!(
        problem::<Vec<u8>>(&lua, "{ Meters.new(300) }"),
        "at [1]: expected u8, got integer 300"
    );
    assert_eq!(
        problem::<Vec<Vec2>>(&lua, "{ Plain.new() }"),
        "at [1]: expected struct Vec2, got userdata"
    );
    // An object that is being changed is not read.
    let read = lua.create_function(|lua: &Lua, value: Value| {
        lua.from_value::<BTreeMap<String, Unit>>(value).map(|_| ())
    })?;
    lua.globals().set("read", read)?;
    let error = lua
        .load("local u = Unit.new('orc') u:during(function() read{ u = u } end)")
        .exec()
        .unwrap_err();
    let message = "at u: cannot borrow Unit in 'from_value': already mutably borrowed";
    assert!(error.message().contains(message), "{error}");
    lua.load("local u = Unit.new('orc') read{ u = u } u.pos.x = 3").exec()
}

#[test]
fn handles_write_userdata_as_their_data() -> luna::Result<()> {
    let lua = lua()?;
    let table: Table = lua.load("{ at = Vec2.new(1, 2), size = Meters.new(3) }").eval()?;
    let text = r#"{"at":{"x":1.0,"y":2.0},"size":3}"#;
    assert_eq!(serde_json::to_string(&table).unwrap(), text);
    assert_eq!(to_source(&table)?, "return { at = { x = 1.0, y = 2.0 }, size = 3 }\n");
    let table: Table = lua.load("{ at = Vec2.new(1, 2), plain = Plain.new() }").eval()?;
    let error = serde_json::to_string(&table).unwrap_err();
    assert_eq!(error.to_string(), "at plain: a userdata cannot be serialized");
    let skipping = table.serializable().formless(Formless::Skip);
    assert_eq!(serde_json::to_string(&skipping).unwrap(), r#"{"at":{"x":1.0,"y":2.0}}"#);
    // In data for Lua, objects stay what they are.
    let kept = lua.to_value(&BTreeMap::from([("t", &table)]))?;
    assert!(
        lua.load("return ...").call::<Table>(kept)?.get_path::<AnyUserdata>("t.at")?.is::<Vec2>()
    );
    Ok(())
}

/// An object whose data is itself.
#[derive(Clone, LuaUserdata)]
#[lua(serde)]
struct Mirror;

impl Serialize for Mirror {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        THREAD_SELF.with_borrow(|value| value.as_ref().expect("it is set").serialize(serializer))
    }
}

impl<'de> Deserialize<'de> for Mirror {
    fn deserialize<D: serde::Deserializer<'de>>(_: D) -> Result<Mirror, D::Error> {
        Ok(Mirror)
    }
}

thread_local! {
    static THREAD_SELF: std::cell::RefCell<Option<Value>> = const { std::cell::RefCell::new(None) };
}

#[test]
fn an_object_that_is_its_own_data_ends_in_an_error() -> luna::Result<()> {
    let lua = Lua::new();
    let object = lua.create_userdata(Mirror)?;
    THREAD_SELF.set(Some(Value::Userdata(object.clone())));
    let error = lua.from_value::<u8>(&object).unwrap_err();
    assert_eq!(error.message(), "more than 128 levels of nesting");
    let error = serde_json::to_string(&Value::Userdata(object)).unwrap_err();
    assert_eq!(error.to_string(), "more than 128 levels of nesting");
    THREAD_SELF.set(None);
    Ok(())
}

#[test]
fn maps_with_integer_keys_stay_maps() -> luna::Result<()> {
    #[derive(serde::Serialize, serde::Deserialize, Debug, PartialEq)]
    #[serde(tag = "t")]
    enum Event {
        Spawn { counts: BTreeMap<i64, i32> },
    }
    let lua = Lua::new();
    for key in [1, 5] {
        let event = Event::Spawn { counts: [(key, 2)].into() };
        let value = lua.to_value(&event)?;
        assert_eq!(lua.from_value::<Event>(&value)?, event);
        let json = serde_json::to_string(&value).expect("it is data");
        assert_eq!(json, format!(r#"{{"counts":{{"{key}":2}},"t":"Spawn"}}"#));
    }
    Ok(())
}
