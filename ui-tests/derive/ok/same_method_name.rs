use luna::{LuaUserdata, lua_methods};

#[derive(LuaUserdata)]
struct Unit {
    hp: f64,
}

#[lua_methods]
impl Unit {
    fn hit(&self) {}
    #[lua(name = "strike")]
    fn strike(&self) {}
}

fn main() {}
