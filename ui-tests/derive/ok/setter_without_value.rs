use luna::{LuaUserdata, lua_methods};

#[derive(LuaUserdata)]
struct Unit {
    hp: f64,
}

#[lua_methods]
impl Unit {
    #[lua(setter)]
    fn set_rest(&mut self, _rest: f64) {}
}

fn main() {}
