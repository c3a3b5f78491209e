use luna::LuaUserdata;

#[derive(LuaUserdata)]
#[lua(new)]
enum Shape {
    Empty,
    Circle(f64),
}

fn main() {}
