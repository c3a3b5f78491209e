use luna::{LuaUserdata, lua_methods};

#[derive(LuaUserdata)]
struct Unit;

#[lua_methods]
impl Unit {}

fn main() {}
