use luna::LuaUserdata;

#[derive(LuaUserdata)]
struct Unit {
    on_hit: Option<luna::Function>,
}

fn main() {}
