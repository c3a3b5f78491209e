use luna::{Function, LuaUserdata, Traced};

#[derive(LuaUserdata)]
struct Unit {
    on_hit: Option<Traced<Function>>,
}

fn main() {}
