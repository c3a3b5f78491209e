use luna::LuaUserdata;

#[derive(LuaUserdata)]
#[lua(frozen)]
struct Unit {
    pub hp: f64,
}

fn main() {}
