use luna::LuaUserdata;

#[derive(LuaUserdata)]
struct Entity {
    pub id: u32,
}

#[derive(LuaUserdata)]
struct Unit {
    #[lua(base)]
    entity: Entity,
}

fn main() {}
