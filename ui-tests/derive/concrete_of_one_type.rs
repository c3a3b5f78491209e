use luna::LuaUserdata;

#[derive(LuaUserdata)]
#[lua(concrete(Vec2))]
struct Vec2 {
    pub x: f64,
}

fn main() {}
