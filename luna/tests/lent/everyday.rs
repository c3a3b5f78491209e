//! Everyday use.

use luna::{Function, Lent, Lua};

use crate::{View, World, message};

#[test]
fn the_scope_owns_a_value_that_borrows() -> luna::Result<()> {
    let lua = Lua::new();
    let mut world = World::default();
    lua.scope(|scope| {
        let view = scope.create_lent(View::of(&mut world))?;
        assert!(view.is::<Lent<View<'_>>>() && !view.is::<Lent<crate::members::Notes<'_>>>());
        let source = "
            local v = ...
            assert(v:spawn('orc') == 1 and v:spawn('elf') == 2)
            v.ticks = v.ticks + 3
            assert(v:count() == 2 and #v == 2 and v:last() == 'elf' and v.MOST == 100)
            return v.ticks";
        assert_eq!(lua.load(source).call::<u32>(&view)?, 3);
        view.with_lent_mut::<View<'_>, _>(|view| view.ticks += 1)?;
        assert_eq!(view.with_lent::<View<'_>, _>(|view| (view.ticks, view.count()))?, (4, 2));
        Ok(())
    })?;
    assert_eq!(world.units, ["orc", "elf"]);
    Ok(())
}

#[test]
fn the_host_has_its_value_back_changed() -> luna::Result<()> {
    let lua = Lua::new();
    let (mut world, mut other) = (World::default(), World::default());
    let mut view = View::of(&mut world);
    let still = View { world: &mut other, ticks: 7 };
    lua.scope(|scope| {
        let view = scope.create_lent_mut(&mut view)?;
        let still = scope.create_lent_ref(&still)?;
        lua.load("local v, s = ... v:spawn('orc') v.ticks = s.ticks + 1")
            .call::<()>((&view, &still))
    })?;
    assert_eq!((view.ticks, view.count(), still.ticks), (8, 1, 7));
    assert_eq!(world.units, ["orc"]);
    Ok(())
}

#[test]
fn what_is_lent_shared_is_only_read() -> luna::Result<()> {
    let lua = Lua::new();
    let mut world = World::default();
    let view = View::of(&mut world);
    lua.scope(|scope| {
        let first = scope.create_lent_ref(&view)?;
        let second = scope.create_lent_ref(&view)?;
        lua.globals().set("a", &first)?;
        lua.globals().set("b", &second)?;
        lua.load("assert(a:compare(b) and a.ticks == 0 and b:count() == 0)").exec()?;
        for source in ["a:spawn('x')", "a.ticks = 1", "a:absorb(b)", "b:during(print)"] {
            let found = message(lua.load(source).name("=t").exec());
            assert_eq!(found, "t:1: cannot borrow View mutably: it is lent to be read", "{source}");
        }
        let found = message(first.with_lent_mut::<View<'_>, _>(|view| view.ticks = 1));
        assert_eq!(found, "cannot borrow View mutably: it is lent to be read");
        assert_eq!(first.with_lent::<View<'_>, _>(|view| view.ticks)?, 0);
        Ok(())
    })?;
    assert_eq!(view.ticks, 0);
    Ok(())
}

#[test]
fn names_that_are_not_there_raise_in_strict_types() -> luna::Result<()> {
    let lua = Lua::new();
    let mut world = World::default();
    lua.scope(|scope| {
        lua.globals().set("v", scope.create_lent(View::of(&mut world))?)?;
        for (source, expected) in [
            ("return v.tick", "t:1: View has no field 'tick' (did you mean 'ticks'?)"),
            ("v.tickz = 1", "t:1: View has no field 'tickz' (did you mean 'ticks'?)"),
            ("v:spawn({})", "t:1: bad argument #1 to 'spawn' (name: string expected, got table)"),
            (
                "v:compare(1)",
                "t:1: bad argument #1 to 'compare' (other: View expected, got number)",
            ),
            ("v.spawn(1, 'x')", "t:1: bad argument #1 to 'spawn' (View expected, got number)"),
            ("v.ticks = 'x'", "t:1: field 'ticks' of View: number expected, got string"),
        ] {
            assert_eq!(message(lua.load(source).name("=t").exec()), expected, "{source}");
        }
        Ok(())
    })
}

#[test]
fn the_class_has_functions_and_constants_without_a_value() -> luna::Result<()> {
    let lua = Lua::new();
    lua.set_class::<Lent<View<'_>>>("View")?;
    lua.load("assert(View.MOST == 100 and View.longest{ 'a', 'abc' } == 3)").exec()
}

#[test]
fn typed_functions_take_tickets() -> luna::Result<()> {
    let lua = Lua::new();
    let mut world = World::default();
    let tick = |view: &mut Lent<View<'static>>, by: u32| view.with_mut(|view| view.ticks += by);
    let tick: Function = lua.create_function(tick)?;
    lua.scope(|scope| {
        let view = scope.create_lent(View::of(&mut world))?;
        tick.call::<()>((&view, 5))?;
        assert_eq!(view.with_lent::<View<'_>, _>(|view| view.ticks)?, 5);
        assert_eq!(format!("{:?}", view.borrow::<Lent<View<'_>>>()?), "UserdataRef(\"View\")");
        Ok(())
    })
}

#[test]
fn a_lent_value_may_refer_to_the_scope() -> luna::Result<()> {
    let lua = Lua::new();
    let lines = std::cell::RefCell::new(Vec::new());
    lua.scope(|scope| {
        let note = scope.create_function(|_, line: String| {
            lines.borrow_mut().push(line);
            Ok(())
        })?;
        let notes = scope.create_lent(crate::members::Notes::new("a", &["b"], Some(note)))?;
        lua.load("(...):note('one')").call::<()>(notes)
    })?;
    assert_eq!(*lines.borrow(), ["a one"]);
    Ok(())
}
