use luna::{Coroutine, CoroutineStatus, Function, Lua, Value};

use crate::check;

#[test]
fn coroutines_resume_and_close() {
    check(|lua| {
        let body: Function = lua
            .load("function(a) local c <close> = setmetatable({}, {__close = function() closed = true end}) local b = coroutine.yield(a, a) error('oh ' .. b) end")
            .eval()?;
        let co = lua.create_coroutine(&body)?;
        assert_eq!(co.status()?, CoroutineStatus::Suspended);
        assert_eq!(co.resume::<(i64, i64)>(1)?, (1, 1));
        co.close()?;
        assert!(lua.globals().get::<bool>("closed")?);
        assert_eq!(co.status()?, CoroutineStatus::Dead);
        assert_eq!(co.resume::<()>(()).unwrap_err().message(), "cannot resume dead coroutine");
        let co = lua.create_coroutine(&body)?;
        co.resume::<()>(1)?;
        assert!(co.resume::<()>("x").unwrap_err().message().ends_with("oh x"));
        assert_eq!(co.status()?, CoroutineStatus::Dead);
        Ok(())
    });
}

#[test]
fn a_coroutine_cannot_resume_itself() {
    check(|lua| {
        let again = lua.create_function(|co: Coroutine| -> luna::Result<String> {
            assert_eq!(co.status()?, CoroutineStatus::Running);
            assert!(co.close().is_err());
            Ok(co.resume::<Value>(()).unwrap_err().message().to_owned())
        })?;
        let body: Function =
            lua.load("function(again) return again(coroutine.running()) end").eval()?;
        let co = lua.create_coroutine(&body)?;
        assert_eq!(co.resume::<String>(&again)?, "cannot resume non-suspended coroutine");
        Ok(())
    });
}

#[test]
fn yields_do_not_cross_rust() {
    check(|lua| {
        let call = lua.create_function(|_: &Lua, f: Function| f.call::<()>(()))?;
        lua.globals().set("call", call)?;
        let body: Function = lua.load("function() call(coroutine.yield) end").eval()?;
        let co = lua.create_coroutine(&body)?;
        let error = co.resume::<()>(()).unwrap_err();
        assert!(error.message().contains("attempt to yield across a C-call boundary"), "{error}");
        Ok(())
    });
}
