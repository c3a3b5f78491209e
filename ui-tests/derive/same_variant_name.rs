use luna::FromLua;

#[derive(FromLua)]
enum Mode {
    Fast,
    #[lua(name = "Fast")]
    Quick,
}

fn main() {}
