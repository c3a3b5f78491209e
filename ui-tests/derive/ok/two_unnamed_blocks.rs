use luna::{LuaUserdata, lua_methods};

#[derive(LuaUserdata)]
#[lua(methods(combat))]
struct Unit;

#[lua_methods]
impl Unit {
    fn walk(&self) {}
}

#[lua_methods(combat)]
impl Unit {
    fn hit(&self) {}
}

fn main() {}
