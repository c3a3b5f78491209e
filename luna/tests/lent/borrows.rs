//! Who may use a lent value while another does.

use luna::{Function, Lent, Lua, Value};

use crate::{View, World, message};

#[test]
fn a_method_that_calls_back_holds_the_object() -> luna::Result<()> {
    let lua = Lua::new();
    let mut world = World { units: vec!["orc".to_owned()] };
    lua.scope(|scope| {
        let view = scope.create_lent(View::of(&mut world))?;
        lua.globals().set("v", &view)?;
        for (source, expected) in [
            (
                "v:during(function() return v:count() end)",
                "t:1: cannot borrow View in 'count': already mutably borrowed by 'during'",
            ),
            (
                "v:during(function() v:spawn('x') end)",
                "t:1: cannot borrow View mutably in 'spawn': already borrowed by 'during'",
            ),
            (
                "v:each(function() v.ticks = 1 end)",
                "t:1: cannot borrow View mutably in 'ticks': already borrowed by 'each'",
            ),
        ] {
            assert_eq!(message(lua.load(source).name("=t").exec()), expected, "{source}");
        }
        // Reading while it is read is no conflict.
        lua.load("v:each(function(unit) assert(v:last() == unit and v.ticks == 2) end)").exec()
    })
}

#[test]
fn the_host_and_lua_exclude_each_other() -> luna::Result<()> {
    let lua = Lua::new();
    let mut world = World::default();
    lua.scope(|scope| {
        let view = scope.create_lent(View::of(&mut world))?;
        let spawn: Function = lua.load("local v = ... v:spawn('orc')").into_function()?;
        let count: Function = lua.load("local v = ... return v:count()").into_function()?;
        let found = view.with_lent::<View<'_>, _>(|_| {
            assert_eq!(count.call::<i64>(&view)?, 0);
            assert_eq!(view.with_lent::<View<'_>, _>(|view| view.ticks)?, 0);
            assert!(view.with_lent_mut::<View<'_>, _>(|_| ()).is_err());
            spawn.call::<()>(&view)
        })?;
        assert!(message(found).ends_with("View mutably in 'spawn': already borrowed"));
        let found = view.with_lent_mut::<View<'_>, _>(|_| {
            assert!(view.with_lent::<View<'_>, _>(|_| ()).is_err());
            count.call::<Value>(&view)
        })?;
        assert!(message(found).ends_with("View in 'count': already mutably borrowed"));
        spawn.call::<()>(&view)?;
        assert_eq!(count.call::<i64>(&view)?, 1);
        Ok(())
    })
}

#[test]
fn a_guard_of_the_ticket_holds_the_object() -> luna::Result<()> {
    let lua = Lua::new();
    let mut world = World::default();
    lua.scope(|scope| {
        let view = scope.create_lent(View::of(&mut world))?;
        lua.globals().set("v", &view)?;
        let mut guard = view.borrow_mut::<Lent<View<'_>>>()?;
        assert!(lua.load("v:count()").exec().is_err());
        guard.with_mut(|view| view.ticks = 4)?;
        // The ticket is borrowed, so its guard is where the value is.
        assert_eq!(guard.with(|view| view.ticks)?, 4);
        drop(guard);
        lua.load("assert(v.ticks == 4)").exec()
    })
}

#[test]
fn panics_end_borrows() -> luna::Result<()> {
    let lua = Lua::new();
    let mut world = World::default();
    lua.scope(|scope| {
        let view = scope.create_lent(View::of(&mut world))?;
        lua.globals().set("v", &view)?;
        let found = message(lua.load("v:fail()").name("=t").exec());
        assert_eq!(found, "native panic: inside");
        lua.load("assert(v.ticks == 1) v:spawn('orc')").exec()?;
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            view.with_lent_mut::<View<'_>, ()>(|_| panic!("host"))
        }));
        assert!(panicked.is_err());
        lua.load("assert(v:spawn('elf') == 2)").exec()
    })?;
    assert_eq!(world.units.len(), 2);
    Ok(())
}

#[test]
fn a_taken_ticket_is_the_only_one() -> luna::Result<()> {
    let lua = Lua::new();
    let mut world = World::default();
    lua.scope(|scope| {
        let view = scope.create_lent(View::of(&mut world))?;
        lua.globals().set("v", &view)?;
        let mut ticket = view.take::<Lent<View<'_>>>()?;
        let found = message(lua.load("v:count()").name("=t").exec());
        assert_eq!(found, "t:1: View has been destroyed");
        ticket.with_mut(|view| view.ticks = 9)?;
        lua.globals().set("w", luna::Ud(ticket))?;
        lua.load("assert(w.ticks == 9 and w:spawn('orc') == 1)").exec()
    })
}
