use luna::{Function, Lua, LuaUserdata, MetaMethod, Table, UserdataMethods, Variadic};

use crate::check;

struct Probe(i64);

impl LuaUserdata for Probe {
    fn add_methods<M: UserdataMethods<Self>>(methods: &mut M) {
        methods.add_method("shared", |lua, this, f: Function| {
            lua.globals().set("seen", this.0)?;
            f.call::<i64>(this.0)
        });
        methods.add_method_mut("exclusive", |lua, this, f: Function| {
            this.0 += 1;
            let value = f.call::<i64>(this.0)?;
            lua.create_table_from([("value", value)])
        });
        methods.add_function("new", |_, n: i64| Ok(luna::Ud(Probe(n))));
        methods
            .add_field_method_get("field", |lua, this| lua.load("return ...").call::<i64>(this.0));
        methods.add_field_method_set("field", |lua, this, value: Table| {
            this.0 = value.get::<i64>(1)? + lua.globals().get::<i64>("base")?;
            Ok(())
        });
        methods.add_meta_method(MetaMethod::Call, |lua, this, (a, b): (i64, Option<i64>)| {
            lua.load("local a, b = ... return a + b").call::<i64>((this.0 + a, b.unwrap_or(0)))
        });
        methods.add_meta_function(MetaMethod::Concat, |lua, all: Variadic<luna::Value>| {
            lua.create_string(format!("{} operands", all.len()))
        });
    }
}

#[test]
fn handles_work_in_every_callback() {
    check(|lua| {
        lua.set_class::<Probe>("Probe")?;
        lua.globals().set("base", 100)?;
        for (source, expected) in [
            ("Probe.new(1):shared(function(n) return n + seen end)", "2"),
            ("Probe.new(1):exclusive(function(n) return n * 10 end).value", "20"),
            ("Probe.new(7).field", "7"),
            ("local p = Probe.new(1) p.field = {5} return p.field", "105"),
            ("Probe.new(1)(2, 3)", "6"),
            ("Probe.new(1) .. 'x'", "2 operands"),
        ] {
            let got: String = lua
                .load(format!("tostring((function() {}; end)())", with_return(source)))
                .eval()?;
            assert_eq!(got, expected, "{source}");
        }
        lua.globals().set("Probe", luna::Value::Nil)?;
        Ok(())
    });
}

/// Source with a `return` before an expression.
fn with_return(source: &str) -> String {
    if source.starts_with("local") { source.to_owned() } else { format!("return {source}") }
}

#[test]
fn callbacks_nest_both_ways() {
    check(|lua| {
        let down = lua.create_function(|lua: &Lua, n: i64| -> luna::Result<i64> {
            if n == 0 {
                return Ok(0);
            }
            let down: Function = lua.globals().get("down")?;
            Ok(down.call::<i64>(n - 1)? + 1)
        })?;
        lua.globals().set("down", &down)?;
        assert_eq!(down.call::<i64>(50)?, 50);
        let error = down.call::<i64>(100_000).unwrap_err();
        assert!(error.message().contains("C stack overflow"), "{error}");
        Ok(())
    });
}

#[test]
fn a_callback_without_a_state_uses_captured_handles() {
    check(|lua| {
        let table = lua.create_table()?;
        let push = lua.create_function({
            let table = table.clone();
            move |n: i64| table.push(n)
        })?;
        push.call::<()>(1)?;
        push.call::<()>(2)?;
        assert_eq!(table.len()?, 2);
        drop((push, table));
        lua.collect_garbage()?;
        Ok(())
    });
}

#[test]
fn the_state_may_be_dropped_by_what_it_runs() {
    let lua = Lua::new();
    let slot = std::rc::Rc::new(std::cell::RefCell::new(Some(lua.clone())));
    let close = lua
        .create_function({
            let slot = std::rc::Rc::clone(&slot);
            move || drop(slot.borrow_mut().take())
        })
        .unwrap();
    let run: Function = lua.load("function(f) f() return {} end").eval().unwrap();
    drop(lua);
    assert!(run.call::<Table>(&close).is_ok());
    assert!(run.call::<Table>(&close).is_err());
}
