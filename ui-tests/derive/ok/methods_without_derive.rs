use luna::{LuaUserdata, lua_methods};

#[derive(LuaUserdata)]
struct Unit;

#[derive(LuaUserdata)]
struct Other;

#[lua_methods]
impl Unit {
    fn hit(&self) {}
}

fn main() {}
