use luna::{LuaUserdata, lua_methods};

#[derive(LuaUserdata)]
struct Unit {
    hp: f64,
}

#[lua_methods]
impl Unit {
    fn take<T: luna::FromLua>(&self, _value: T) {}
}

fn main() {}
