use luna::LuaUserdata;

#[derive(LuaUserdata)]
struct Unit {
    on_hit: Option<luna::Traced<luna::Function>>,
}

fn main() {}
