use luna::FromLua;

#[derive(FromLua)]
struct Config {
    #[lua(name = "h")]
    host: String,
}

fn main() {}
