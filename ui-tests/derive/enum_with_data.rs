use luna::FromLua;

#[derive(FromLua)]
enum Shape {
    Dot,
    Circle(f64),
}

fn main() {}
