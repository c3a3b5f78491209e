use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};

use luna::{AnyUserdata, Function, Lua, LuaUserdata, Ud, UserdataMethods, Value};

use crate::check;

struct World {
    ticks: i64,
}

impl LuaUserdata for World {
    fn add_methods<M: UserdataMethods<Self>>(methods: &mut M) {
        methods.add_method("ticks", |_, world, ()| Ok(world.ticks));
        methods.add_method_mut("tick", |_, world, by: Option<i64>| {
            world.ticks += by.unwrap_or(1);
            Ok(())
        });
        methods.add_method_mut("during", |_, world, f: Function| {
            world.ticks += 1;
            f.call::<()>(())
        });
        methods.add_function("new", |_, ticks: i64| Ok(Ud(World { ticks })));
    }
}

const EXPIRED: &str = "World has expired: the scope it was lent to has ended";

#[test]
fn closures_are_lent() {
    check(|lua| {
        let seen = Cell::new(0);
        let mut log = Vec::new();
        lua.scope(|scope| {
            let see = scope.create_function(|_, n: i64| {
                seen.set(seen.get() + n);
                Ok(seen.get())
            })?;
            let push = scope.create_function_mut(|_, line: String| {
                log.push(line);
                Ok(())
            })?;
            lua.load("local see, push = ... see(2) push('n' .. see(3)) kept = see")
                .call::<()>((&see, &push))
        })?;
        assert_eq!((seen.get(), &*log), (5, &["n5".to_owned()][..]));
        let error = lua.load("kept(1)").name("=t").exec().unwrap_err();
        assert_eq!(
            error.message(),
            "t:1: the function has expired: the scope it was lent to has ended"
        );
        Ok(())
    });
}

#[test]
fn values_are_lent_and_expire() {
    check(|lua| {
        let mut world = World { ticks: 1 };
        let still = World { ticks: 10 };
        let escaped = lua.scope(|scope| {
            let mutable = scope.create_userdata_ref_mut(&mut world)?;
            let shared = scope.create_userdata_ref(&still)?;
            lua.globals().set("w", &mutable)?;
            lua.globals().set("s", &shared)?;
            lua.load("w:tick() w:tick(5) assert(w:ticks() == 7 and s:ticks() == 10)").exec()?;
            let error = lua.load("s:tick()").name("=t").exec().unwrap_err();
            assert_eq!(
                error.message(),
                "t:1: cannot borrow World mutably in 'tick': it is lent to be read only"
            );
            let error =
                lua.load("w:during(function() w:tick() end)").name("=t").exec().unwrap_err();
            assert_eq!(
                error.message(),
                "t:1: cannot borrow World mutably in 'tick': already borrowed by 'during'"
            );
            for refused in [
                mutable.borrow::<World>().err(),
                mutable.borrow_mut::<World>().err(),
                mutable.take::<World>().err(),
                mutable.destroy().err(),
                shared.borrow::<World>().err(),
                shared.take::<World>().err(),
            ] {
                assert!(refused.is_some_and(|error| error.message().contains("lent")));
            }
            Ok(mutable)
        })?;
        assert_eq!(world.ticks, 8);
        for source in ["w:ticks()", "w:tick()", "s:ticks()"] {
            let error = lua.load(source).name("=t").exec().unwrap_err();
            assert_eq!(error.message(), format!("t:1: {EXPIRED}"));
        }
        assert_eq!(escaped.borrow::<World>().unwrap_err().message(), EXPIRED);
        assert!(escaped.is::<World>());
        lua.collect_garbage()?;
        Ok(())
    });
}

#[test]
fn loans_end_when_the_scope_panics() {
    check(|lua| {
        let mut world = World { ticks: 1 };
        let result = catch_unwind(AssertUnwindSafe(|| {
            lua.scope(|scope| -> luna::Result<()> {
                let lent = scope.create_userdata_ref_mut(&mut world)?;
                lua.globals().set("w", lent)?;
                let f = scope.create_function(|_, ()| -> luna::Result<()> { panic!("inside") })?;
                lua.globals().set("f", &f)?;
                assert_eq!(f.call::<()>(()).unwrap_err().message(), "native panic: inside");
                panic!("outside");
            })
        }));
        assert!(result.is_err());
        assert!(lua.load("w:ticks()").exec().unwrap_err().message().ends_with(EXPIRED));
        assert!(lua.load("f()").exec().is_err());
        Ok(())
    });
}

