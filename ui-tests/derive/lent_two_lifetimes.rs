use luna::LuaUserdata;

#[derive(LuaUserdata)]
struct View<'n, 'w> {
    name: &'n str,
    names: &'w [String],
}

fn main() {}
