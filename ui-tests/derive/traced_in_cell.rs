use luna::{Function, LuaUserdata, Traced};

#[derive(LuaUserdata)]
struct Unit {
    on_hit: std::cell::RefCell<Option<Traced<Function>>>,
}

fn main() {}