#[test]
fn scopes_nest_and_run_in_callbacks() {
    check(|lua| {
        let run = lua.create_function(|lua: &Lua, f: Function| -> luna::Result<i64> {
            let mut world = World { ticks: 0 };
            lua.scope(|scope| f.call::<()>(scope.create_userdata_ref_mut(&mut world)?))?;
            Ok(world.ticks)
        })?;
        lua.globals().set("run", run)?;
        let source = "
            local outer
            local n = run(function(w)
                outer = w
                w:tick()
                local m = run(function(v) v:tick(10) w:tick(v:ticks()) inner = v end)
                assert(m == 10 and not pcall(inner.ticks, inner))
                w:tick()
            end)
            assert(not pcall(outer.ticks, outer))
            return n";
        assert_eq!(lua.load(source).eval::<i64>()?, 12);
        Ok(())
    });
}

#[test]
fn suspended_coroutines_hold_nothing_beyond_the_scope() {
    check(|lua| {
        let mut world = World { ticks: 0 };
        lua.scope(|scope| {
            let w = scope.create_userdata_ref_mut(&mut world)?;
            lua.load(
                "co = coroutine.wrap(function(w) w:tick() coroutine.yield() w:tick() end) co(...)",
            )
            .call::<()>(w)
        })?;
        assert_eq!(world.ticks, 1);
        assert!(lua.load("co()").exec().unwrap_err().message().contains(EXPIRED));
        Ok(())
    });
}

#[test]
fn a_lent_closure_may_use_the_scope_and_its_drop_may_use_lua() {
    struct OnDrop<'a>(&'a Lua, &'a RefCell<Vec<String>>);
    impl Drop for OnDrop<'_> {
        fn drop(&mut self) {
            let text = match self.0.load("f()").exec() {
                Ok(()) => "ran".to_owned(),
                Err(error) => error.message().to_owned(),
            };
            self.1.borrow_mut().push(text);
        }
    }
    check(|lua| {
        let log = RefCell::new(Vec::new());
        lua.scope(|scope| {
            let on_drop = OnDrop(lua, &log);
            let f = scope.create_function(move |_, ()| {
                let _ = &on_drop;
                Ok(())
            })?;
            lua.globals().set("f", f)?;
            let make =
                scope.create_function(|_, ()| scope.create_function(|_, n: i64| Ok(n + 1)))?;
            assert_eq!(make.call::<Function>(())?.call::<i64>(1)?, 2);
            lua.load("f()").exec()
        })?;
        assert_eq!(log.borrow().len(), 1);
        assert!(log.borrow()[0].contains("expired"));
        Ok(())
    });
}

#[test]
fn a_lent_function_that_changes_things_is_not_re_entered() {
    check(|lua| {
        let mut depth = 0;
        lua.scope(|scope| {
            let f = scope.create_function_mut(|lua: &Lua, again: bool| {
                depth += 1;
                if again { lua.globals().get::<Function>("f")?.call::<()>(false) } else { Ok(()) }
            })?;
            lua.globals().set("f", &f)?;
            assert_eq!(
                f.call::<()>(true).unwrap_err().message(),
                "the function is running already"
            );
            Ok(())
        })?;
        assert_eq!(depth, 1);
        Ok(())
    });
}

#[test]
fn nothing_is_lent_to_a_busy_state() {
    check(|lua| {
        let world = World { ticks: 0 };
        let refused: luna::Result<AnyUserdata> =
            lua.with_vm(|_| lua.scope(|scope| scope.create_userdata_ref(&world)))?;
        assert_eq!(refused.unwrap_err().message(), "Lua is busy");
        let value: Value = lua.load("nil").eval()?;
        assert!(value.is_nil());
        Ok(())
    });
}
