use luna::{FromLua, IntoLua};

#[derive(FromLua)]
enum Shape {
    Dot,
    Circle(f64),
}

#[derive(IntoLua)]
struct Pair(f64, f64);

#[derive(FromLua)]
struct Config {
    #[lua(default, skip)]
    port: u16,
    #[lua(nmae = "h")]
    host: String,
}

fn main() {}
