use luna::lua_module;

struct Square;

#[lua_module(classes(Square))]
mod shapes {
    use super::Square;
}

fn main() {}
