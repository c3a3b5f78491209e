use std::error::Error as StdError;
use std::fmt;

use luna::{Error, ErrorKind, Function, Lua, ResultExt, Table, Value};

use crate::check;

#[derive(Debug)]
struct Deep;
impl fmt::Display for Deep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("deep")
    }
}
impl StdError for Deep {}

#[derive(Debug)]
struct Shallow(Deep);
impl fmt::Display for Shallow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("shallow")
    }
}
impl StdError for Shallow {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&self.0)
    }
}

#[test]
fn the_rust_cause_survives_lua_frames() {
    check(|lua| {
        let fail = lua.create_function(|| Err::<(), _>(Shallow(Deep)))?;
        lua.globals().set("fail", fail)?;
        let error =
            lua.load("local function f() fail() end\nf()").name("@a.lua").exec().unwrap_err();
        assert_eq!(error.message(), "a.lua:1: shallow");
        assert_eq!(error.kind(), ErrorKind::Native);
        assert_eq!(error.source_line(), Some(("@a.lua", 1)));
        assert!(error.traceback().unwrap().contains("a.lua:2:"));
        assert!(error.source().unwrap().is::<Shallow>());
        assert!(error.downcast_ref::<Deep>().is_some());
        let error = lua.load("pcall(fail) error('other')").exec().unwrap_err();
        assert!(error.source().is_none());
        let error = lua.load("local ok, e = pcall(fail) error(e, 0)").exec().unwrap_err();
        assert!(error.source().unwrap().is::<Shallow>());
        Ok(())
    });
}

#[test]
fn errors_pass_through_rust_unchanged() {
    check(|lua| {
        let through =
            lua.create_function(|f: Function| f.call::<()>(()).context("calling back"))?;
        lua.globals().set("through", through)?;
        let fail = lua.create_function(|| Err::<(), _>(Shallow(Deep)))?;
        lua.globals().set("fail", fail)?;
        assert!(
            lua.load("local e = {} local ok, got = pcall(through, function() error(e) end) return got == e")
                .eval::<bool>()?
        );
        let error = lua.load("through(fail)").exec().unwrap_err().context("running");
        assert_eq!(error.contexts().collect::<Vec<_>>(), ["running", "calling back"]);
        assert!(error.source().unwrap().is::<Shallow>());
        assert!(error.to_string().starts_with("running: calling back: "), "{error}");
        Ok(())
    });
}

#[test]
fn errors_keep_their_value() {
    check(|lua| {
        let error = lua
            .load("error(setmetatable({code = 7}, {__tostring = function() return 'seven' end}))")
            .exec()
            .unwrap_err();
        assert_eq!(error.message(), "seven");
        let Some(Value::Table(value)) = error.value() else { panic!("a table was raised") };
        assert_eq!(value.get::<i64>("code")?, 7);
        let error = lua.load("x =").name("@a.lua").exec().unwrap_err();
        assert_eq!(error.message(), "a.lua:1: unexpected symbol near <eof>");
        assert_eq!(error.kind(), ErrorKind::Syntax);
        assert_eq!(error.source_line(), Some(("@a.lua", 1)));
        let error = lua.create_table()?.get::<Table>(1).unwrap_err();
        assert_eq!(error.message(), "element [1]: table expected, got nil");
        Ok(())
    });
}

#[test]
fn errors_travel_between_threads_as_text() {
    fn needs_send<T: Send + Sync + StdError + 'static>(error: T) -> T {
        error
    }
    check(|lua| {
        let fail = lua.create_function(|| Err::<(), _>(Shallow(Deep)))?;
        let error = fail.call::<()>(()).unwrap_err().context("c");
        let sent = needs_send(error.into_send());
        assert_eq!(sent.to_string(), "c: shallow");
        assert_eq!(sent.source().unwrap().to_string(), "shallow");
        assert_eq!(sent.source().unwrap().source().unwrap().to_string(), "deep");
        let error = Error::external(std::io::Error::other("disk"));
        assert!(error.downcast_ref::<std::io::Error>().is_some());
        Ok(())
    });
}

#[test]
fn a_state_of_its_own_in_a_callback() {
    check(|lua| {
        let nested = lua.create_function(|| -> luna::Result<i64> {
            let inner = Lua::new();
            inner.load("error({})").exec().map(|()| 0)
        })?;
        let error = nested.call::<i64>(()).unwrap_err();
        assert!(error.message().contains("table value"), "{error}");
        Ok(())
    });
}

#[test]
fn conversions_name_what_did_not_fit() -> luna::Result<()> {
    let lua = Lua::new();
    lua.load("hp = 'full' list = { 1, 'x' } function two() return 1, 'x' end").exec()?;
    let globals = lua.globals();
    let message = |error: Error| error.message().to_owned();
    assert_eq!(
        message(globals.get::<Function>("on_tik").unwrap_err()),
        "field 'on_tik': function expected, got nil"
    );
    assert_eq!(
        message(globals.get::<f64>("hp").unwrap_err()),
        "field 'hp': number expected, got string"
    );
    let list: Table = globals.get("list")?;
    assert_eq!(
        message(list.get::<i64>(2).unwrap_err()),
        "element [2]: number expected, got string"
    );
    let two: Function = globals.get("two")?;
    assert_eq!(
        message(two.call::<(i64, i64)>(()).unwrap_err()),
        "result #2: number expected, got string"
    );
    assert_eq!(message(two.call::<String>(()).unwrap_err()), "result: string expected, got number");
    Ok(())
}
