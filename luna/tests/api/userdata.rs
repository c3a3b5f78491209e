use luna::{AnyUserdata, Lua, LuaUserdata, Ud, UserdataMethods, Value};

use crate::check;

struct Strict {
    hp: f64,
}

impl LuaUserdata for Strict {
    const STRICT: bool = true;

    fn type_name() -> &'static str {
        "Unit"
    }

    fn add_methods<M: UserdataMethods<Self>>(methods: &mut M) {
        methods.add_field_method_get("hp", |_, unit| Ok(unit.hp));
        methods.add_field_method_set("hp", |_, unit, hp: f64| {
            unit.hp = hp;
            Ok(())
        });
        methods.add_field_method_get("name", |_, _| Ok("orc"));
        methods.add_method("heal", |_, unit, ()| Ok(unit.hp));
        methods.add_function("new", |_, hp: f64| Ok(Ud(Strict { hp })));
    }
}

#[test]
fn strict_types_know_their_names() {
    check(|lua| {
        lua.set_class::<Strict>("Unit")?;
        for (source, expected) in [
            ("return Unit.new(1).hpp", "t:1: Unit has no field 'hpp' (did you mean 'hp'?)"),
            ("Unit.new(1).hpp = 2", "t:1: Unit has no field 'hpp' (did you mean 'hp'?)"),
            ("Unit.new(1):heel()", "t:1: Unit has no field 'heel' (did you mean 'heal'?)"),
            ("Unit.new(1).something = 2", "t:1: Unit has no field 'something'"),
            ("Unit.new(1).name = 2", "t:1: field 'name' of Unit is read-only"),
        ] {
            let error = lua.load(source).name("=t").exec().unwrap_err();
            assert_eq!(error.message(), expected, "{source}");
        }
        lua.load("local u = Unit.new(1) u.hp = 3 assert(u.hp == 3 and u:heal() == 3)").exec()
    });
}

#[test]
fn busy_userdata_refuse() {
    check(|lua| {
        let unit: AnyUserdata = lua.create_userdata(Strict { hp: 1.0 })?;
        lua.globals().set("u", &unit)?;
        {
            let _guard = unit.borrow_mut::<Strict>()?;
            let error = lua.load("u.hp").name("=t").eval::<Value>().unwrap_err();
            assert_eq!(
                error.message(),
                "t:1: cannot borrow Unit in 'hp': already mutably borrowed"
            );
            assert!(unit.take::<Strict>().is_err());
            assert!(unit.destroy().is_err());
        }
        unit.set_user_value(1, "v")?;
        assert_eq!(unit.user_value(1)?.as_string().unwrap().to_text()?, "v");
        unit.destroy()?;
        assert_eq!(unit.borrow::<Strict>().err().unwrap().message(), "Unit has been destroyed");
        let error = lua.load("u:heal()").name("=t").exec().unwrap_err();
        assert_eq!(error.message(), "t:1: Unit has been destroyed");
        Ok(())
    });
}

#[test]
fn guards_outlive_the_state() {
    let lua = Lua::new();
    let unit = lua.create_userdata(Strict { hp: 1.0 }).unwrap();
    let guard = unit.borrow::<Strict>().unwrap();
    drop(unit);
    drop(lua);
    assert_eq!(guard.hp, 1.0);
}
