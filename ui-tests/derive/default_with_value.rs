use luna::FromLua;

#[derive(FromLua)]
struct Config {
    #[lua(default = 80)]
    port: u16,
}

fn main() {}
