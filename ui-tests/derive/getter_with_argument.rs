use luna::{LuaUserdata, lua_methods};

#[derive(LuaUserdata)]
struct Unit {
    hp: f64,
}

#[lua_methods]
impl Unit {
    #[lua(getter)]
    fn rest(&self, of: f64) -> f64 {
        of - self.hp
    }
}

fn main() {}
