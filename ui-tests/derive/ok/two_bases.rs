use luna::LuaUserdata;

#[derive(LuaUserdata)]
struct Entity {
    pub id: u32,
}

#[derive(LuaUserdata)]
struct Stats;

#[derive(LuaUserdata)]
#[lua(extends = Entity)]
struct Unit {
    #[lua(base)]
    entity: Entity,
    #[lua(flatten)]
    stats: Stats,
}

fn main() {}
