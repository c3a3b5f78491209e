//! Modules as tables.

use luna::{Lua, LuaUserdata, lua_module};

use crate::check;

#[derive(Clone, LuaUserdata)]
#[lua(new)]
struct Square {
    pub side: f64,
}

/// Shapes.
#[lua_module(rename_all = "camelCase", classes(Square))]
mod shapes {
    use super::Square;
    use luna::Lua;

    pub(crate) const SIDES: i64 = 4;
    #[lua(name = "title")]
    pub(crate) const NAME: &str = "shapes";
    #[lua(skip)]
    pub(crate) const SECRET: u8 = 1;

    #[lua(defaults(scale = 1.0))]
    pub(crate) fn total_area(square: &Square, scale: f64) -> f64 {
        square.side * square.side * scale + f64::from(hidden(SECRET)) - 1.0
    }

    #[lua(variadic, name = "sum")]
    pub(crate) fn sum_of(sides: &[f64]) -> f64 {
        sides.iter().sum()
    }

    pub(crate) fn version(lua: &Lua) -> luna::Result<String> {
        lua.load("_VERSION").eval()
    }

    #[lua(deprecated = "call 'sum'")]
    pub(crate) fn add(a: f64, b: f64) -> f64 {
        a + b
    }

    fn hidden<T>(value: T) -> T {
        value
    }

    #[luna::lua_module]
    pub(crate) mod round {
        #[lua(nil_err)]
        pub(crate) fn radius(area: f64) -> Result<f64, String> {
            if area < 0.0 { Err("negative".to_owned()) } else { Ok(area.sqrt()) }
        }
    }
}

#[test]
fn modules_are_described() {
    let info = shapes::lua_module_info();
    assert_eq!((info.name, info.docs), ("shapes", "Shapes."));
    let functions: Vec<_> = info.functions.iter().map(|f| (f.name, f.params.len())).collect();
    assert_eq!(functions, [("totalArea", 2), ("sum", 1), ("version", 0), ("add", 2)]);
    assert_eq!(info.constants[1].name, "title");
    assert_eq!(shapes::round::lua_module_info().functions[0].result, "Result<f64, String>");
}

#[test]
fn modules_are_tables() -> luna::Result<()> {
    let lua = Lua::new();
    lua.globals().set("shapes", shapes::lua_module(&lua)?)?;
    check(
        &lua,
        &[
            ("shapes.SIDES .. shapes.title", "4shapes"),
            ("shapes.SECRET", "nil"),
            ("shapes.hidden", "nil"),
            ("shapes.totalArea(shapes.Square.new(2))", "4.0"),
            ("shapes.totalArea(shapes.Square.new(2), 2)", "8.0"),
            ("shapes.sum(1, 2)", "3.0"),
            ("shapes.version():sub(1, 3)", "Lua"),
            ("shapes.round.radius(4)", "2.0"),
            ("select(2, shapes.round.radius(-1))", "negative"),
            ("shapes.add(1, 2)", "3.0"),
            (
                "shapes.totalArea(1)",
                "t:1: bad argument #1 to 'totalArea' (square: Square expected, got number)",
            ),
        ],
    )
}
