use luna::{LuaUserdata, lua_methods};

#[derive(LuaUserdata)]
struct Unit {
    hp: f64,
}

#[lua_methods]
impl Unit {
    const LIMIT: std::time::Duration = std::time::Duration::ZERO;
}

fn main() {}
