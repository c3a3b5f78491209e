use luna::{LuaUserdata, lua_methods};

#[derive(LuaUserdata)]
struct Unit;

#[lua_methods(rename = "camelCase")]
impl Unit {
    fn hit_hard(&self) {}
}

fn main() {}
