use luna::{LuaUserdata, lua_methods};

struct View<'w> {
    names: &'w mut Vec<String>,
}

#[derive(LuaUserdata)]
struct Counter {}

#[lua_methods]
impl Counter {
    fn count(&self, view: &View<'_>) -> usize {
        view.names.len()
    }
}

fn main() {}
