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

mod here {
    use luna::{LuaUserdata, lua_methods};

    #[derive(LuaUserdata)]
    pub(super) struct Same;

    #[lua_methods]
    impl Same {
        fn new() -> Same {
            Same
        }

        fn meet(&self, other: &Same) -> bool {
            std::ptr::eq(self, other)
        }

        fn finish(self) -> bool {
            true
        }
    }
}

mod there {
    use luna::{LuaUserdata, lua_methods};

    #[derive(Clone, LuaUserdata)]
    #[lua(clone)]
    pub(super) struct Same;

    #[lua_methods]
    impl Same {
        fn new() -> Same {
            Same
        }
    }
}

#[test]
fn types_of_one_name_are_told_apart() {
    check(|lua| {
        lua.set_class::<here::Same>("Here")?;
        lua.set_class::<there::Same>("There")?;
        let by_value = lua.create_function(|_: there::Same| ())?;
        lua.globals().set("by_value", by_value)?;
        let guarded = lua.create_function(|_: luna::Userdata<there::Same>| ())?;
        lua.globals().set("guarded", guarded)?;
        let (here, there) =
            (std::any::type_name::<here::Same>(), std::any::type_name::<there::Same>());
        for (source, expected) in [
            (
                "Here.new():meet(There.new())",
                format!("t:1: bad argument #1 to 'meet' (other: {here} expected, got {there})"),
            ),
            (
                "Here.new().meet(There.new())",
                format!("t:1: bad argument #1 to 'meet' ({here} expected, got {there})"),
            ),
            (
                "by_value(Here.new())",
                format!("t:1: bad argument #1 to 'by_value' ({there} expected, got {here})"),
            ),
            (
                "guarded(Here.new())",
                format!("t:1: bad argument #1 to 'guarded' ({there} expected, got {here})"),
            ),
            (
                "guarded({})",
                "t:1: bad argument #1 to 'guarded' (Same expected, got table)".to_owned(),
            ),
        ] {
            let error = lua.load(source).name("=t").exec().unwrap_err();
            assert_eq!(error.message(), expected, "{source}");
        }
        let same: AnyUserdata = lua.load("return Here.new()").eval()?;
        let error = same.borrow::<there::Same>().unwrap_err();
        assert_eq!(error.message(), format!("{there} expected, got {here}"));
        Ok(())
    });
}

#[test]
fn a_refused_take_names_who_asked() {
    check(|lua| {
        let same: AnyUserdata = lua.create_userdata(here::Same)?;
        lua.globals().set("same", &same)?;
        let guard = same.borrow::<here::Same>()?;
        let refused =
            |name: &str| format!("cannot borrow Same mutably in '{name}': already borrowed");
        assert_eq!(same.take::<here::Same>().err().unwrap().message(), refused("take"));
        assert_eq!(same.borrow_mut::<here::Same>().err().unwrap().message(), refused("borrow_mut"));
        let error = lua.load("same:finish()").name("=t").exec().unwrap_err();
        assert_eq!(error.message(), format!("t:1: {}", refused("finish")));
        let wrong = same.take::<there::Same>().err().unwrap();
        assert!(wrong.message().ends_with("here::Same"), "{wrong}");
        drop(guard);
        assert!(lua.load("return same:finish()").eval::<bool>()?);
        Ok(())
    });
}
