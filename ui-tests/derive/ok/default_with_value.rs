use luna::FromLua;

#[derive(FromLua)]
struct Config {
    #[lua(default)]
    port: u16,
}

fn main() {}
