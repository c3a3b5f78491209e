use luna::LuaUserdata;

#[derive(LuaUserdata)]
struct Entity {
    pub id: u32,
}

#[derive(LuaUserdata)]
struct Unit {
    #[lua(by_ref, get)]
    entity: Entity,
}

fn main() {}
