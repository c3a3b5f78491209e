use luna::LuaUserdata;

#[derive(LuaUserdata)]
struct Unit {
    on_hit: Option<fn()>,
}

fn main() {}
