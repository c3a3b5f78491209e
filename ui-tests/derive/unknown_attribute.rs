use luna::LuaUserdata;

#[derive(LuaUserdata)]
#[lua(strikt)]
struct Unit {
    pub hp: f64,
}

fn main() {}
