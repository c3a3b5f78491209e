use luna::{LuaUserdata, lua_methods};

#[derive(LuaUserdata)]
struct Unit {
    hp: f64,
}

#[lua_methods]
impl Unit {
    fn each(&self, _f: impl Fn(f64)) {}
}

fn main() {}
