use luna::{LuaUserdata, lua_methods};

#[derive(LuaUserdata)]
struct Unit {
    hp: f64,
}

#[lua_methods]
impl Unit {
    #[lua(pure)]
    fn health(&mut self) -> f64 {
        self.hp
    }
}

fn main() {}
