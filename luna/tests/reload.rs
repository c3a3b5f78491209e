//! Loaders behind `require`, and modules that are reloaded in place.

use luna::{FolderLoader, Function, Lua, MapLoader, ModuleSource, Reloaded, StdLib, Table, Value};

fn modules(lua: &Lua) -> MapLoader {
    let modules = MapLoader::new();
    lua.set_loader(modules.clone()).expect("the state is free");
    modules
}

fn eval<T: luna::FromLuaMulti>(lua: &Lua, source: &str) -> T {
    lua.load(source).eval().unwrap_or_else(|error| panic!("{source}: {error}"))
}

#[test]
fn require_asks_the_loader() {
    let lua = Lua::new();
    let modules = modules(&lua);
    modules.insert(
        "a",
        "local name, file = ... return { name = name, file = file, b = require('b') }",
    );
    modules.insert("b", "#!/usr/bin/lua\nn = (n or 0) + 1 return n");
    let (name, file, b): (String, String, i64) =
        eval(&lua, "local a = require 'a' return a.name, a.file, a.b");
    assert_eq!((name.as_str(), file.as_str(), b), ("a", "a", 1));
    assert_eq!(eval::<i64>(&lua, "require 'b' return n"), 1, "it is loaded once");
    let error = lua.load("require 'os.nothing'").exec().unwrap_err();
    assert!(error.message().contains("module 'os.nothing' not found:\n\tno field package.preload['os.nothing']\n\tno module 'os.nothing'"), "{error}");
    modules.insert("broken", "return {");
    let error = lua.require::<Table>("broken").unwrap_err();
    assert!(
        error.message().contains("error loading module 'broken' from file 'broken':\n\tbroken:1: "),
        "{error}"
    );
    lua.register_module("host", 42).unwrap();
    assert_eq!(lua.require::<i64>("host").unwrap(), 42);
    lua.set_loader(|module: &str| {
        let name = format!("={module}");
        Ok((module == "c").then(|| ModuleSource { source: b"return 'c'".to_vec(), name }))
    })
    .unwrap();
    assert_eq!(lua.require::<String>("c").unwrap(), "c");
    assert!(lua.require::<Value>("d").is_err());
}

#[test]
fn scripts_cannot_keep_a_loader_out() {
    let lua = Lua::new();
    eval::<()>(&lua, "package.searchers = nil");
    modules(&lua).insert("a", "return 1");
    assert_eq!(eval::<i64>(&lua, "return (require 'a')"), 1);
    let lua = Lua::new();
    modules(&lua);
    eval::<()>(&lua, "package.searchers = { function() return function() return 'mine' end end }");
    modules(&lua).insert("a", "return 1");
    assert_eq!(eval::<i64>(&lua, "return (require 'a')"), 1);
    assert_eq!(
        eval::<i64>(&lua, "package.preload.b = function() return 2 end return (require 'b')"),
        2
    );
}

#[test]
fn a_state_without_the_library_gets_require_only() {
    let lua = Lua::builder().libraries(StdLib::BASE).build();
    let modules = modules(&lua);
    modules.insert("a", "return 1");
    assert_eq!(eval::<i64>(&lua, "require 'a'"), 1);
    assert!(eval::<bool>(&lua, "package == nil"));
    modules.insert("a", "return 2");
    assert!(lua.reload("a").is_ok());
    lua.register_module("x", 5).unwrap();
    assert_eq!(lua.require::<i64>("x").unwrap(), 5);
}

#[test]
fn a_folder_holds_modules_and_nothing_else_is_read() {
    let folder = std::env::temp_dir().join(format!("luna-folder-{}", std::process::id()));
    let root = folder.join("mods");
    std::fs::create_dir_all(root.join("units")).unwrap();
    std::fs::write(root.join("units/orc.lua"), "return 'orc'").unwrap();
    std::fs::write(root.join("units/init.lua"), "return ...").unwrap();
    std::fs::write(folder.join("secret.lua"), "return 'secret'").unwrap();
    let lua = Lua::new();
    lua.set_loader(FolderLoader::new(&root)).unwrap();
    assert_eq!(lua.require::<String>("units.orc").unwrap(), "orc");
    assert_eq!(lua.require::<String>("units").unwrap(), "units");
    for outside in
        ["..secret", "../secret", "units.../..secret", "/etc/passwd", "", "a\0b", "..", "C:x"]
    {
        assert!(lua.require::<Value>(outside).is_err(), "{outside}");
    }
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(folder.join("secret.lua"), root.join("link.lua")).unwrap();
        assert!(lua.require::<Value>("link").is_err());
    }
    let error = lua.require::<Value>("units.elf").unwrap_err();
    assert!(error.message().contains("units/elf.lua'\n\tno file '"), "{error}");
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn functions_get_new_code_and_state_stays() {
    let lua = Lua::new();
    let modules = modules(&lua);
    modules.insert(
        "counter",
        "local M, count = { total = 0 }, 0
         local function step() return 1 end
         function M.tick() count = count + step() M.total = M.total + 1 return count end
         M.nested = { get = function() return count end }
         return M",
    );
    eval::<()>(&lua, "M = require 'counter' handler = M.tick handler() handler()");
    modules.insert(
        "counter",
        "local M, count = { total = 0 }, 100
         local extra = 1000
         local function step() return 10 end
         function M.tick() count = count + step() M.total = M.total + 1 return count, 'new' end
         M.nested = { get = function() return count + extra end }
         function M.reset() count = 0 M.total = 0 end
         M.version = 2
         return M",
    );
    let done = lua.reload("counter").unwrap();
    assert_eq!((done.swapped, done.kept, done.added), (3, 0, 2));
    let (count, new): (i64, String) = eval(&lua, "return handler()");
    assert_eq!((count, new.as_str()), (12, "new"), "the handler that was stored runs the new code");
    let check = "require 'counter' == M and M.tick == handler and M.total == 3 and M.version == 2 and M.nested.get() == 1012";
    assert!(eval::<bool>(&lua, check));
    assert!(eval::<bool>(&lua, "M.reset() return handler() == 10 and M.total == 1"));
    lua.collect_garbage().unwrap();
    // Once more, over functions that only lead to newer ones by now.
    modules.insert(
        "counter",
        "local M, count = { total = 0 }, 0
         local extra = 0
         function M.tick() return count end
         M.nested = { get = function() return extra end }
         return M",
    );
    lua.reload("counter").unwrap();
    assert!(eval::<bool>(&lua, "handler() == 10 and M.nested.get() == 1000 and M.total == 1"));
    lua.collect_garbage().unwrap();
}

