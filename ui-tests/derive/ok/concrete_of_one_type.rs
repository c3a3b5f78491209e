use luna::LuaUserdata;

#[derive(LuaUserdata)]
#[lua(new)]
struct Vec2 {
    pub x: f64,
}

fn main() {}
