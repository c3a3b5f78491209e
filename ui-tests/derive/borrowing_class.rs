use luna::LuaUserdata;

#[derive(LuaUserdata)]
struct Unit<'a> {
    name: &'a str,
}

fn main() {}
