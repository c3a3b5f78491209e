//! Annotations for editors.

#![forbid(unsafe_code)]

#[path = "stubs/check.rs"]
mod check;

use std::collections::HashMap;
use std::fmt;
use std::ops::{Add, Index, Mul, Neg};
use std::path::Path;

use luna::{FromLua, Function, IntoLua, Lua, LuaUserdata, Variadic, lua_methods, lua_module};

/// What all have that stand somewhere.
#[derive(LuaUserdata)]
struct Entity {
    /// Its number.
    #[lua(readonly)]
    pub id: u32,
}

#[lua_methods]
impl Entity {
    /// Moves it.
    fn teleport(&mut self, _to: &Vector) {}
}

/// A unit of the game.
///
/// @It fights.
#[derive(LuaUserdata)]
#[lua(name = "Unit", extends = Entity)]
struct Soldier {
    #[lua(base)]
    entity: Entity,
    /// How much it can take,
    /// at most.
    pub hp: f64,
    #[lua(name = "end", deprecated = "ask 'hp'")]
    pub stop: Option<bool>,
    /// (What it carries.)
    pub bag: HashMap<String, Vec<Mode>>,
}

#[lua_methods]
impl Soldier {
    /// The most it can take.
    const MAX: f64 = 10.0;

    /// Makes one.
    fn new(hp: f64, mode: Option<Mode>) -> Self {
        let _ = mode;
        Soldier { entity: Entity { id: 0 }, hp, stop: None, bag: HashMap::new() }
    }

    /// Strikes it.
    #[lua(defaults(times = 1))]
    fn hit(&mut self, lua: &Lua, amount: f64, times: u32, note: Option<&str>) -> Option<f64> {
        let _ = (lua, note);
        self.hp -= amount * f64::from(times);
        (self.hp > 0.0).then_some(self.hp)
    }

    #[lua(variadic)]
    fn hit_all(&self, _amount: f64, _others: Vec<u32>) -> Variadic<String> {
        Variadic::default()
    }

    #[lua(name = "repeat", deprecated = "loop")]
    fn again(&self, function: Function) -> luna::Result<()> {
        function.call(self.hp)
    }

    #[lua(named, defaults(end = 2))]
    fn span(from: Option<f64>, end: i64) -> f64 {
        from.unwrap_or_default() + end as f64
    }

    #[lua(nil_err)]
    fn load(text: &str) -> Result<Self, String> {
        text.parse().map(|hp| Soldier::new(hp, None)).map_err(|_| "no number".to_owned())
    }

    #[lua(getter)]
    fn half(&self) -> f64 {
        self.hp / 2.0
    }

    #[lua(getter)]
    fn double(&self) -> f64 {
        self.hp * 2.0
    }

    #[lua(setter)]
    fn set_double(&mut self, value: f64) {
        self.hp = value / 2.0;
    }

    #[lua(meta = Len)]
    fn len(&self) -> usize {
        self.bag.len()
    }

    #[lua(meta = Call)]
    fn act(&self, order: &str) -> bool {
        order.is_empty()
    }
}

/// A direction.
#[derive(Clone, Copy, Debug, PartialEq, LuaUserdata)]
#[lua(
    name = "Vec2",
    clone,
    new,
    callable,
    impls(Display, PartialEq, Add, Mul(f64, Self, f64 * Self), Neg, Index(usize))
)]
struct Vector {
    pub x: f64,
    pub y: f64,
}

impl fmt::Display for Vector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.x, self.y)
    }
}

impl Add for Vector {
    type Output = Vector;

    fn add(self, other: Vector) -> Vector {
        Vector { x: self.x + other.x, y: self.y + other.y }
    }
}

impl Mul<f64> for Vector {
    type Output = Vector;

    fn mul(self, factor: f64) -> Vector {
        Vector { x: self.x * factor, y: self.y * factor }
    }
}

impl Mul<Vector> for f64 {
    type Output = Vector;

    fn mul(self, vector: Vector) -> Vector {
        vector * self
    }
}

impl Mul for Vector {
    type Output = f64;

    fn mul(self, other: Vector) -> f64 {
        self.x * other.x + self.y * other.y
    }
}

impl Neg for Vector {
    type Output = Vector;

    fn neg(self) -> Vector {
        self * -1.0
    }
}

impl Index<usize> for Vector {
    type Output = f64;

    fn index(&self, at: usize) -> &f64 {
        if at == 0 { &self.x } else { &self.y }
    }
}

/// A form, as objects.
#[derive(Clone, LuaUserdata)]
#[lua(variants)]
enum Form {
    Empty,
    Circle(f64),
    Rect { width: f64, height: f64 },
}

/// How fast.
#[derive(Clone, Copy, FromLua, IntoLua)]
#[lua(rename_all = "kebab-case")]
enum Mode {
    /// At once.
    Fast,
    VerySlow,
}

