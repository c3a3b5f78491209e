use luna::{LuaUserdata, lua_methods};

#[derive(LuaUserdata)]
struct Unit {
    hp: f64,
}

#[lua_methods]
impl Unit {
    #[lua(meta = "__ad")]
    fn plus(&self, by: f64) -> f64 {
        self.hp + by
    }
}

fn main() {}
