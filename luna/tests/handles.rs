//! Weak handles, app data, paths, iteration, equality, what `Debug` shows.

use std::rc::Rc;

use luna::{AnyUserdata, Function, Lua, LuaUserdata, Table, Value};

fn eval<T: luna::FromLuaMulti>(lua: &Lua, source: &str) -> T {
    lua.load(source).eval().expect("it runs")
}

#[derive(LuaUserdata)]
struct Point {
    pub x: i64,
}

#[test]
fn weak_handles_keep_nothing() {
    let lua = Lua::new();
    let table: Table = eval(&lua, "kept = {} return kept");
    let weak = table.downgrade().unwrap();
    drop(table);
    lua.collect_garbage().unwrap();
    assert!(weak.upgrade().unwrap().is_some(), "a global keeps it");
    lua.globals().set("kept", Value::Nil).unwrap();
    let again = weak.clone();
    lua.collect_garbage().unwrap();
    assert!(again.upgrade().unwrap().is_none() && weak.upgrade().unwrap().is_none());

    let function: Function = eval(&lua, "local n = 0 return function() n = n + 1 return n end");
    let co = lua.create_coroutine(&function).unwrap();
    let userdata: AnyUserdata = lua.create_userdata(Point { x: 1 }).unwrap();
    let typed = userdata.typed::<Point>().unwrap();
    let (f, c, u, t) = (
        function.downgrade().unwrap(),
        co.downgrade().unwrap(),
        userdata.downgrade().unwrap(),
        typed.downgrade().unwrap(),
    );
    assert_eq!(f.upgrade().unwrap().unwrap().call::<i64>(()).unwrap(), 1);
    assert_eq!(t.upgrade().unwrap().unwrap().borrow().unwrap().x, 1);
    drop((function, co, userdata, typed));
    lua.collect_garbage().unwrap();
    assert!(f.upgrade().unwrap().is_none() && c.upgrade().unwrap().is_none());
    assert!(u.upgrade().unwrap().is_none() && t.upgrade().unwrap().is_none());
    drop(lua);
    assert!(f.upgrade().is_err() && format!("{f:?}") == "(weak)");
}

#[test]
fn a_weak_handle_is_empty_before_finalizers_run() {
    let lua = Lua::new();
    let object: Table = eval(&lua, "return setmetatable({}, { __gc = function() probe() end })");
    let weak = object.downgrade().unwrap();
    let seen = Rc::new(std::cell::Cell::new(None));
    let see = seen.clone();
    let probe =
        lua.create_function(move || see.set(Some(weak.upgrade().unwrap().is_none()))).unwrap();
    lua.globals().set("probe", probe).unwrap();
    drop(object);
    lua.collect_garbage().unwrap();
    assert_eq!(seen.get(), Some(true));
}

#[test]
fn app_data_is_one_of_each_type() {
    #[derive(Debug, PartialEq)]
    struct Score(i64);
    let lua = Lua::new();
    assert!(lua.app_data_ref::<Score>().unwrap().is_none());
    assert!(lua.app_data_mut::<Score>().unwrap().is_none());
    assert_eq!(lua.set_app_data(Score(1)).unwrap(), None);
    assert_eq!(lua.set_app_data("text").unwrap(), None);
    assert_eq!(lua.set_app_data(Score(2)).unwrap(), Some(Score(1)));
    let first = lua.app_data_ref::<Score>().unwrap().unwrap();
    let second = lua.app_data_ref::<Score>().unwrap().unwrap();
    assert_eq!((first.0, second.0), (2, 2));
    let error = lua.app_data_mut::<Score>().unwrap_err();
    assert!(error.message().ends_with("Score': already borrowed"), "{error}");
    assert!(lua.set_app_data(Score(3)).is_err() && lua.remove_app_data::<Score>().is_err());
    drop((first, second));
    let mut data = lua.app_data_mut::<Score>().unwrap().unwrap();
    data.0 = 5;
    let error = lua.app_data_ref::<Score>().unwrap_err();
    assert!(error.message().ends_with("Score': already mutably borrowed"), "{error}");
    assert!(lua.app_data_mut::<Score>().is_err());
    drop(data);
    let read = lua.create_function(|lua: &Lua| lua.app_data_ref::<Score>().unwrap().unwrap().0);
    assert_eq!(read.unwrap().call::<i64>(()).unwrap(), 5);
    assert_eq!(lua.remove_app_data::<Score>().unwrap(), Some(Score(5)));
    assert!(lua.app_data_ref::<Score>().unwrap().is_none());
    assert!(lua.set_app_data(Score(6)).unwrap().is_none());
    let data = lua.app_data_mut::<Score>().unwrap().unwrap();
    drop(lua);
    assert_eq!(data.0, 6);
}

