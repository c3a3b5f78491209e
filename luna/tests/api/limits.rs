use luna::{Dialect, ErrorKind, Lua, StdLib};

use crate::{check, check_with};

#[test]
fn the_budget_is_armed_again_for_every_entry() {
    let lua = Lua::builder().instruction_budget(5_000).build();
    check_with(&lua, |lua| {
        for _ in 0..3 {
            let error = lua.load("pcall(function() while true do end end)").exec().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InstrBudget);
            assert_eq!(
                lua.load("local n = 0 for i = 1, 1000 do n = n + 1 end return n").eval::<i64>()?,
                1000
            );
        }
        let spin = lua.create_function(|lua: &Lua| lua.load("for i = 1, 1000 do end").exec())?;
        lua.globals().set("spin", spin)?;
        let error = lua.load("while true do spin() end").exec().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InstrBudget);
        Ok(())
    });
}

#[test]
fn a_budget_that_is_lifted_is_gone() {
    let lua = Lua::new();
    check_with(&lua, |lua| {
        lua.set_instruction_budget(Some(5_000));
        lua.load("for i = 1, 10 do end").exec()?;
        lua.set_instruction_budget(None);
        lua.load("for i = 1, 10000 do end setmetatable({}, {__gc = function() for i = 1, 10000 do end done = true end})").exec()?;
        lua.collect_garbage()?;
        assert!(lua.globals().get::<bool>("done")?);
        // One of the Vm's own is nobody else's.
        lua.with_vm(|vm| vm.set_instr_budget(Some(5_000)))?;
        assert_eq!(
            lua.load("while true do end").exec().unwrap_err().kind(),
            ErrorKind::InstrBudget
        );
        Ok(())
    });
}

#[test]
fn memory_is_capped() {
    let lua = Lua::builder().memory_cap(2 << 20).build();
    check_with(&lua, |lua| {
        for _ in 0..2 {
            let error =
                lua.load("local t = {} while true do t[#t + 1] = {} end").exec().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::MemoryCap);
        }
        lua.set_memory_cap(None)?;
        lua.load("local t = {} for i = 1, 50000 do t[i] = {} end").exec()
    });
}

#[test]
fn garbage_does_not_keep_a_chunk_from_being_loaded() {
    let lua = Lua::builder().memory_cap(2 << 20).build();
    check_with(&lua, |lua| {
        let fill = "collectgarbage('stop') s = string.rep('x', 900000) t = string.rep('y', 900000) s, t = nil";
        let long = "x = x + 1 ".repeat(2000);
        for _ in 0..5 {
            lua.load(fill).exec()?;
            lua.load(long.as_str()).into_function()?;
        }
        let error = lua.load("x = x + 1 ".repeat(100_000)).into_function().unwrap_err();
        assert_eq!((error.kind(), error.message()), (ErrorKind::OutOfMemory, "not enough memory"));
        Ok(())
    });
}

#[test]
fn libraries_are_chosen() {
    check(|lua| {
        assert!(lua.load("debug == nil and io ~= nil and require ~= nil").eval::<bool>()?);
        Ok(())
    });
    let lua = Lua::builder()
        .dialect(Dialect::Lua54)
        .libraries(StdLib::SAFE.without(StdLib::OS).without(StdLib::IO))
        .build();
    check_with(&lua, |lua| {
        assert!(lua.load("os == nil and io == nil and string.rep('x', 2) == 'xx'").eval::<bool>()?);
        assert!(
            lua.load("package.loaded.string == string and package.loaded.coroutine == coroutine")
                .eval::<bool>()?
        );
        assert_eq!(lua.load("_VERSION").eval::<String>()?, "Lua 5.4");
        Ok(())
    });
    let lua = Lua::builder().libraries(StdLib::ALL).build();
    check_with(&lua, |lua| lua.load("assert(debug.traceback)").exec());
    let lua = Lua::builder().libraries(StdLib::NONE).build();
    check_with(&lua, |lua| {
        assert_eq!(lua.globals().pairs::<luna::Value, luna::Value>().count(), 0);
        Ok(())
    });
}

#[test]
fn files_are_read_only_with_io() {
    let lua = Lua::builder().libraries(StdLib::BASE).build();
    assert!(lua.load("dofile == nil and loadfile == nil and load ~= nil").eval::<bool>().unwrap());
    let lua = Lua::builder().libraries(StdLib::BASE | StdLib::IO).build();
    assert!(lua.load("dofile ~= nil and loadfile ~= nil").eval::<bool>().unwrap());
}
