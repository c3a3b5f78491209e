use luna::LuaUserdata;

#[derive(LuaUserdata)]
struct Position;

#[derive(LuaUserdata)]
struct Unit {
    #[lua(by_ref)]
    pub position: Position,
}

fn main() {}
