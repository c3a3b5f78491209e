use luna::LuaUserdata;

#[derive(LuaUserdata)]
struct Unit {
    name: String,
}

fn main() {}
