use luna::FromLua;

#[derive(FromLua)]
struct Nothing;

fn main() {}
