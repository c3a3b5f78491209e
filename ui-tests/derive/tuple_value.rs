use luna::IntoLua;

#[derive(IntoLua)]
struct Pair(f64, f64);

fn main() {}
