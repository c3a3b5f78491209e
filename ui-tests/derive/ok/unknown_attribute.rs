use luna::LuaUserdata;

#[derive(LuaUserdata)]
#[lua(strict)]
struct Unit {
    pub hp: f64,
}

fn main() {}
