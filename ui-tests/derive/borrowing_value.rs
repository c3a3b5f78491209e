use luna::FromLua;

#[derive(FromLua)]
struct Config<'a> {
    host: &'a str,
}

fn main() {}
