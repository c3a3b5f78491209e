use luna::{LuaUserdata, lua_methods};

#[derive(LuaUserdata)]
struct Unit;

#[lua_methods]
impl<'a> Unit {
    fn hit(&self) {}
}

fn main() {}
