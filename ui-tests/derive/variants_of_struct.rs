use luna::LuaUserdata;

#[derive(LuaUserdata)]
#[lua(variants)]
struct Unit {
    pub hp: f64,
}

fn main() {}
