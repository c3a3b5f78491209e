use luna::LuaUserdata;

#[derive(LuaUserdata)]
struct View<'w> {
    names: &'w [String],
}

fn main() {}
