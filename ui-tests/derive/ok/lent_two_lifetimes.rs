use luna::LuaUserdata;

#[derive(LuaUserdata)]
struct View<'w> {
    name: &'w str,
    names: &'w [String],
}

fn main() {}
