use luna::FromLua;

#[derive(FromLua)]
#[lua(repr = "int")]
enum Level {
    Low,
    High,
}

fn main() {}
