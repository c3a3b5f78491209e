use luna::FromLua;

#[derive(FromLua)]
struct Config {
    #[lua(skip)]
    port: u16,
}

fn main() {}
