use luna::LuaUserdata;

struct Opaque;

#[derive(LuaUserdata)]
struct Unit {
    inner: Opaque,
}

fn main() {}
