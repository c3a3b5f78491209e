//! What the attributes of derived classes and of their methods do.

#![forbid(unsafe_code)]

mod describe;
mod enums;
mod foreign;
mod generic;
mod impls;
mod macros;
mod making;
mod methods;
mod modules;
mod parts;
mod registered_parts;
mod waiting;

use luna::{Function, Lua, Value};

/// Runs pieces of source and compares what they give, as text, or how they fail.
fn check(lua: &Lua, cases: &[(&str, &str)]) -> luna::Result<()> {
    let show: Function = lua.globals().get("tostring")?;
    for (source, expected) in cases {
        let got = match lua.load(*source).name("=t").eval::<Value>() {
            Ok(value) => show.call::<String>(value)?,
            Err(error) => error.message().to_owned(),
        };
        assert_eq!(got, *expected, "{source}");
    }
    Ok(())
}
