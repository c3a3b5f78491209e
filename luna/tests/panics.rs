//! A panic in host code of any kind becomes an error of the script that called it, and leaves everything usable.

#![forbid(unsafe_code)]

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use luna::{
    FromLua, Function, IntoLua, Lua, LuaUserdata, MapLoader, MetaMethod, Ud, UserdataMethods,
    lua_methods,
};
use luna_core::Vm;
use luna_core::runtime::Value as RawValue;
use luna_core::vm::ConvError;

/// Panics where its number says so.
#[derive(LuaUserdata)]
#[lua(methods(more))]
struct Mine {
    pub number: i64,
    #[lua(validate = odd)]
    pub checked: i64,
}

fn odd(value: &i64) -> Result<(), String> {
    assert!(value % 2 == 1, "an even number");
    Ok(())
}

#[lua_methods]
impl Mine {
    fn new() -> Mine {
        Mine { number: 1, checked: 1 }
    }

    #[lua(ctor, name = "broken")]
    fn broken() -> Self {
        panic!("constructor")
    }

    fn read(&self) -> i64 {
        panic!("shared {}", self.number)
    }

    fn write(&mut self) {
        self.number += 1;
        panic!("exclusive {}", self.number)
    }

    fn consume(self) {
        panic!("taken {}", self.number)
    }

    #[lua(nil_err)]
    fn try_it(&self) -> Result<(), String> {
        panic!("no failure")
    }
}

#[lua_methods(more)]
impl Mine {
    #[lua(getter)]
    fn field(&self) -> i64 {
        panic!("getter")
    }

    #[lua(setter)]
    fn set_field(&mut self, value: i64) {
        panic!("setter {value}")
    }

    #[lua(meta = Add)]
    fn add(_: &Mine, other: i64) -> i64 {
        panic!("add {other}")
    }

    #[lua(meta = Eq)]
    fn eq(_: &Mine, _: &Mine) -> bool {
        panic!("eq")
    }

    #[lua(meta = Lt)]
    fn lt(_: &Mine, _: &Mine) -> bool {
        panic!("lt")
    }

    #[lua(meta = Concat)]
    fn concat(_: &Mine, _: &str) -> String {
        panic!("concat")
    }

    #[lua(meta = Len)]
    fn len(&self) -> i64 {
        panic!("len")
    }

    #[lua(meta = Call)]
    fn call(&self) {
        panic!("call")
    }

    #[lua(meta = ToString)]
    fn text(&self) -> String {
        panic!("tostring")
    }

    #[lua(meta = Close)]
    fn close(&mut self) {
        panic!("close")
    }

    #[lua(meta = Pairs)]
    fn pairs(&self) -> i64 {
        panic!("pairs")
    }
}

/// Panics when it is made of a value or becomes one.
struct Converts;

impl FromLua for Converts {
    fn from_lua_value(_: RawValue, _: &mut Vm) -> Result<Converts, ConvError> {
        panic!("argument")
    }
}

impl IntoLua for Converts {
    fn into_value(self, _: &mut Vm) -> RawValue {
        panic!("result")
    }
}

fn prepared() -> luna::Result<Lua> {
    let lua = Lua::new();
    lua.set_class::<Mine>("Mine")?;
    let globals = lua.globals();
    globals.set("mine", lua.create_userdata(Mine::new())?)?;
    globals.set("other", lua.create_userdata(Mine::new())?)?;
    globals.set("plain", lua.create_function(|| -> () { panic!("plain") })?)?;
    globals.set("with_lua", lua.create_function(|_: &Lua| -> () { panic!("with lua") })?)?;
    globals.set("text", lua.create_function(|s: &str| -> () { panic!("text {s}") })?)?;
    globals.set("odd", lua.create_function(|a: i64, _b: i64| -> bool { panic!("comes {a}") })?)?;
    globals.set("takes", lua.create_function(|_: Converts| ())?)?;
    globals.set("gives", lua.create_function(|| Converts)?)?;
    globals.set(
        "through",
        lua.create_function(|f: Function| -> luna::Result<()> { f.call::<()>(()) })?,
    )?;
    Ok(lua)
}

/// Programs, and what the error they end in says.
const PROGRAMS: &[(&str, &str)] = &[
    ("plain()", "plain"),
    ("with_lua()", "with lua"),
    ("text('here')", "text here"),
    ("takes(1)", "argument"),
    ("gives()", "result"),
    ("through(plain)", "plain"),
    ("through(function() through(plain) end)", "plain"),
    ("Mine.broken()", "constructor"),
    ("mine:read()", "shared 1"),
    ("mine:write()", "exclusive 2"),
    ("Mine.new():consume()", "taken 1"),
    ("mine:try_it()", "no failure"),
    ("return mine.field", "getter"),
    ("mine.field = 3", "setter 3"),
    ("mine.checked = 2", "an even number"),
    ("return mine + 1", "add 1"),
    ("return mine == other", "eq"),
    ("return mine < other", "lt"),
    ("return mine .. 'x'", "concat"),
    ("return #mine", "len"),
    ("mine()", "call"),
    ("return tostring(mine)", "tostring"),
    ("print(mine)", "tostring"),
    ("local c <close> = mine", "close"),
    ("for _ in pairs(mine) do end", "pairs"),
    ("for _ in plain do end", "plain"),
    ("table.sort({ 1, 2, 3 }, odd)", "comes"),
    ("string.gsub('abc', '.', text)", "text a"),
    (
        "setmetatable({}, { __index = text }).x = nil; return setmetatable({}, { __index = plain }).x",
        "plain",
    ),
    ("local co = coroutine.wrap(plain) co()", "plain"),
    ("local co = coroutine.wrap(function() coroutine.yield() mine:read() end) co() co()", "shared"),
    ("local ok, e = pcall(plain) error(e, 0)", "plain"),
    ("local ok, e = xpcall(plain, function(e) return e end) error(e, 0)", "plain"),
    ("assert(load(plain))", "plain"),
];

