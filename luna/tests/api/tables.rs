use luna::{Function, Lua, Mode, Table, Value, Variadic};

use crate::check;

#[test]
fn the_list_part_is_edited() {
    check(|lua| {
        let list = lua.create_sequence_from(["a", "b", "c"])?;
        list.insert(2, "x")?;
        list.push("y")?;
        list.remove(1)?;
        assert_eq!(
            list.sequence_values::<String>().collect::<luna::Result<Vec<_>>>()?,
            ["x", "b", "c", "y"]
        );
        assert_eq!(list.pop::<String>()?, "y");
        assert_eq!(list.raw_len()?, 3);
        assert_eq!(list.insert(9, 1).unwrap_err().message(), "position out of bounds");
        list.clear()?;
        assert!(list.is_empty()?);
        assert_eq!(list.pop::<Value>()?, Value::Nil);
        assert_eq!(list.raw_set(Value::Nil, 1).unwrap_err().message(), "table index is nil");
        Ok(())
    });
}

#[test]
fn iteration_leaves_lua_usable() {
    check(|lua| {
        let table = lua.create_table_from([("a", 1), ("b", 2)])?;
        let mut sum = 0;
        for entry in table.pairs::<String, i64>() {
            let (key, value) = entry?;
            table.set(key, value * 10)?;
            lua.collect_garbage()?;
            sum += value;
        }
        assert_eq!((sum, table.get::<i64>("b")?), (3, 20));
        let mut wrong = table.pairs::<i64, i64>();
        assert!(wrong.next().unwrap().is_err());
        assert!(wrong.next().is_none());
        Ok(())
    });
}

#[test]
fn metatables_are_honoured_or_not() {
    check(|lua| {
        let table = lua.create_table()?;
        let meta: Table = lua
            .load(
                "{__index = function(_, k) return k .. '!' end, __len = function() return 42 end}",
            )
            .eval()?;
        table.set_metatable(Some(&meta))?;
        assert_eq!(table.get::<String>("k")?, "k!");
        assert_eq!(table.raw_get::<Value>("k")?, Value::Nil);
        assert_eq!((table.len()?, table.raw_len()?), (42, 0));
        assert_eq!(table.metatable()?, Some(meta));
        assert!(table.contains_key("k")?);
        Ok(())
    });
}

#[test]
fn chunks_have_names_environments_and_modes() {
    check(|lua| {
        let env = lua.create_table()?;
        env.set("y", 5)?;
        assert_eq!(lua.load("x = y return x").env(&env).eval::<i64>()?, 5);
        assert_eq!(env.get::<i64>("x")?, 5);
        let dumped = lua.load("string.dump(function() return 7 end)").eval::<Vec<u8>>()?;
        let error = lua.load(&*dumped).eval::<i64>().unwrap_err();
        assert_eq!(error.message(), "attempt to load a binary chunk (mode is 't')");
        assert_eq!(lua.load(dumped).mode(Mode::Binary).eval::<i64>()?, 7);
        let error = lua.load("return 1").mode(Mode::Binary).eval::<i64>().unwrap_err();
        assert_eq!(error.message(), "attempt to load a text chunk (mode is 'b')");
        let path = std::env::temp_dir().join(format!("luna-chunk-{}.lua", std::process::id()));
        std::fs::write(&path, "#!/usr/bin/lua\nreturn 1, error and 2")?;
        assert_eq!(lua.load(&path).eval::<(i64, i64)>()?, (1, 2));
        std::fs::write(&path, "\nerror('oh')")?;
        let error = lua.load(path.as_path()).exec().unwrap_err();
        assert!(error.message().ends_with(".lua:2: oh"), "{error}");
        std::fs::remove_file(&path)?;
        assert!(lua.load(path).exec().unwrap_err().downcast_ref::<std::io::Error>().is_some());
        let f = lua.load("return ...").into_function()?;
        assert!(f.bind((1, 2))?.call::<Vec<i64>>(3).is_err());
        assert_eq!(f.bind((1, 2))?.call::<(i64, i64, i64)>(3)?, (1, 2, 3));
        Ok(())
    });
}

#[test]
fn globals_are_there_even_when_closed() {
    let globals = {
        let lua = Lua::new();
        lua.globals()
    };
    assert!(globals.get::<Value>("print").is_err());
}

#[test]
fn bound_functions_are_as_good_as_others() -> luna::Result<()> {
    let lua = Lua::new();
    let count: Function = lua.load("return function(...) return select('#', ...) end").eval()?;
    assert_eq!(count.bind(Variadic(vec![1; 1000]))?.call::<i64>((2, 3))?, 1002);
    assert_eq!(count.bind(())?.bind((1, None::<i64>))?.call::<i64>(())?, 2);
    let f: Function = lua.load("return function(a, b) return coroutine.yield(a + b) end").eval()?;
    let co = lua.create_coroutine(&f.bind(1)?)?;
    assert_eq!(co.resume::<i64>(2)?, 3);
    assert_eq!(co.resume::<String>("back")?, "back");
    let f: Function = lua
        .load("local function inner() error('deep') end return function() inner() end")
        .name("@f.lua")
        .eval()?;
    let error = f.bind(1)?.call::<()>(()).unwrap_err();
    assert!(error.traceback().is_some_and(|text| text.contains("upvalue 'inner'")), "{error:?}");
    let table = lua.create_table()?;
    let value: Value = table.get("none")?;
    table.set("copy", &value)?;
    count.call::<i64>((&table, &value))?;
    Ok(())
}
