use luna::{LuaUserdata, lua_methods};

#[derive(LuaUserdata)]
struct Unit {
    names: Vec<String>,
}

#[lua_methods]
impl Unit {
    fn names(&mut self) -> &mut Vec<String> {
        &mut self.names
    }
}

fn main() {}
