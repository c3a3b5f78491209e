use luna::LuaUserdata;

#[derive(LuaUserdata)]
#[lua(frozen = true)]
struct Unit {
    pub hp: f64,
}

fn main() {}
