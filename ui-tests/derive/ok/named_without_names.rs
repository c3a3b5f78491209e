use luna::{LuaUserdata, lua_methods};

#[derive(LuaUserdata)]
struct Squad;

#[lua_methods]
impl Squad {
    fn clear(&self) {}
}

fn main() {}
