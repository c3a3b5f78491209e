//! Lent objects as arguments, in methods of any type and in modules.

use luna::{Lua, LuaUserdata, lua_methods, lua_module};

use crate::{View, World, message};

/// A type without a lifetime.
#[derive(LuaUserdata)]
#[lua(new)]
struct Counter {
    pub total: usize,
}

#[lua_methods]
impl Counter {
    fn of(view: &View<'_>) -> Self {
        Counter { total: view.world.units.len() }
    }

    fn add(&mut self, view: &View<'_>, twice: Option<&View<'_>>) -> usize {
        self.total += view.world.units.len() + twice.map_or(0, |view| 2 * view.world.units.len());
        self.total
    }

    fn finish(self, view: &mut View<'_>) -> Result<Self, std::num::TryFromIntError> {
        view.ticks = self.total.try_into()?;
        Ok(self)
    }
}

#[lua_module]
mod views {
    use crate::View;

    pub(super) fn sum(a: &View<'_>, b: &View<'_>) -> u32 {
        a.ticks + b.ticks
    }

    #[lua(defaults(by = 2))]
    pub(super) fn advance(view: Option<&mut View<'_>>, by: u32) -> bool {
        let found = view.is_some();
        view.into_iter().for_each(|view| view.ticks += by);
        found
    }
}

#[test]
fn two_objects_meet_in_a_method() -> luna::Result<()> {
    let lua = Lua::new();
    let (mut world, mut other) = (World::default(), World::default());
    lua.scope(|scope| {
        lua.globals().set("a", scope.create_lent(View::of(&mut world))?)?;
        lua.globals().set("b", scope.create_lent(View::of(&mut other))?)?;
        lua.load(
            "
            assert(a:compare(b) and a:compare(a))
            b:spawn('orc') b:spawn('elf')
            assert(not a:compare(b))
            a:absorb(b)
            assert(a:count() == 2 and b:count() == 0)",
        )
        .exec()?;
        let found = message(lua.load("a:absorb(a)").name("=t").exec());
        assert_eq!(
            found,
            "t:1: cannot borrow View mutably in 'absorb': already borrowed by another argument"
        );
        Ok(())
    })?;
    assert_eq!((world.units.len(), other.units.len()), (2, 0));
    Ok(())
}

#[test]
fn types_without_a_lifetime_take_lent_objects() -> luna::Result<()> {
    let lua = Lua::new();
    let mut world = World { units: vec!["orc".to_owned()] };
    lua.set_class::<Counter>("Counter")?;
    lua.scope(|scope| {
        lua.globals().set("v", scope.create_lent(View::of(&mut world))?)?;
        lua.load(
            "
            local c = Counter.of(v)
            assert(c.total == 1 and c:add(v) == 2 and c:add(v, v) == 5)
            local d = c:finish(v)
            assert(d.total == 5 and v.ticks == 5 and not pcall(c.add, c, v))",
        )
        .exec()?;
        let error = lua.load("Counter.new(1 << 40):finish(v)").exec().unwrap_err();
        assert!(error.downcast_ref::<std::num::TryFromIntError>().is_some(), "{error}");
        Ok(())
    })?;
    for source in ["Counter.of(v)", "Counter.new(1):add(v)", "Counter.new(1):finish(v)"] {
        let found = message(lua.load(source).name("=t").exec());
        assert_eq!(found, "t:1: View has expired: the scope it was lent to has ended", "{source}");
    }
    Ok(())
}

#[test]
fn modules_take_lent_objects() -> luna::Result<()> {
    let lua = Lua::new();
    let (mut world, mut other) = (World::default(), World::default());
    lua.globals().set("views", views::lua_module(&lua)?)?;
    lua.scope(|scope| {
        let a = scope.create_lent(View { world: &mut world, ticks: 3 })?;
        let b = scope.create_lent(View { world: &mut other, ticks: 4 })?;
        let source = "
            local a, b = ...
            assert(views.sum(a, b) == 7 and views.sum(a, a) == 6)
            assert(views.advance(a) and views.advance(b, 5) and not views.advance())
            assert(views.sum(a, b) == 14)";
        lua.load(source).call::<()>((a, b))
    })
}
