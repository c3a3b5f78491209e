//! How values of classes come about.

use luna::{AnyUserdata, Foreign, FromLua, Lua, LuaUserdata, UserdataMethods, Value, lua_methods};

use crate::check;

fn positive(value: &f64) -> Result<(), String> {
    if *value > 0.0 { Ok(()) } else { Err(format!("{value} is not positive")) }
}

#[derive(Clone, LuaUserdata)]
#[lua(new, callable, from_table, into_table, strict, rename_all = "camelCase")]
struct Unit {
    #[lua(validate = positive)]
    pub max_hp: f64,
    #[lua(default)]
    pub name: String,
    seen: u8,
    #[lua(get, default)]
    tags: Vec<String>,
    #[lua(deprecated = "read 'maxHp'")]
    pub hp: Option<f64>,
}

#[lua_methods]
impl Unit {
    fn total(units: Vec<Unit>) -> f64 {
        units.iter().map(|unit| unit.max_hp + f64::from(unit.seen)).sum()
    }
}

#[derive(Clone, LuaUserdata)]
#[lua(new, impls(Add), clone)]
struct Meters(f64, #[lua(skip)] u8);

impl std::ops::Add for Meters {
    type Output = f64;
    fn add(self, other: Meters) -> f64 {
        self.0 + other.0 + f64::from(self.1)
    }
}

#[derive(LuaUserdata)]
#[lua(callable)]
struct Gate;

#[lua_methods]
impl Gate {
    fn new(name: &str) -> luna::Result<Self> {
        if name.is_empty() { Err(luna::Error::new("a gate has a name")) } else { Ok(Gate) }
    }
}

#[derive(Clone, PartialEq, LuaUserdata)]
#[lua(variants, impls(PartialEq))]
enum Shape {
    Empty,
    Circle(f64),
    #[lua(name = "box")]
    Rect {
        width: f64,
        height: f64,
    },
}

#[lua_methods]
impl Shape {
    fn area(&self) -> f64 {
        match self {
            Shape::Empty => 0.0,
            Shape::Circle(radius) => radius * radius * 3.0,
            Shape::Rect { width, height } => width * height,
        }
    }
}

#[test]
fn constructors_take_the_fields_in_order() -> luna::Result<()> {
    let lua = Lua::new();
    lua.set_class::<Unit>("Unit")?;
    lua.set_class::<Meters>("Meters")?;
    lua.set_class::<Gate>("Gate")?;
    check(
        &lua,
        &[
            ("Unit.new(2, 'orc').name", "orc"),
            ("local u = Unit.new(2) return u.name .. #u.tags", "0"),
            ("Unit(3, 'elf', { 'a' }).tags[1]", "a"),
            ("Unit.new(0)", "t:1: field 'maxHp' of Unit: 0 is not positive"),
            ("Unit(1).maxHp", "1.0"),
            ("local u = Unit(1) u.maxHp = -1", "t:1: field 'maxHp' of Unit: -1 is not positive"),
            ("local u = Unit(1) u.maxHp = 5 return u.maxHp", "5.0"),
            ("Unit('x')", "t:1: bad argument #1 to 'Unit' (maxHp: number expected, got string)"),
            ("Meters.new(1) + Meters.new(2)", "3.0"),
            ("tostring(Gate('g')):sub(1, 4)", "Gate"),
            ("Gate('')", "t:1: a gate has a name"),
            ("Gate()", "t:1: bad argument #1 to 'Gate' (name: string expected, got no value)"),
            ("Meters(1)", "t:1: attempt to call a table value (global 'Meters')"),
        ],
    )
}

#[test]
fn tables_are_taken_by_value() -> luna::Result<()> {
    let lua = Lua::new();
    lua.set_class::<Unit>("Unit")?;
    check(
        &lua,
        &[
            ("Unit.total{ Unit.new(1), { maxHp = 2, tags = { 'x' } } }", "3.0"),
            (
                "Unit.total{ { maxHp = 0 } }",
                "t:1: bad argument #1 to 'total' (units: table element [1]: field 'maxHp' of Unit: 0 is not positive)",
            ),
            (
                "Unit.total{ { maxhp = 1 } }",
                "t:1: bad argument #1 to 'total' (units: table element [1]: Unit has no field 'maxhp' (did you mean 'maxHp'?))",
            ),
            (
                "Unit.total{ { maxHp = 'x' } }",
                "t:1: bad argument #1 to 'total' (units: table element [1]: table field 'maxHp': number expected, got string)",
            ),
            (
                "Unit.total{ 1 }",
                "t:1: bad argument #1 to 'total' (units: table element [1]: Unit expected, got number)",
            ),
            (
                "local t = Unit.new(1, 'orc', {'b'}):to_table() return t.maxHp .. t.name .. t.tags[1]",
                "1.0orcb",
            ),
        ],
    )
}

#[test]
fn variants_are_made_and_told_apart() -> luna::Result<()> {
    let lua = Lua::new();
    lua.set_class::<Shape>("Shape")?;
    check(
        &lua,
        &[
            ("Shape.Circle(2):area()", "12.0"),
            ("Shape.box(2, 3):area()", "6.0"),
            ("Shape.Empty:area()", "0.0"),
            ("Shape.Empty == Shape.Empty", "true"),
            ("Shape.Circle(1) == Shape.Circle(1)", "true"),
            (
                "Shape.Circle(1).variant .. Shape.Empty.variant .. Shape.box(1, 2).variant",
                "CircleEmptybox",
            ),
            ("Shape.Circle('x')", "t:1: bad argument #1 to 'Circle' (number expected, got string)"),
        ],
    )
}

#[derive(LuaUserdata)]
#[lua(new)]
struct Point {
    pub x: f64,
}

#[lua_methods]
impl Point {
    const ORIGIN: Point = Point { x: 0.0 };

    fn shift(&mut self, by: f64) -> f64 {
        self.x += by;
        self.x
    }
}

#[derive(LuaUserdata)]
#[lua(variants)]
enum Door {
    Open,
    Closed,
}

#[lua_methods]
impl Door {
    const HOME: Place = Place { at: Point { x: 1.0 } };

    fn toggle(&mut self) {
        *self = match self {
            Door::Open => Door::Closed,
            Door::Closed => Door::Open,
        };
    }

    fn closed() -> Self {
        Door::Closed
    }

    fn burn(self) -> bool {
        true
    }
}

#[derive(LuaUserdata)]
struct Place {
    #[lua(by_ref)]
    pub at: Point,
}

#[test]
fn constants_are_never_changed() -> luna::Result<()> {
    let lua = Lua::new();
    lua.set_class::<Door>("Door")?;
    lua.set_class::<Point>("Point")?;
    let constant = "it is a constant, which all share";
    check(
        &lua,
        &[
            ("rawequal(Door.Closed, Door.Closed)", "true"),
            (
                "local d = Door.closed() d:toggle() return d.variant .. Door.Closed.variant",
                "OpenClosed",
            ),
            (
                "Door.Closed:toggle()",
                &format!("t:1: cannot borrow Door mutably in 'toggle': {constant}"),
            ),
            (
                "Door.Closed:burn()",
                &format!("t:1: cannot borrow Door mutably in 'burn': {constant}"),
            ),
            ("Door.closed():burn()", "true"),
            ("Point.ORIGIN.x", "0.0"),
            ("Point.ORIGIN.x = 1", &format!("t:1: cannot borrow Point mutably in 'x': {constant}")),
            (
                "Point.ORIGIN:shift(1)",
                &format!("t:1: cannot borrow Point mutably in 'shift': {constant}"),
            ),
            ("Point.new(1):shift(1)", "2.0"),
            ("Door.HOME.at.x", "1.0"),
            (
                "Door.HOME.at:shift(1)",
                &format!("t:1: cannot borrow Place mutably in 'shift': {constant}"),
            ),
            ("collectgarbage() return Point.ORIGIN.x + Door.HOME.at.x", "1.0"),
        ],
    )?;
    let origin: AnyUserdata = lua.load("Point.ORIGIN").eval()?;
    assert!(origin.borrow::<Point>().is_ok());
    for error in
        [origin.borrow_mut::<Point>().err(), origin.take::<Point>().err(), origin.destroy().err()]
    {
        let error = error.expect("a constant stays as it is");
        assert!(error.message().contains("a constant, which all share"), "{error}");
    }
    Ok(())
}

#[test]
fn a_handle_as_a_constant_stays_what_it_was() -> luna::Result<()> {
    struct Counter(u32);
    struct Shared;
    impl LuaUserdata for Counter {
        fn add_methods<M: UserdataMethods<Self>>(methods: &mut M) {
            methods.add_typed("bump", |counter: &mut Counter| {
                counter.0 += 1;
                counter.0
            });
        }
    }
    let lua = Lua::new();
    let counter = lua.create_userdata(Counter(0))?;
    let value = Value::Userdata(counter.clone());
    lua.register_type::<Shared>(|t| {
        t.add_constant("counter", &counter);
        t.add_constant("value", Some(value));
    })?;
    lua.set_class::<Foreign<Shared>>("Shared")?;
    check(&lua, &[("Shared.counter:bump() + Shared.value:bump()", "3")])
}

#[cfg(feature = "serde")]
mod by_serde {
    use luna::{Lua, LuaUserdata, lua_methods};
    use serde::{Deserialize, Serialize};

    use crate::check;

    #[derive(Clone, Serialize, Deserialize, LuaUserdata)]
    #[lua(serde)]
    struct Server {
        pub host: String,
        ports: Vec<u16>,
        #[serde(default)]
        #[lua(validate = few)]
        pub clients: u32,
    }

    fn few(clients: &u32) -> Result<(), &'static str> {
        if *clients > 100 { Err("too many") } else { Ok(()) }
    }

    #[lua_methods]
    impl Server {
        fn sum(server: Server) -> u16 {
            server.ports.iter().sum()
        }
    }

    #[test]
    fn tables_go_by_way_of_serde() -> luna::Result<()> {
        let lua = Lua::new();
        lua.set_class::<Server>("Server")?;
        check(
            &lua,
            &[
                ("Server.sum{ host = 'h', ports = { 1, 2 } }", "3"),
                (
                    "Server.sum{ host = 'h', ports = {}, clients = 101 }",
                    "t:1: bad argument #1 to 'sum' (server: field 'clients' of Server: too many)",
                ),
                (
                    "Server.sum{ host = 'h', ports = { 'x' } }",
                    "t:1: bad argument #1 to 'sum' (server: at ports[1]: expected u16, got string \"x\")",
                ),
            ],
        )?;
        let server =
            lua.create_userdata(Server { host: "h".to_owned(), ports: vec![80], clients: 1 })?;
        lua.globals().set("server", server)?;
        check(&lua, &[("server:to_table().ports[1]", "80"), ("Server.sum(server)", "80")])
    }
}

#[test]
fn strict_structs_refuse_names_that_are_no_field() -> luna::Result<()> {
    #[derive(Debug, PartialEq, FromLua)]
    #[lua(strict, rename_all = "camelCase")]
    struct Kind {
        max_speed: f64,
        #[lua(default)]
        hp: u8,
        #[lua(skip)]
        hidden: u8,
    }
    let lua = Lua::new();
    let kind = lua.load("{ maxSpeed = 2 }").eval::<Kind>()?;
    assert_eq!(kind, Kind { max_speed: 2.0, hp: 0, hidden: 0 });
    let message = |chunk: &str| lua.load(chunk).eval::<Kind>().unwrap_err().message().to_owned();
    assert_eq!(
        message("{ maxSpeed = 2, hpp = 1 }"),
        "result: Kind has no field 'hpp' (did you mean 'hp'?)"
    );
    assert_eq!(message("{ maxSpeed = 2, hidden = 1 }"), "result: Kind has no field 'hidden'");
    assert_eq!(message("{ maxSpeed = 2, 7 }"), "result: Kind has no field '(number)'");
    Ok(())
}
