use luna::lua_module;

#[derive(luna::LuaUserdata)]
struct Square;

#[lua_module(classes(Square))]
mod shapes {
    use super::Square;
}

fn main() {}