#[test]
fn a_panic_in_any_callback_is_an_error() -> luna::Result<()> {
    for (program, expected) in PROGRAMS {
        let lua = prepared()?;
        let error = lua.load(*program).name("=t").exec().expect_err(program);
        let message = error.message();
        assert!(message.contains("native panic"), "{program}: {message}");
        assert!(message.contains(expected), "{program}: {message}");
        // Nothing is left borrowed, locked or half done.
        lua.load("mine.number = mine.number + 1 other.checked = 3").exec()?;
        let caught = lua.load("local ok, e = pcall(plain) return e").eval::<String>()?;
        assert!(caught.contains("native panic: plain"), "{program}: {caught}");
        lua.collect_garbage()?;
    }
    Ok(())
}

#[test]
fn an_object_whose_method_panicked_is_free_again() -> luna::Result<()> {
    let lua = prepared()?;
    let mine: luna::Userdata<Mine> = lua.globals().get("mine")?;
    assert!(lua.load("mine:write()").exec().is_err());
    assert_eq!(mine.borrow_mut()?.number, 2);
    // One that was taken is gone, as it would be had the method returned.
    let error = lua.load("pcall(mine.consume, mine) return mine.number").exec().unwrap_err();
    assert!(error.message().ends_with("Mine has been destroyed"), "{}", error.message());
    Ok(())
}

#[test]
fn a_panic_in_a_drop_does_not_reach_the_script() -> luna::Result<()> {
    struct Bomb(Rc<Cell<u32>>);
    impl LuaUserdata for Bomb {}
    impl Drop for Bomb {
        fn drop(&mut self) {
            self.0.set(self.0.get() + 1);
            panic!("bomb");
        }
    }
    let lua = Lua::new();
    let dropped = Rc::new(Cell::new(0));
    for _ in 0..3 {
        let bomb = Bomb(Rc::clone(&dropped));
        lua.load("local bomb = ...").call::<()>(Ud(bomb))?;
    }
    let captured = Bomb(Rc::clone(&dropped));
    lua.load("local f = ...").call::<()>(lua.create_function(move || captured.0.get())?)?;
    lua.globals().set("last", lua.create_userdata(Bomb(Rc::clone(&dropped)))?)?;
    lua.load("for i = 1, 3 do collectgarbage() end").exec()?;
    assert_eq!(dropped.get(), 4);
    lua.load("assert(type(last) == 'userdata')").exec()?;
    drop(lua);
    assert_eq!(dropped.get(), 5);
    Ok(())
}

#[test]
fn a_panic_in_a_finalizer_is_a_warning() -> luna::Result<()> {
    struct Last;
    impl LuaUserdata for Last {
        fn add_methods<M: UserdataMethods<Self>>(methods: &mut M) {
            methods.add_typed_meta(MetaMethod::Gc, |_: &Last| -> () { panic!("finalizer") });
        }
    }
    let lua = Lua::new();
    lua.load("local last = ...").call::<()>(Ud(Last))?;
    lua.load("collectgarbage() collectgarbage() return 1").eval::<i64>()?;
    Ok(())
}

#[test]
fn a_panic_of_a_scope_or_a_loader_passes() -> luna::Result<()> {
    let lua = prepared()?;
    let error = lua.scope(|scope| {
        let f = scope.create_function(|_, ()| -> luna::Result<()> { panic!("lent") })?;
        lua.load("local f = ... f()").call::<()>(f)
    });
    assert!(error.unwrap_err().message().contains("native panic: lent"));

    struct Broken;
    impl luna::Loader for Broken {
        fn load(&self, module: &str) -> luna::Result<Option<luna::ModuleSource>> {
            panic!("no {module}")
        }
    }
    lua.set_loader(Broken)?;
    let error = lua.load("require 'things'").exec().unwrap_err();
    assert!(error.message().contains("native panic: no things"), "{}", error.message());
    let modules = MapLoader::new();
    modules.insert("things", "return 7");
    lua.set_loader(modules)?;
    assert_eq!(lua.require::<i64>("things")?, 7);
    Ok(())
}

#[test]
fn a_panic_under_the_host_passes_through_it() -> luna::Result<()> {
    let lua = prepared()?;
    let with = || lua.with_vm(|_| panic!("inside"));
    assert!(catch_unwind(AssertUnwindSafe(with)).is_err());
    let convert = || lua.globals().set("x", Converts);
    assert!(catch_unwind(AssertUnwindSafe(convert)).is_err());
    let convert = || lua.globals().get::<Converts>("mine").map(|_| ());
    assert!(catch_unwind(AssertUnwindSafe(convert)).is_err());
    let f: Function = lua.load("return function(...) return ... end").eval()?;
    assert!(catch_unwind(AssertUnwindSafe(|| f.call::<()>((1, Converts)).is_ok())).is_err());
    assert!(catch_unwind(AssertUnwindSafe(|| f.call::<Converts>(1).is_ok())).is_err());
    assert_eq!(f.call::<i64>(5)?, 5);
    lua.collect_garbage()?;
    Ok(())
}
