use luna::FromLua;

#[derive(FromLua)]
struct Nothing(bool);

fn main() {}
