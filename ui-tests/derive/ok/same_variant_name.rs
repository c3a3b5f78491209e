use luna::FromLua;

#[derive(FromLua)]
enum Mode {
    Fast,
    #[lua(name = "Quick")]
    Quick,
}

fn main() {}
