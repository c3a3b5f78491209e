//! Fields borrowed in place, and bases.

use luna::{Function, Lua, LuaUserdata, Table, Traced, lua_methods};

use crate::check;

#[derive(Clone, LuaUserdata)]
#[lua(new, clone)]
struct Vec2 {
    pub x: f64,
    pub y: f64,
}

#[lua_methods]
impl Vec2 {
    fn length(&self) -> f64 {
        self.x.hypot(self.y)
    }

    fn scale(&mut self, by: f64) {
        self.x *= by;
        self.y *= by;
    }

    fn with(&mut self, f: Function) -> luna::Result<f64> {
        f.call::<()>(())?;
        Ok(self.x)
    }

    fn consume(self) -> f64 {
        self.x
    }
}

#[derive(LuaUserdata)]
#[lua(new)]
struct Body {
    #[lua(by_ref, set)]
    #[lua(get)]
    pos: Vec2,
    pub mass: f64,
}

#[derive(LuaUserdata)]
struct World {
    #[lua(by_ref)]
    pub sun: Body,
    #[lua(by_ref, get)]
    origin: Vec2,
}

#[lua_methods]
impl World {
    fn new() -> Self {
        let pos = Vec2 { x: 3.0, y: 4.0 };
        World { sun: Body { pos: pos.clone(), mass: 1.0 }, origin: pos }
    }

    fn busy(&mut self, f: Function) -> luna::Result<f64> {
        f.call::<()>(())?;
        Ok(self.sun.pos.x)
    }

    fn finish(self) -> f64 {
        self.sun.mass
    }
}

fn world() -> luna::Result<Lua> {
    let lua = Lua::new();
    lua.set_class::<Vec2>("Vec2")?;
    lua.set_class::<World>("World")?;
    lua.set_class::<Body>("Body")?;
    Ok(lua)
}

#[test]
fn parts_are_changed_in_place() -> luna::Result<()> {
    let lua = world()?;
    check(
        &lua,
        &[
            ("local w = World.new() w.origin.x = 1 return w.origin.x", "1.0"),
            ("local w = World.new() w.sun.pos.x = 1 return w.sun.pos.x + w.origin.x", "4.0"),
            ("local p = World.new().sun.pos collectgarbage() p:scale(2) return p:length()", "10.0"),
            ("local w = World.new() w.sun.pos = Vec2.new(0, 1) return w.sun.pos:length()", "1.0"),
            ("World.new().origin = Vec2.new(0, 1)", "t:1: field 'origin' of World is read-only"),
            ("World.new().origin.z = 1", "t:1: cannot set field 'z' of Vec2"),
            ("Body.new(Vec2.new(1, 2), 3).pos.y", "2.0"),
            ("tostring(World.new().origin):sub(1, 4)", "Vec2"),
        ],
    )
}

#[test]
fn parts_are_borrowed_through_the_whole() -> luna::Result<()> {
    let lua = world()?;
    check(
        &lua,
        &[
            (
                "local w = World.new() local p = w.sun.pos w:finish() return p.x",
                "t:1: World has been destroyed",
            ),
            (
                "local w = World.new() local p = w.sun.pos w:finish() p.x = 1",
                "t:1: World has been destroyed",
            ),
            (
                "local w = World.new() local p = w.sun.pos w:busy(function() p.x = 1 end)",
                "t:1: cannot borrow World mutably in 'x': already borrowed",
            ),
            (
                "local w = World.new() local p = w.sun.pos w:busy(function() local x = p.x end)",
                "t:1: cannot borrow World in 'x': already mutably borrowed",
            ),
            (
                "local w = World.new() local p = w.sun.pos p:with(function() w.sun.mass = 1 end)",
                "t:1: cannot borrow World in 'sun': already mutably borrowed",
            ),
            ("local w = World.new() return w.sun.pos:with(function() end) + w.origin.x", "6.0"),
            // A type that is copied gives a copy.
            ("local w = World.new() return w.origin:consume() + w.origin.x", "6.0"),
        ],
    )?;
    let part: luna::AnyUserdata = lua.load("w = World.new() return w.sun").eval()?;
    assert!(part.is::<Body>());
    assert_eq!(part.borrow::<Body>()?.mass, 1.0);
    part.borrow_mut::<Body>()?.mass = 2.0;
    let guard = part.borrow_mut::<Body>()?;
    let error = lua.load("return w.sun").exec().unwrap_err();
    assert_eq!(error.message(), "chunk:1: cannot borrow World in 'sun': already mutably borrowed");
    drop(guard);
    assert_eq!(lua.load("w.sun.mass").eval::<f64>()?, 2.0);
    let error = part.take::<Body>().map(|_| ()).expect_err("refused");
    assert_eq!(error.message(), "Body is part of another value: only a copy can be taken");
    let error = part.destroy().unwrap_err();
    assert_eq!(error.message(), "cannot destroy Body: it is part of another value");
    assert!(part.borrow::<Vec2>().is_err());
    let guard = part.borrow::<Body>()?;
    drop(lua);
    assert_eq!(guard.mass, 2.0);
    Ok(())
}

