//! Derived classes, methods and conversions.

#![forbid(unsafe_code)]

use luna::{AnyUserdata, FromLua, Function, IntoLua, Lua, LuaUserdata, lua_methods};
use luna_core::runtime::Value as RawValue;
use luna_core::vm::Kind;

#[derive(LuaUserdata)]
#[lua(name = "Vec2")]
struct Vector {
    pub x: f64,
    #[lua(readonly)]
    pub y: f64,
    #[lua(get, name = "tag")]
    label: String,
    #[lua(skip)]
    pub hidden: u8,
}

#[lua_methods]
impl Vector {
    const ZERO: f64 = 0.0;

    fn new(x: f64, y: f64) -> Self {
        Vector { x, y, label: "v".to_owned(), hidden: 0 }
    }

    fn parse(text: &str) -> Result<Self, std::num::ParseFloatError> {
        Ok(Vector::new(text.parse()?, f64::from(0_u8)))
    }

    fn length(&self) -> f64 {
        self.x.hypot(self.y)
    }

    fn rename(&mut self, label: &str) {
        self.label = label.to_owned();
        self.hidden += 1;
    }

    fn label<'a>(&'a self, _other: Option<&'a str>) -> &'a str {
        &self.label
    }

    fn each(&self, lua: &Lua, f: Function) -> luna::Result<i64> {
        lua.globals().set("seen", self.x)?;
        f.call((self.x, self.y))
    }

    fn dissolve(self) -> String {
        self.label
    }

    #[lua(getter)]
    fn doubled(&self) -> f64 {
        self.x * 2.0
    }

    #[lua(setter)]
    fn set_doubled(&mut self, value: f64) {
        self.x = value / 2.0;
    }

    #[lua(meta = ToString)]
    fn show(&self) -> String {
        format!("<{} {}>", self.x, self.y)
    }

    #[lua(meta = "__add")]
    fn add(&self, other: &Vector) -> Self {
        Vector::new(self.x + other.x, self.y + other.y)
    }

    #[lua(skip)]
    #[expect(dead_code, reason = "not seen by Lua")]
    fn generic<T>(&self, _value: T) {}
}

#[derive(Clone, Copy, LuaUserdata)]
#[lua(frozen, clone, strict, rename_all = "camelCase", methods(more))]
struct Point {
    pub pos_x: i32,
    pub pos_y: i32,
}

#[lua_methods(rename_all = "camelCase")]
impl Point {
    #[lua(ctor)]
    fn make(pos_x: i32, pos_y: i32) -> Self {
        Point { pos_x, pos_y }
    }

    fn length_squared(self) -> i32 {
        self.pos_x * self.pos_x + self.pos_y * self.pos_y
    }

    fn moved(&self, by: Point) -> Point {
        Point { pos_x: self.pos_x + by.pos_x, pos_y: self.pos_y + by.pos_y }
    }
}

#[lua_methods(more)]
impl Point {
    fn origin() -> Self {
        Point { pos_x: 0, pos_y: 0 }
    }
}

#[derive(LuaUserdata)]
#[lua(frozen)]
struct Plain {
    pub id: u32,
}

fn check(lua: &Lua, cases: &[(&str, &str)]) -> luna::Result<()> {
    for (source, expected) in cases {
        let got = match lua.load(*source).name("=t").eval::<luna::Value>() {
            Ok(value) => lua.globals().get::<Function>("tostring")?.call::<String>(value)?,
            Err(error) => error.message().to_owned(),
        };
        assert_eq!(got, *expected, "{source}");
    }
    Ok(())
}

#[test]
fn derived_classes_behave() -> luna::Result<()> {
    let lua = Lua::new();
    lua.set_class::<Vector>("Vec2")?;
    check(
        &lua,
        &[
            ("Vec2.new(3, 4):length()", "5.0"),
            (
                "local v = Vec2.new(3, 4) v.x = 1 v.doubled = 8 return v.x .. ' ' .. v.doubled",
                "4.0 8.0",
            ),
            (
                "local v = Vec2.new(1, 2) v:rename('w') return v.tag .. v:label() .. tostring(v) .. Vec2.ZERO",
                "ww<1 2>0.0",
            ),
            ("Vec2.parse('7')", "<7 0>"),
            ("Vec2.parse('x')", "t:1: invalid float literal"),
            ("Vec2.new(1, 2).hidden", "nil"),
            ("Vec2.new(1, 2).y = 1", "t:1: field 'y' of Vec2 is read-only"),
            ("local v = Vec2.new(1, 2) return v + v", "<2 4>"),
            (
                "Vec2.new(1, 2) + 1",
                "t:1: bad argument #2 to '__add' (other: Vec2 expected, got number)",
            ),
            ("Vec2.new(1, 2):each(function(x, y) return x + y + seen end)", "4"),
            (
                "local v = Vec2.new(1, 2) return v:dissolve() .. select(2, pcall(v.length, v))",
                "vVec2 has been destroyed",
            ),
            ("Vec2.new(1, 2).x = 'a'", "t:1: field 'x' of Vec2: number expected, got string"),
        ],
    )?;
    lua.globals().set("plain", lua.create_userdata(Plain { id: 7 })?)?;
    assert_eq!(lua.load("plain.id").eval::<i64>()?, 7);
    assert!(lua.load("plain.id = 8").exec().is_err());
    Ok(())
}

