use luna::FromLua;

#[derive(FromLua)]
struct Config {
    #[lua(default, skip)]
    port: u16,
}

fn main() {}
