use luna::LuaUserdata;

#[derive(LuaUserdata)]
union Bits {
    low: u8,
    high: u8,
}

fn main() {}
