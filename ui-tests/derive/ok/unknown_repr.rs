use luna::FromLua;

#[derive(FromLua)]
#[lua(repr = "int")]
enum Level {
    Low = 1,
    High = 2,
}

fn main() {}
