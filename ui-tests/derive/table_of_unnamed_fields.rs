use luna::LuaUserdata;

#[derive(Clone, LuaUserdata)]
#[lua(from_table)]
struct Meters(f64);

fn main() {}
