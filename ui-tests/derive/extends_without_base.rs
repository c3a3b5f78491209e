use luna::LuaUserdata;

#[derive(LuaUserdata)]
struct Entity {
    pub id: u32,
}

#[derive(LuaUserdata)]
#[lua(extends = Entity)]
struct Unit {
    entity: Entity,
}

fn main() {}
