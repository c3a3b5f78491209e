use luna::{LuaUserdata, lua_methods};

#[derive(LuaUserdata)]
#[lua(callable)]
struct Unit;

#[lua_methods]
impl Unit {
    fn make() -> Self {
        Unit
    }
}

fn main() {}
