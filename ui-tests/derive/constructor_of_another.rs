use luna::{LuaUserdata, lua_methods};

#[derive(LuaUserdata)]
struct Unit {
    hp: f64,
}

#[lua_methods]
impl Unit {
    #[lua(ctor)]
    fn made() -> f64 {
        1.0
    }
}

fn main() {}
