use luna::{LuaUserdata, lua_methods};

#[derive(LuaUserdata)]
struct Unit {
    hp: f64,
}

#[lua_methods]
impl Unit {
    #[lua(pure)]
    fn more(&self, other: &mut Unit) -> f64 {
        self.hp + other.hp
    }
}

fn main() {}
