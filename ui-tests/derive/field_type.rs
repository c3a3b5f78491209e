use luna::LuaUserdata;

struct Opaque;

#[derive(LuaUserdata)]
struct Unit {
    pub inner: Opaque,
}

fn main() {}
