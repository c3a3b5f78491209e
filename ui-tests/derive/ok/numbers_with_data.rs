use luna::FromLua;

#[derive(FromLua)]
#[lua(tag = "kind")]
enum Level {
    Low,
    At(u8),
}

fn main() {}
