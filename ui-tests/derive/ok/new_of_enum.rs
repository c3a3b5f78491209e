use luna::LuaUserdata;

#[derive(LuaUserdata)]
#[lua(variants)]
enum Shape {
    Empty,
    Circle(f64),
}

fn main() {}
