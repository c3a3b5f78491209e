use luna::{LuaUserdata, lua_methods};

#[derive(LuaUserdata)]
struct Unit {
    hp: f64,
}

#[lua_methods]
impl Unit {
    #[lua(meta = Add)]
    fn add(&self, _other: f64) {}

    #[lua(getter)]
    fn hp(&self) -> f64 {
        0.0
    }
}

fn main() {}
