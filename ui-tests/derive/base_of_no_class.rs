use luna::LuaUserdata;

struct Entity;

#[derive(LuaUserdata)]
#[lua(extends = Entity)]
struct Unit {
    #[lua(base)]
    entity: Entity,
}

fn main() {}
