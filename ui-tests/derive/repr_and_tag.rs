use luna::FromLua;

#[derive(FromLua)]
#[lua(repr = "int", tag = "kind")]
enum Level {
    Low,
    High,
}

fn main() {}