#[test]
fn a_failing_reload_changes_nothing() {
    let lua = Lua::new();
    let modules = modules(&lua);
    modules.insert("m", "local M = { n = 1 } function M.f() return M.n end return M");
    eval::<()>(&lua, "M = require 'm' f = M.f");
    for (source, message) in [
        (
            "return {",
            "error loading module 'm' from file 'm':\n\tm:1: unexpected symbol near <eof>",
        ),
        ("local M = { f = function() return 2 end } error('no') return M", "m:1: no"),
        ("return 5", "module 'm' was a table and is now a number"),
    ] {
        modules.insert("m", source);
        let error = lua.reload("m").unwrap_err();
        assert!(error.message().starts_with(message), "{error}");
        assert!(eval::<bool>(&lua, "M == require 'm' and M.f == f and f() == 1"));
    }
    modules.remove("m");
    assert_eq!(lua.reload("m").unwrap_err().message(), "module 'm' is not found any more");
    assert_eq!(lua.reload("x").unwrap_err().message(), "module 'x' is not loaded");
    let bare = Lua::new();
    eval::<()>(&bare, "package.loaded.y = {}");
    assert_eq!(bare.reload("y").unwrap_err().message(), "no loader is set");
}

#[test]
fn functions_that_run_are_replaced_in_the_module_only() {
    let lua = Lua::new();
    let modules = modules(&lua);
    let source = |n: i64| {
        format!(
            "local M, state = {{}}, 0
             local function wait() coroutine.yield() return {n}, state end
             function M.run(reload) state = state + 1 if reload then reload() end return {n}, state end
             function M.wait() return wait() end
             return M"
        )
    };
    modules.insert("m", source(1));
    let reload = lua.create_function(|lua: &Lua| {
        lua.reload("m").map(|done| (done.kept as i64, done.swapped as i64))
    });
    lua.globals().set("reload", reload.unwrap()).unwrap();
    eval::<()>(
        &lua,
        "M = require 'm' old = M.run co = coroutine.create(M.wait) coroutine.resume(co)",
    );
    modules.insert("m", source(2));
    let (n, state): (i64, i64) = eval(&lua, "return M.run(reload)");
    assert_eq!((n, state), (1, 1), "what runs goes on as it was");
    let (n, state): (i64, i64) = eval(&lua, "return M.run()");
    assert_eq!((n, state), (2, 2), "the module has the new one");
    let (n, state): (i64, i64) = eval(&lua, "return old()");
    assert_eq!((n, state), (1, 3), "who holds the old one keeps it");
    let (_, n, state): (bool, i64, i64) = eval(&lua, "return coroutine.resume(co)");
    assert_eq!((n, state), (1, 3));
    let (_, n, _): (bool, i64, i64) = eval(
        &lua,
        "local co = coroutine.create(M.wait) coroutine.resume(co) return coroutine.resume(co)",
    );
    assert_eq!(n, 2, "a waiting helper is replaced where it is used");
    lua.collect_garbage().unwrap();
}

#[test]
fn classes_modules_and_functions_are_modules_too() {
    let lua = Lua::new();
    let modules = modules(&lua);
    modules.insert(
        "class",
        "local C = {} C.__index = C
         function C.new() return setmetatable({ hp = 1 }, C) end
         function C:name() return 'old' .. self.hp end
         return C",
    );
    modules.insert("util", "return { f = function() return 'util' end }");
    modules.insert("other", "return { f = function() return 'other' end }");
    modules.insert("user", "local u = require 'util' return function() return u.f() end");
    eval::<()>(&lua, "C = require 'class' c = C.new() user = require 'user'");
    modules.insert(
        "class",
        "local C = {} C.__index = C
         function C.new() return setmetatable({ hp = 2 }, C) end
         function C:name() return 'new' .. self.hp end
         return C",
    );
    modules.insert("user", "local u = require 'other' return function() return u.f() end");
    lua.reload("class").unwrap();
    assert!(eval::<bool>(
        &lua,
        "c:name() == 'new1' and C.new():name() == 'new2' and getmetatable(C.new()) == C"
    ));
    let done: Reloaded = lua.reload("user").unwrap();
    assert_eq!(done.swapped, 1);
    assert!(eval::<bool>(&lua, "user() == 'other' and require('util').f() == 'util'"));
    let f: Function = lua.require("user").unwrap();
    assert_eq!(f.call::<String>(()).unwrap(), "other");
}
