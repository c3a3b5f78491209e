use luna::LuaUserdata;

#[derive(LuaUserdata)]
#[lua(new)]
struct Unit {
    pub hp: f64,
}

fn main() {}
