use luna::FromLua;

#[derive(FromLua)]
struct Config {
    host: String,
}

fn main() {}
