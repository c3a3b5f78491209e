//! A Rust function in Lua, a Lua function in Rust.

#![expect(clippy::print_stdout, reason = "what an example is for")]

use luna::{Function, Lua};

fn main() -> luna::Result<()> {
    let lua = Lua::new();
    let shout = lua
        .create_function(|text: &str, times: u8| text.to_uppercase() + &"!".repeat(times.into()))?;
    lua.globals().set("shout", shout)?;
    lua.load("print(shout('hello from ' .. _VERSION, 3))").exec()?;
    lua.load("function area(w, h) return w * h end").exec()?;
    let area: Function = lua.globals().get("area")?;
    println!("6 * 7 = {}", area.call::<i64>((6, 7))?);
    let error = lua.load("shout('oops', 300)").name("@hello.lua").exec().expect_err("300 is no u8");
    println!("{error}");
    Ok(())
}
