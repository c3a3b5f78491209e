use luna::FromLua;

#[derive(FromLua)]
struct Bits {
    low: u8,
    high: u8,
}

fn main() {}
