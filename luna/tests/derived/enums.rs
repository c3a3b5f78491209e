//! Enums as numbers and as tables.

use luna::{FromLua, IntoLua, Lua};

use crate::check;

#[derive(Clone, Copy, Debug, PartialEq, FromLua, IntoLua)]
#[lua(repr = "int")]
enum Level {
    Low = 1,
    High = 10,
}

#[derive(Debug, PartialEq, FromLua, IntoLua)]
#[lua(tag = "type", rename_all = "lowercase")]
enum Event {
    Quit,
    Key(char, bool),
    Move {
        x: f64,
        #[lua(default)]
        y: f64,
        #[lua(skip)]
        seen: u8,
    },
}

#[test]
fn enums_are_numbers_and_tables() -> luna::Result<()> {
    let lua = Lua::new();
    lua.globals().set("level", lua.create_function(|level: Level| level)?)?;
    lua.globals().set("event", lua.create_function(|event: Event| event)?)?;
    check(
        &lua,
        &[
            ("level(10)", "10"),
            ("level(1.0)", "1"),
            ("level(2)", "t:1: bad argument #1 to 'level' (one of 1, 10 expected, got 2)"),
            ("level('x')", "t:1: bad argument #1 to 'level' (number expected, got string)"),
            ("event{ type = 'quit' }.type", "quit"),
            (
                "local e = event{ type = 'key', 'a', true } return e.type .. e[1] .. tostring(e[2])",
                "keyatrue",
            ),
            ("local e = event{ type = 'move', x = 2, y = 1 } return e.x + e.y", "3.0"),
            (
                "event{ type = 'mov' }",
                "t:1: bad argument #1 to 'event' (table field 'type': one of 'quit', 'key', 'move' expected, got 'mov')",
            ),
            (
                "event{}",
                "t:1: bad argument #1 to 'event' (table field 'type': string expected, got nil)",
            ),
            (
                "event{ type = 'key' }",
                "t:1: bad argument #1 to 'event' (table element [1]: string expected, got nil)",
            ),
            ("event('quit')", "t:1: bad argument #1 to 'event' (table expected, got string)"),
        ],
    )?;
    assert_eq!(lua.convert::<Event>(Event::Key('x', false))?, Event::Key('x', false));
    let moved = Event::Move { x: 1.0, y: 2.0, seen: 3 };
    assert_eq!(lua.convert::<Event>(moved)?, Event::Move { x: 1.0, y: 2.0, seen: 0 });
    assert_eq!(lua.convert::<Level>(Level::High)?, Level::High);
    Ok(())
}
