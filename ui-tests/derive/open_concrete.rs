use luna::LuaUserdata;

#[derive(LuaUserdata)]
#[lua(concrete(Vec2))]
struct Vec2<T> {
    pub x: T,
}

fn main() {}
