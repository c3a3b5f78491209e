use luna::LuaUserdata;

#[derive(LuaUserdata)]
#[lua(new, callable)]
struct Unit {
    pub hp: f64,
}

fn main() {}