#[test]
fn app_data_is_dropped_with_the_state() {
    #[expect(dead_code, reason = "only dropped")]
    struct Flag(Rc<()>, Table);
    let lua = Lua::new();
    let alive = Rc::new(());
    lua.set_app_data(Flag(alive.clone(), lua.create_table().unwrap())).unwrap();
    drop(lua);
    assert_eq!(Rc::strong_count(&alive), 1);
}

#[test]
fn paths_lead_through_tables_and_metamethods() {
    let lua = Lua::new();
    let root: Table = eval(
        &lua,
        "return { list = { { n = 1 }, setmetatable({}, { __index = function(_, k) return k .. '!' end }) }, text = 'x' }",
    );
    assert_eq!(root.get_path::<i64>("list[1].n").unwrap(), 1);
    assert_eq!(root.get_path::<String>("list[2].odd").unwrap(), "odd!");
    assert_eq!(root.get_path::<Option<i64>>("list[1].m").unwrap(), None);
    let error = |path: &str| root.get_path::<i64>(path).unwrap_err().message().to_owned();
    assert_eq!(error("list[3].n"), "at list[3]: attempt to index a nil value");
    assert_eq!(error("list[1].n.x"), "at list[1].n: attempt to index a number value");
    assert_eq!(error("text"), "at text: number expected, got string");
    assert_eq!(error("a[b]"), "malformed path 'a[b]': integer expected at position 3");
    lua.globals().set("point", lua.create_userdata(Point { x: 7 }).unwrap()).unwrap();
    assert_eq!(lua.globals().get_path::<i64>("point.x").unwrap(), 7);
    lua.globals().set_path("point.x", 8).unwrap();
    assert_eq!(lua.globals().get_path::<i64>("point.x").unwrap(), 8);
    root.set_path("new[2]['a b'].c", "deep").unwrap();
    assert_eq!(root.get_path::<String>("new[2][\"a b\"].c").unwrap(), "deep");
    let error = root.set_path("list[1].n.x", 1).unwrap_err();
    assert_eq!(error.message(), "at list[1].n: attempt to index a number value");
}

#[test]
fn loops_see_what_metamethods_give() {
    let lua = Lua::new();
    let table: Table = eval(
        &lua,
        "return setmetatable({ own = 1 }, {
            __pairs = function(t) return function(_, k) if k ~= 3 then return (k or 0) + 1, 'v' end end, t end,
            __index = function(_, i) if i <= 2 then return i * 10 end end,
        })",
    );
    let raw: Vec<(String, i64)> = table.pairs().collect::<luna::Result<_>>().unwrap();
    assert_eq!(raw, [("own".to_owned(), 1)]);
    let seen = table.meta_pairs::<i64, String>().unwrap().collect::<luna::Result<Vec<_>>>();
    assert_eq!(seen.unwrap().len(), 3);
    let items = table.meta_sequence_values::<i64>().collect::<luna::Result<Vec<_>>>().unwrap();
    assert_eq!(items, [10, 20]);
    assert_eq!(table.sequence_values::<i64>().count(), 0);
    let plain: Table = eval(&lua, "return { 1, 2, x = 3 }");
    assert_eq!(plain.meta_pairs::<Value, i64>().unwrap().count(), 3);
    let mut sum = 0;
    let counted = plain.for_each(|_: Value, n: i64| {
        sum += n;
        if n == 2 { Err(luna::Error::new("enough")) } else { Ok(()) }
    });
    assert_eq!((sum, counted.unwrap_err().message()), (3, "enough"));
    let failing: Table =
        eval(&lua, "return setmetatable({}, { __pairs = function() error('no', 0) end })");
    assert_eq!(failing.meta_pairs::<Value, Value>().unwrap_err().message(), "no");
    assert!(plain.meta_pairs::<i64, i64>().unwrap().any(|entry| entry.is_err()));
}

