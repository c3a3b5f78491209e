use luna::{LuaUserdata, lua_methods};

#[derive(LuaUserdata)]
struct Unit {
    hp: f64,
}

#[lua_methods]
impl Unit {
    #[lua(meta = Len, name = "len")]
    fn len(&self) -> u8 {
        1
    }
}

fn main() {}
