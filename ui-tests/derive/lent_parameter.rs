use luna::LuaUserdata;

#[derive(LuaUserdata)]
struct View<'w, T> {
    names: &'w [T],
}

fn main() {}
