//! What errors tell: positions, expected and got, borrowers, chains, the form for other threads.

use std::collections::HashMap;
use std::error::Error as _;

use luna::{
    AnyUserdata, Error, ErrorKind, Function, Lua, LuaUserdata, ResultExt, SendError, Value,
    lua_methods,
};

fn message(lua: &Lua, source: &str) -> String {
    match lua.load(source).name("=t").exec() {
        Ok(()) => panic!("{source} passed"),
        Err(error) => error.message().to_owned(),
    }
}

#[derive(LuaUserdata)]
struct Door {
    pub open: bool,
}

#[lua_methods]
impl Door {
    fn new() -> Door {
        Door { open: false }
    }

    fn swing(&mut self, then: Function) -> luna::Result<()> {
        self.open = !self.open;
        then.call(())
    }

    fn watch(&self, then: Function) -> luna::Result<()> {
        then.call(())
    }

    fn peek(&self) -> bool {
        self.open
    }

    fn match_with(&mut self, other: &Door) -> bool {
        self.open == other.open
    }
}

#[test]
fn borrow_errors_name_type_holder_and_who_wanted() {
    let lua = Lua::new();
    lua.set_class::<Door>("Door").unwrap();
    lua.load("d = Door.new() e = Door.new()").exec().unwrap();
    for (source, expected) in [
        (
            "d:swing(function() d:peek() end)",
            "t:1: cannot borrow Door in 'peek': already mutably borrowed by 'swing'",
        ),
        (
            "d:watch(function() d:swing(print) end)",
            "t:1: cannot borrow Door mutably in 'swing': already borrowed by 'watch'",
        ),
        (
            "d:watch(function() e:watch(function() d:swing(print) end) end)",
            "t:1: cannot borrow Door mutably in 'swing': already borrowed by 'watch'",
        ),
        (
            "d:swing(function() local ok, text = pcall(d.peek, d) error(text, 0) end)",
            "cannot borrow Door in 'peek': already mutably borrowed by 'swing'",
        ),
        (
            "d:swing(function() local ok, text = coroutine.resume(coroutine.create(function() e:watch(function() d:peek() end) end)) error(text, 0) end)",
            "t:1: cannot borrow Door in 'peek': already mutably borrowed by 'swing'",
        ),
        (
            "d:swing(function() return d.open end)",
            "t:1: cannot borrow Door in 'open': already mutably borrowed by 'swing'",
        ),
        (
            "d:match_with(d)",
            "t:1: cannot borrow Door in 'match_with': already mutably borrowed by another argument",
        ),
    ] {
        assert_eq!(message(&lua, source), expected, "{source}");
    }
    let door: AnyUserdata = lua.globals().get("d").unwrap();
    let look = lua.create_function({
        let door = door.downgrade().unwrap();
        move || door.upgrade()?.expect("it is a global").borrow::<Door>().map(|door| door.open)
    });
    lua.globals().set("look", look.unwrap()).unwrap();
    let text = message(&lua, "d:swing(look)");
    assert!(text.ends_with(": already mutably borrowed by 'swing'"), "{text}");
    let guard = door.borrow_mut::<Door>().unwrap();
    assert_eq!(
        message(&lua, "d:peek()"),
        "t:1: cannot borrow Door in 'peek': already mutably borrowed"
    );
    drop(guard);
    lua.load("d:peek() d:match_with(e)").exec().unwrap();
}

