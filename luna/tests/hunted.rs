//! What scripts and hosts have got wrong states with before: each ends in an error.

use luna::{Foreign, Function, Lua, LuaUserdata, Result, StdLib, lua_methods};

#[derive(LuaUserdata)]
struct Kept {
    #[lua(skip)]
    name: String,
}

#[lua_methods]
impl Kept {
    fn new() -> Kept {
        Kept { name: "n".repeat(100) }
    }

    fn swallow(&self, f: Function) -> usize {
        let _ = f.call::<()>(());
        self.name.len()
    }

    fn change(&mut self, f: Function) -> Result<()> {
        self.name.push('x');
        f.call(())
    }
}

#[test]
fn a_coroutine_that_closes_itself_under_a_native_ends_with_it() -> Result<()> {
    let lua = Lua::new();
    lua.set_class::<Kept>("Kept")?;
    let run = |body: &str| {
        let source = format!(
            "local co = coroutine.create(function()
                 local x <close> = setmetatable({{}}, {{__close = function()
                     local a, b, c, d, e, f, g, h = 1, 2, 3, 4, 5, 6, 7, 8
                     collectgarbage()
                 end}})
                 {body}
             end)
             local ok, message = coroutine.resume(co)
             return tostring(ok) .. ' ' .. tostring(message) .. ' ' .. coroutine.status(co)"
        );
        lua.load(source).name("=t").eval::<String>()
    };
    let close = "coroutine.close(coroutine.running())";
    let under = [
        format!("return Kept.new():swallow(function() {close} end)"),
        format!("Kept.new():change(function() {close} end)"),
        format!("table.sort({{2, 1}}, function() {close} end)"),
        format!(
            "pcall(Kept.change, Kept.new(), function() pcall(function() {close} end) end) return 'not reached'"
        ),
        format!(
            "Kept.new():swallow(function() Kept.new():swallow(function() {close} end) end) return 'not reached'"
        ),
    ];
    for body in &under {
        assert_eq!(run(body)?, "true nil dead", "{body}");
    }
    assert_eq!(run(close)?, "true nil dead");
    assert_eq!(run(&format!("pcall(function() {close} end)"))?, "true nil dead");
    let again = "local y <close> = setmetatable({}, {__close = function() coroutine.close() end})";
    assert_eq!(run(&format!("{again} {close}"))?, "true nil dead");
    let under = format!(
        "local y <close> = setmetatable({{}}, {{__close = function() Kept.new():swallow(function() {close} end) end}}) {close}"
    );
    assert_eq!(run(&under)?, "true nil dead");
    let collected = format!(
        "setmetatable({{}}, {{__gc = function() {close} end}}) collectgarbage() collectgarbage() return 'here'"
    );
    assert_eq!(run(&collected)?, "true nil dead");
    lua.load("assert(select('#', coroutine.resume(coroutine.create(function() end))) == 1)")
        .exec()?;
    Ok(())
}

#[test]
fn finalizers_wait_while_a_coroutine_closes_itself_late() -> Result<()> {
    let lua = Lua::new();
    let collect = lua.create_function(|lua: &Lua, f: Function| {
        let closed = f.call::<()>(());
        assert!(closed.is_err());
        lua.collect_garbage()
    })?;
    lua.globals().set("collect", collect)?;
    lua.load(
        "finalized = 0
         coroutine.resume(coroutine.create(function()
             setmetatable({}, {__gc = function() finalized = finalized + select('#', 1) end})
             collect(function() coroutine.close() end)
         end))
         collectgarbage()
         assert(finalized == 1, finalized)",
    )
    .exec()?;
    assert!(lua.with_vm(|vm| vm.warn_log_take())?.is_empty());
    Ok(())
}

#[test]
fn natives_that_call_natives_overflow_no_stack() -> Result<()> {
    let lua = Lua::builder().libraries(StdLib::BASE).build();
    let message = lua
        .load("local t = setmetatable({}, {__pairs = pairs}) return select(2, pcall(pairs, t))")
        .eval::<String>()?;
    assert!(message.contains("C stack overflow"), "{message}");
    let bind = lua.create_function(|f: Function, n: i64| f.bind(n))?;
    lua.globals().set("bind", bind)?;
    let message = lua
        .load("local f = print for i = 1, 1000 do f = bind(f, i) end return select(2, pcall(f))")
        .eval::<String>()?;
    assert!(message.contains("C stack overflow"), "{message}");
    let count = lua
        .load("local f = select for i = 1, 50 do f = bind(f, 1) end return select('#', f())")
        .eval::<i64>()?;
    assert_eq!(count, 49);
    Ok(())
}

#[test]
fn a_type_is_no_base_of_itself() {
    struct A;
    let lua = Lua::new();
    let registered = lua.register_type::<A>(|t| {
        t.extends(|a| Foreign::from_ref(a), |a| Foreign::from_mut(a));
    });
    assert!(registered.unwrap_err().message().contains("A is no base of itself"));
}

#[test]
fn states_that_are_exchanged_meanwhile_are_an_error() -> Result<()> {
    let (lua, other) = (Lua::new(), Lua::new());
    // A function that owned the other state would be kept by it once they are exchanged.
    let weak = other.downgrade();
    let exchange = lua.create_function(move |lua: &Lua| {
        let other = weak.upgrade().expect("it is open");
        lua.with_vm(|a| other.with_vm(|b| std::mem::swap(a, b)))
            .expect("the state is open")
            .expect("the other is open, too");
    })?;
    let error = exchange.call::<()>(()).unwrap_err();
    assert!(error.message().contains("moved"), "{error}");
    Ok(())
}
