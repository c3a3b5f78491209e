use luna::{LuaUserdata, lua_methods};

#[derive(LuaUserdata)]
struct Unit {
    hp: f64,
}

#[lua_methods]
impl Unit {
    fn wait(&self, _time: std::time::Instant) {}
}

fn main() {}
