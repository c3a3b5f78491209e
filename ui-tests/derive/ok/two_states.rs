use luna::{LuaUserdata, lua_methods};

#[derive(LuaUserdata)]
struct Unit {
    hp: f64,
}

#[lua_methods]
impl Unit {
    fn later(&self, _lua: &luna::Lua) {}
}

fn main() {}
