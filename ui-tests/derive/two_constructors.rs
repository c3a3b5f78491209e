use luna::{LuaUserdata, lua_methods};

#[derive(LuaUserdata)]
struct Unit {
    hp: f64,
}

#[lua_methods]
impl Unit {
    #[lua(ctor)]
    fn born() -> Self {
        Unit { hp: 1.0 }
    }
    #[lua(ctor)]
    fn made() -> Self {
        Unit { hp: 2.0 }
    }
}

fn main() {}
