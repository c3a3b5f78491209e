use luna::FromLua;

#[derive(FromLua)]
union Bits {
    low: u8,
    high: u8,
}

fn main() {}