#[test]
fn conversions_name_position_expected_and_got() {
    let lua = Lua::new();
    let set = |name: &str, function: luna::Result<Function>| {
        lua.globals().set(name, function.expect("the state is free")).expect("globals are a table");
    };
    set("add", lua.create_function(|a: u8, b: f64| f64::from(a) + b));
    set("list", lua.create_function(|v: Vec<u8>| v.len()));
    set("map", lua.create_function(|m: HashMap<String, Vec<bool>>| m.len()));
    for (source, expected) in [
        ("add(1, 'x')", "t:1: bad argument #2 to 'add' (number expected, got string)"),
        ("add(1)", "t:1: bad argument #2 to 'add' (number expected, got no value)"),
        ("add(256, 1)", "t:1: bad argument #1 to 'add' (number out of range for u8)"),
        ("add(1.5, 1)", "t:1: bad argument #1 to 'add' (number has no integer representation)"),
        (
            "list({ 1, 2, 'x' })",
            "t:1: bad argument #1 to 'list' (table element [3]: number expected, got string)",
        ),
        (
            "list({ 1, 300 })",
            "t:1: bad argument #1 to 'list' (table element [2]: number out of range for u8)",
        ),
        (
            "map({ a = { true, 1 } })",
            "t:1: bad argument #1 to 'map' (table field 'a': table element [2]: boolean expected, got number)",
        ),
        (
            "map({ [{}] = {} })",
            "t:1: bad argument #1 to 'map' (table key: string expected, got table)",
        ),
    ] {
        assert_eq!(message(&lua, source), expected);
    }
    let error = lua.load("{ 1, 'x' }").eval::<Vec<u8>>().unwrap_err();
    assert_eq!(error.message(), "result: table element [2]: number expected, got string");
}

#[derive(Debug)]
struct Outer(std::num::ParseIntError);

impl std::fmt::Display for Outer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("no number in the save file")
    }
}

impl std::error::Error for Outer {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

#[test]
fn chains_go_through_lua_and_to_other_threads() {
    let lua = Lua::new();
    let parse = lua.create_function(|text: &str| text.parse::<i64>().map_err(Outer)).unwrap();
    let nested = lua
        .create_function(|lua: &Lua, text: &str| {
            lua.load("return parse(...)")
                .name("=inner")
                .call::<i64>(text)
                .context("loading the save")
        })
        .unwrap();
    lua.globals().set("parse", parse).unwrap();
    lua.globals().set("nested", nested).unwrap();
    assert_eq!(lua.load("nested('12')").eval::<i64>().unwrap(), 12);
    let error = lua.load("nested('x')").name("=outer").exec().unwrap_err().context("starting");
    assert!(error.downcast_ref::<Outer>().is_some());
    assert!(error.downcast_ref::<std::num::ParseIntError>().is_some());
    assert_eq!(error.contexts().collect::<Vec<_>>(), ["starting", "loading the save"]);
    assert_eq!(
        error.to_string(),
        "starting: loading the save: inner:1: no number in the save file"
    );
    let chain = |error: &dyn std::error::Error| {
        let mut texts = Vec::new();
        let mut at = error.source();
        while let Some(cause) = at {
            texts.push(cause.to_string());
            at = cause.source();
        }
        texts
    };
    let causes = ["no number in the save file", "invalid digit found in string"];
    assert_eq!(chain(&error), causes);
    let text = error.to_string();
    let send = error.into_send();
    let send: SendError = std::thread::spawn(move || send).join().expect("it does not panic");
    assert_eq!((send.to_string(), send.kind()), (text, ErrorKind::Native));
    assert_eq!(chain(&send), causes);
    assert_eq!(send.source_line(), Some(("=outer", 1)), "where it left Lua");
    assert!(send.traceback().is_some_and(|text| text.starts_with("stack traceback:")));
    let boxed: Box<dyn std::error::Error + Send + Sync> = Box::new(send);
    assert!(boxed.source().is_some());
}

#[test]
fn caught_errors_and_thrown_values_keep_what_they_are() {
    let lua = Lua::new();
    let error = lua.load("error({ code = 7 })").exec().unwrap_err();
    let value = error.value().and_then(Value::as_table).expect("a table was raised");
    assert_eq!(value.get::<i64>("code").unwrap(), 7);
    assert!(error.source().is_none());
    let fail = lua.create_function(|| -> luna::Result<()> { Err(Error::new("own text")) }).unwrap();
    lua.globals().set("fail", fail).unwrap();
    let (ok, text): (bool, String) =
        lua.load("local ok, e = pcall(fail) return ok, tostring(e)").eval().unwrap();
    assert_eq!((ok, text.as_str()), (false, "own text"));
    let error = lua.load("error(setmetatable({}, { __tostring = function() return 'told' end }))");
    assert_eq!(error.exec().unwrap_err().message(), "told");
    let error = Error::external(std::io::Error::other("disk"));
    assert_eq!(error.message(), "disk");
    assert_eq!(error.into_send().to_string(), "disk");
}