/// How many.
#[derive(Clone, Copy, FromLua, IntoLua)]
#[lua(repr = "int")]
enum Level {
    Low = 1,
    /// Above 1.
    High = 7,
}

/// An order.
#[derive(FromLua, IntoLua)]
#[lua(tag = "type", rename_all = "lowercase")]
enum Order {
    Wait,
    /// Goes there.
    Go {
        x: f64,
        #[lua(default)]
        mode: Option<Mode>,
    },
    Say(String, u8),
}

#[derive(FromLua, IntoLua)]
struct Meters(f64);

/// What a server is told.
#[derive(FromLua)]
#[lua(rename_all = "camelCase")]
#[expect(dead_code, reason = "read by nobody but the stubs")]
struct Server {
    /// Where it is.
    host_name: String,
    #[lua(default)]
    port: u16,
    mode: Option<Mode>,
    depth: Meters,
    #[lua(skip)]
    cache: u8,
}

/// Shapes.
#[lua_module(rename_all = "camelCase", classes(Form))]
mod shapes {
    use super::Form;

    pub(crate) const SIDES: i64 = 4;

    /// The area of a form.
    #[lua(defaults(scale = 1.0))]
    pub(crate) fn total_area(form: &Form, scale: f64) -> f64 {
        match form {
            Form::Empty => 0.0,
            Form::Circle(radius) => radius * radius * scale,
            Form::Rect { width, height } => width * height * scale,
        }
    }

    #[luna::lua_module]
    pub(crate) mod round {
        #[lua(nil_err)]
        pub(crate) fn radius(area: f64) -> Result<f64, String> {
            if area < 0.0 { Err("negative".to_owned()) } else { Ok(area.sqrt()) }
        }
    }
}

/// A state with all of them, written down.
fn stubs() -> luna::Result<luna::Stubs> {
    let lua = Lua::new();
    lua.set_class::<Soldier>("Unit")?;
    lua.set_class::<Vector>("Vec2")?;
    lua.globals().set("shapes", shapes::lua_module(&lua)?)?;
    let stubs = lua.stubs()?;
    Ok(stubs
        .from_lua::<Mode>()
        .into_lua::<Mode>()
        .into_lua::<Level>()
        .from_lua::<Order>()
        .from_lua::<Meters>()
        .from_lua::<Server>()
        .module("shapes", shapes::lua_module_info())
        .module("shapes.round", shapes::round::lua_module_info())
        .function(
            "game.on_hit",
            "Sets what is called.",
            "fn(run: fn(unit: &Soldier, end: f64) -> bool, Option<&str>) -> (Vec<Server>, Option<Level>)",
        )
        .global("settings", "", "HashMap<String, Value>"))
}

#[test]
fn stubs_say_what_the_source_says() -> luna::Result<()> {
    let text = stubs()?.luals();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stubs/golden.d.lua");
    if std::env::var_os("LUNA_BLESS").is_some() {
        std::fs::write(&path, &text)?;
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(text, expected, "LUNA_BLESS=1 writes it anew");
    assert_eq!(text, stubs()?.luals(), "the same in every run");
    Ok(())
}

#[test]
fn stubs_are_well_formed() -> luna::Result<()> {
    let text = stubs()?.luals();
    check::check(&text).map_err(luna::Error::new)?;
    Lua::new().load(text.as_str()).exec()
}

#[test]
fn stubs_are_written_to_files() -> luna::Result<()> {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("written.d.lua");
    Lua::new().stubs()?.write_to(&path)?;
    assert_eq!(std::fs::read_to_string(&path)?, "---@meta\n");
    assert!(Lua::new().stubs()?.write_to(path.join("not/there")).is_err());
    Ok(())
}

#[test]
fn types_of_one_name_are_told_apart() -> luna::Result<()> {
    mod other {
        #[derive(luna::LuaUserdata)]
        #[lua(name = "Vec2")]
        pub(super) struct Point {
            pub x: i64,
        }
    }
    let text = Lua::new().stubs()?.class::<Vector>().class::<other::Point>().luals();
    assert!(text.contains("---@class Vec2\n") && text.contains("---@class Vec2_2\n"), "{text}");
    Ok(())
}

#[test]
fn the_checker_finds_mistakes() {
    for (text, mistake) in [
        ("---@meta\n---@feild a b", "line 2: unknown tag 'feild'"),
        ("---@class A : ", "line 1: a name expected at ''"),
        ("---@field a {b: integer", "line 1: '}' expected at ''"),
        (
            "---@param a integer\nfunction f(b) end",
            "line 2: parameters a are described, b are there",
        ),
        (
            "---@param a integer\nfunction f(a, b) end",
            "line 2: parameters a are described, a, b are there",
        ),
        ("---@return fun(a integer)", "line 1: ':' expected at ' integer)'"),
        ("---@class A\n---@field a Lost", "there is no type 'Lost'"),
    ] {
        assert_eq!(check::check(text), Err(mistake.to_owned()), "{text}");
    }
}
