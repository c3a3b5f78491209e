use luna::FromLua;

#[derive(FromLua)]
enum Shape {
    Dot,
    Circle,
}

fn main() {}
