use luna::LuaUserdata;

#[derive(LuaUserdata)]
struct Bits {
    low: u8,
    high: u8,
}

fn main() {}
