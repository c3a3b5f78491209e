use luna::{LuaUserdata, lua_methods};

struct Unit;

#[derive(LuaUserdata)]
struct Other;

#[lua_methods]
impl Unit {
    fn hit(&self) {}
}

fn main() {}