#[test]
fn parts_of_what_is_lent_expire_with_it() -> luna::Result<()> {
    let lua = world()?;
    let mut world = World::new();
    lua.scope(|scope| {
        lua.globals().set("w", scope.create_userdata_ref_mut(&mut world)?)?;
        lua.load("p = w.sun.pos p:scale(2) w.sun.mass = 7").exec()?;
        let part: luna::AnyUserdata = lua.globals().get("p")?;
        let error = part.borrow::<Vec2>().expect_err("refused");
        assert_eq!(error.message(), "Vec2 is lent to a scope: only calls can borrow it");
        Ok(())
    })?;
    assert_eq!((world.sun.pos.x, world.sun.mass), (6.0, 7.0));
    check(&lua, &[("p.x", "t:1: World has expired: the scope it was lent to has ended")])
}

#[derive(LuaUserdata)]
struct Entity {
    pub name: String,
    #[lua(by_ref)]
    pub pos: Vec2,
    memo: Option<Traced<Table>>,
}

#[lua_methods]
impl Entity {
    const LIMIT: i64 = 9;

    fn new(name: String) -> Self {
        Entity { name, pos: Vec2 { x: 1.0, y: 0.0 }, memo: None }
    }

    fn shout(&self) -> String {
        self.name.to_uppercase()
    }

    fn rename(&mut self, name: String) {
        self.name = name;
    }

    fn keep(&mut self, memo: Table) {
        self.memo = Some(memo.into());
    }

    fn kept(&self) -> luna::Result<Option<Table>> {
        self.memo.as_ref().map(Traced::get).transpose()
    }

    fn describe(&self) -> &'static str {
        "entity"
    }

    fn meet(&self, other: &Entity) -> String {
        format!("{} meets {}", self.name, other.name)
    }

    fn swap(&mut self, other: &mut Entity) {
        std::mem::swap(&mut self.name, &mut other.name);
    }

    #[lua(meta = ToString)]
    fn text(&self) -> String {
        format!("<{}>", self.name)
    }
}

#[derive(LuaUserdata)]
struct Stats {
    pub hp: f64,
}

#[lua_methods]
impl Stats {
    fn hurt(&mut self, by: f64) -> f64 {
        self.hp -= by;
        self.hp
    }
}

#[derive(LuaUserdata)]
#[lua(extends = Entity, strict)]
struct Unit {
    #[lua(base)]
    entity: Entity,
    #[lua(flatten)]
    stats: Stats,
}

#[lua_methods]
impl Unit {
    fn make(name: String) -> Self {
        Unit { entity: Entity::new(name), stats: Stats { hp: 10.0 } }
    }

    fn describe(&self) -> &'static str {
        "unit"
    }
}

#[derive(LuaUserdata)]
#[lua(extends = Unit)]
struct Hero {
    #[lua(base)]
    unit: Unit,
    pub level: u8,
}

#[lua_methods]
impl Hero {
    fn make(name: String) -> Self {
        Hero { unit: Unit::make(name), level: 1 }
    }
}

#[test]
fn bases_are_reached_through_what_extends_them() -> luna::Result<()> {
    let lua = Lua::new();
    lua.set_class::<Entity>("Entity")?;
    lua.set_class::<Unit>("Unit")?;
    lua.set_class::<Hero>("Hero")?;
    lua.set_class::<Vec2>("Vec2")?;
    check(
        &lua,
        &[
            ("Unit.make('orc').name", "orc"),
            (
                "local u = Unit.make('orc') u.name = 'elf' u.hp = 3 return u:shout() .. u.hp",
                "ELF3.0",
            ),
            ("Unit.make('orc'):hurt(4)", "6.0"),
            ("Unit.make('orc')", "<orc>"),
            ("Unit.make('orc'):describe() .. Entity.new('e'):describe()", "unitentity"),
            ("Hero.make('zed'):describe() .. Hero.make('zed').level", "unit1"),
            ("Entity.new('a'):meet(Hero.make('b'))", "a meets b"),
            ("Hero.make('a'):meet(Unit.make('b'))", "a meets b"),
            (
                "local h, e = Hero.make('a'), Entity.new('b') h:swap(e) return h.name .. e.name",
                "ba",
            ),
            (
                "local h = Hero.make('a') h:rename('q') h.pos.x = 5 return h.name .. h.pos:length()",
                "q5.0",
            ),
            ("Unit.LIMIT", "9"),
            // A constructor makes the base, and belongs to it alone.
            ("Unit.new", "nil"),
            ("Unit.make('a').hpp", "t:1: Unit has no field 'hpp' (did you mean 'hp'?)"),
            (
                "Entity.new('a'):meet(Vec2)",
                "t:1: bad argument #1 to 'meet' (other: Entity expected, got table)",
            ),
            (
                "local u = Unit.make('a') u:swap(u)",
                "t:1: cannot borrow Unit mutably in 'swap': already borrowed by another argument",
            ),
            (
                "local h = Hero.make('a') h:keep({ 7 }) collectgarbage() collectgarbage() return h:kept()[1]",
                "7",
            ),
        ],
    )?;
    let hero: luna::AnyUserdata = lua.load("h = Hero.make('a') return h").eval()?;
    assert_eq!(hero.borrow::<Entity>()?.name, "a");
    assert!(!hero.is::<Entity>());
    assert!(hero.take::<Entity>().is_err());
    hero.borrow_mut::<Stats>()?.hp = 1.0;
    let hero: Hero = hero.take()?;
    assert_eq!(hero.unit.stats.hp, 1.0);
    check(&lua, &[("h.name", "t:1: Hero has been destroyed")])
}