#[test]
fn equality_is_of_objects_or_as_lua_says() {
    let lua = Lua::new();
    let (a, b): (Table, Table) = eval(
        &lua,
        "local m = { __eq = function() return true end } return setmetatable({}, m), setmetatable({}, m)",
    );
    assert!(a != b && a == a.clone());
    assert!(a.equals(&b).unwrap());
    assert!(a.equals(&lua.create_table().unwrap()).unwrap(), "one has __eq");
    let (x, y): (Value, Value) = eval(&lua, "return ('x'):rep(50), ('x'):rep(50)");
    assert!(x.equals(&y).unwrap());
    assert!(Value::Integer(1).equals(&Value::Number(1.0)).unwrap());
    assert!(!Value::Integer(1).equals(&x).unwrap());
    let other = Lua::new();
    assert!(a.equals(&other.create_table().unwrap()).is_err());
}

#[test]
fn debug_shows_what_is_there() {
    let lua = Lua::new();
    let value: Value = eval(
        &lua,
        "local t = { 1, 2.5, 'a\\nb', nil, 5, ['a b'] = true, name = { 1, { 2 } }, [{}] = 0 } t.own = t return t",
    );
    let line = format!("{value:?}");
    assert!(
        line.starts_with(
            r#"{1, 2.5, "a\nb", [5] = 5, ["a b"] = true, name = {...}, own = {cycle}, [table: 0x"#
        ),
        "{line}"
    );
    let value: Value =
        eval(&lua, "local t = { 1, name = { 1, { x = 2 } } } t.name.up = t return t");
    assert_eq!(
        format!("{value:#?}"),
        "{\n    1,\n    name = {\n        1,\n        {\n            x = 2\n        },\n        up = {cycle}\n    }\n}"
    );
    let long: Table = eval(&lua, "local t = {} for i = 1, 20 do t[i] = i end return t");
    assert_eq!(format!("{long:?}"), "{1, 2, 3, 4, 5, 6, 7, 8, ... 12 more}");
    assert_eq!(format!("{:?}", lua.create_string([0xff, b'a']).unwrap()), r#""\xffa""#);
    assert_eq!(format!("{:?}", lua.create_string("x".repeat(100)).unwrap()).len(), 65);
    assert!(format!("{:?}", lua.create_userdata(Point { x: 1 }).unwrap()).starts_with("Point: 0x"));
    let print: Function = eval(&lua, "print");
    assert!(format!("{print:?}").starts_with("function: 0x"));
    assert_eq!(format!("{:?}", Value::Number(1.0)), "1.0");
    lua.with_vm(|_| assert_eq!(format!("{value:?}"), "(Lua is busy)")).unwrap();
    drop(lua);
    assert_eq!(format!("{value:?}"), "(the Lua of this handle is closed)");
}

#[test]
fn paths_may_end_early_where_they_say_so() {
    let lua = Lua::new();
    let table: Table = lua.load("{ a = { b = 1 } }").eval().unwrap();
    assert_eq!(table.get_path::<Option<i64>>("x?.b").unwrap(), None);
    assert_eq!(table.get_path::<Option<i64>>("a?.b?").unwrap(), Some(1));
    assert_eq!(table.get_path::<Option<i64>>("a.x?[1].y").unwrap(), None);
    let error = table.get_path::<Option<i64>>("a?.x.y").unwrap_err();
    assert_eq!(error.message(), "at a?.x: attempt to index a nil value");
    let error = table.set_path("a?.b", 2).unwrap_err();
    assert_eq!(error.message(), "malformed path 'a?.b': '?' only reads");
}
