use luna::LuaUserdata;

#[derive(Clone, LuaUserdata)]
#[lua(from_table)]
struct Meters {
    value: f64,
}

fn main() {}
