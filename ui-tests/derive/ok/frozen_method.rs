use luna::{LuaUserdata, lua_methods};

#[derive(LuaUserdata)]
#[lua(frozen)]
struct Unit {
    hp: f64,
}

#[lua_methods]
impl Unit {
    fn hit(&self) -> f64 {
        self.hp
    }
}

fn main() {}
