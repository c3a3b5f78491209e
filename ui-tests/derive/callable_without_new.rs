use luna::LuaUserdata;

#[derive(LuaUserdata)]
#[lua(callable)]
struct Unit {
    pub hp: f64,
}

fn main() {}
