//! The least that is useful: a Rust function for Lua, and a Lua function for Rust.

use std::io::Write;

use luna::{Function, Lua};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let lua = Lua::new();
    let shout = lua.create_function(|name: &str| name.to_uppercase())?;
    lua.globals().set("shout", shout)?;
    lua.load("function greet(name) return 'hello, ' .. shout(name) .. '!' end").exec()?;
    let greet: Function = lua.globals().get("greet")?;
    let text: String = greet.call("luna")?;
    writeln!(std::io::stdout(), "{text}")?;
    Ok(())
}
