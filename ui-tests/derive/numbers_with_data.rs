use luna::FromLua;

#[derive(FromLua)]
#[lua(repr = "int")]
enum Level {
    Low,
    At(u8),
}

fn main() {}
