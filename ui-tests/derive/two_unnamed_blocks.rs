use luna::{LuaUserdata, lua_methods};

#[derive(LuaUserdata)]
struct Unit;

#[lua_methods]
impl Unit {
    fn walk(&self) {}
}

#[lua_methods]
impl Unit {
    fn hit(&self) {}
}

fn main() {}
