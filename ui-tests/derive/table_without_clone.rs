use luna::LuaUserdata;

#[derive(LuaUserdata)]
#[lua(from_table)]
struct Unit {
    pub hp: f64,
}

fn main() {}
