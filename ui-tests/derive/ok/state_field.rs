use luna::LuaUserdata;

#[derive(LuaUserdata)]
struct Unit {
    lua: luna::WeakLua,
}

fn main() {}
