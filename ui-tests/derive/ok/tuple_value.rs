use luna::IntoLua;

#[derive(IntoLua)]
struct Pair(f64);

fn main() {}
