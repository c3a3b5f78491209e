use luna::LuaUserdata;

#[derive(LuaUserdata)]
struct Entity;

#[derive(LuaUserdata)]
#[lua(extends = Entity)]
struct Unit {
    #[lua(base)]
    entity: Entity,
}

fn main() {}
