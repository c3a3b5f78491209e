use luna::LuaUserdata;

#[derive(LuaUserdata)]
struct Meters(#[lua(get)] f64);

fn main() {}
