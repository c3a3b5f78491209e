use luna::FromLua;

#[derive(FromLua)]
struct Config {
    #[lua(nmae = "h")]
    host: String,
}

fn main() {}