#[test]
fn copied_frozen_and_strict_types_behave() -> luna::Result<()> {
    let lua = Lua::new();
    lua.set_class::<Point>("Point")?;
    check(
        &lua,
        &[
            ("Point.new(3, 4):lengthSquared()", "25"),
            ("local p = Point.new(3, 4) p:lengthSquared() return p.posX", "3"),
            ("Point.new(1, 2):moved(Point.new(3, 4)).posY", "6"),
            ("Point.origin().posX", "0"),
            ("Point.new(1, 2).posZ", "t:1: Point has no field 'posZ' (did you mean 'posX'?)"),
            ("Point.new(1, 2).posX = 1", "t:1: field 'posX' of Point is read-only"),
            (
                "Point.new(1, 2):moved(5)",
                "t:1: bad argument #1 to 'moved' (by: Point expected, got number)",
            ),
            (
                "Point.new(2147483648, 0)",
                "t:1: bad argument #1 to 'new' (pos_x: number out of range for i32)",
            ),
        ],
    )?;
    lua.globals().set("p", Point::origin())?;
    let back: Point = lua.load("p").eval()?;
    assert_eq!(back.length_squared(), 0);
    Ok(())
}

/// The descriptor of a native that a class's metatable reaches through its getters.
fn getter(lua: &Lua, any: &AnyUserdata, name: &str) -> luna::Result<luna_core::vm::Descriptor> {
    lua.with_vm(|vm| {
        let object = IntoLua::try_into_value(any, vm)?;
        vm.field_getter(object, name)
            .map(|native| vm.descriptor(native))
            .ok_or_else(luna_core::LuaError::nil)
    })?
    .map_err(|_| luna::Error::new("no getter"))
}

#[test]
fn fields_and_functions_carry_descriptors() -> luna::Result<()> {
    let lua = Lua::new();
    let vector = lua.create_userdata(Vector::new(1.0, 2.0))?;
    let x = getter(&lua, &vector, "x")?.field.expect("a field");
    assert_eq!(x.offset, std::mem::offset_of!(Vector, x));
    assert!(matches!(x.kind, Kind::Float));
    let y = getter(&lua, &vector, "y")?.field.expect("a field");
    assert_eq!(y.offset, std::mem::offset_of!(Vector, y));
    let tag = getter(&lua, &vector, "tag")?.field.expect("a field");
    assert!(matches!(tag.kind, Kind::Value));
    let point = lua.create_userdata(Point::origin())?;
    let y = getter(&lua, &point, "posY")?.field.expect("a field");
    assert_eq!(y.offset, std::mem::offset_of!(Point, pos_y));
    assert!(matches!(y.kind, Kind::Int { bits: 32, signed: true }));

    let signature = |f: &Function| {
        lua.with_vm(|vm| {
            let native = IntoLua::into_value(f, vm);
            vm.descriptor(native).signature.expect("typed natives have one")
        })
    };
    let mul = lua.create_function(|a: f64, b: i64, v: &Vector| a * v.x * b as f64)?;
    let known = signature(&mul)?;
    assert!(known.has_direct_entry() && !known.has_context);
    assert!(matches!(
        known.args,
        [Kind::Float, Kind::Int { bits: 64, signed: true }, Kind::Shared(_)]
    ));
    assert!(matches!(known.result, Kind::Float));
    let text = lua.create_function(|_: &Lua, text: &str| text.len())?;
    let known = signature(&text)?;
    assert!(known.has_context && !known.has_direct_entry());
    assert!(lua.with_vm(|vm| vm.descriptor(RawValue::Nil))?.signature.is_none());
    Ok(())
}

#[derive(Debug, PartialEq, Clone, Copy, FromLua, IntoLua)]
#[lua(rename_all = "lowercase")]
enum Mode {
    Fast,
    #[lua(name = "very-slow")]
    Slow,
}

#[derive(Debug, PartialEq, FromLua, IntoLua)]
struct Meters(f64);

#[derive(Debug, PartialEq, FromLua, IntoLua)]
#[lua(rename_all = "camelCase")]
struct Server<T> {
    host_name: String,
    #[lua(default)]
    port: u16,
    mode: Option<Mode>,
    payload: Vec<T>,
    #[lua(name = "len")]
    length: Meters,
    #[lua(skip)]
    cache: u8,
}

#[test]
fn structs_and_enums_convert() -> luna::Result<()> {
    let lua = Lua::new();
    let server: Server<i64> =
        lua.load("{hostName = 'h', mode = 'very-slow', payload = {1, 2}, len = 1.5}").eval()?;
    let expected = Server {
        host_name: "h".to_owned(),
        port: 0,
        mode: Some(Mode::Slow),
        payload: vec![1, 2],
        length: Meters(1.5),
        cache: 0,
    };
    assert_eq!(server, expected);
    assert_eq!(lua.convert::<Server<i64>>(server)?, expected);
    for (source, message) in [
        ("{}", "result: table field 'hostName': string expected, got nil"),
        (
            "{hostName = 'h', payload = {1, 'x'}, len = 1}",
            "result: table field 'payload': table element [2]: number expected, got string",
        ),
        (
            "{hostName = 'h', payload = {}, len = 1, mode = 'slow'}",
            "result: table field 'mode': one of 'fast', 'very-slow' expected, got 'slow'",
        ),
        ("7", "result: table expected, got number"),
    ] {
        let error = lua.load(source).eval::<Server<i64>>().unwrap_err();
        assert_eq!(error.message(), message);
    }
    assert_eq!(lua.convert::<String>(Mode::Fast)?, "fast");
    let take = lua.create_function(|mode: Mode, at: Meters| (mode, at))?;
    lua.globals().set("take", take)?;
    check(
        &lua,
        &[
            ("take('fast', 2)", "fast"),
            (
                "take('slow', 2)",
                "t:1: bad argument #1 to 'take' (one of 'fast', 'very-slow' expected, got 'slow')",
            ),
        ],
    )
}
