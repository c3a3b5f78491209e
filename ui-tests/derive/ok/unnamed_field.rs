use luna::LuaUserdata;

#[derive(LuaUserdata)]
struct Meters{ #[lua(get)] value: f64 }

fn main() {}
