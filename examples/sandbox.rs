//! Other people's scripts under limits: what they reach is chosen, and they end when the host says so.

#![expect(clippy::print_stdout, reason = "what an example is for")]

use luna::{Lua, StdLib, Value};

/// Scripts one would rather not run.
const SCRIPTS: [(&str, &str); 7] = [
    ("polite", "return ('%d bottles'):format(10 * 10 - 1)"),
    ("endless", "while true do end"),
    ("stubborn", "while true do pcall(function() while true do end end) end"),
    ("hungry", "local t = {} while true do t[#t + 1] = ('x'):rep(10000) .. #t end"),
    ("curious", "return os.getenv('HOME')"),
    ("sneaky", "return load('\\27Lua')"),
    ("deep", "local function f() return 1 + f() end return f()"),
];

fn main() -> luna::Result<()> {
    for (name, source) in SCRIPTS {
        let lua = Lua::builder()
            .libraries(StdLib::BASE | StdLib::STRING | StdLib::TABLE | StdLib::MATH)
            .instruction_budget(10_000_000)
            .memory_cap(32 << 20)
            .build();
        match lua.load(source).name(format!("={name}")).eval::<(Value, Value)>() {
            Ok((Value::Nil, Value::String(why))) => println!("{name}: refused: {}", why.to_text()?),
            Ok((Value::String(text), _)) => println!("{name}: {}", text.to_text()?),
            Ok((other, _)) => println!("{name}: a {}", other.type_name()),
            Err(error) => println!("{name}: {} ({} error)", error.message(), error.kind()),
        }
        // The state is as good as new: limits are armed again at the next call.
        assert_eq!(lua.load("return 1 + 1").eval::<i64>()?, 2);
    }
    Ok(())
}
