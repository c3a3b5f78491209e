use luna::LuaUserdata;

#[derive(LuaUserdata)]
struct Unit {
    lua: luna::Lua,
}

fn main() {}
