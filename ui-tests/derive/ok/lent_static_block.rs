use luna::{LuaUserdata, lua_methods};

#[derive(LuaUserdata)]
struct View<'w> {
    names: &'w mut Vec<String>,
}

#[lua_methods]
impl View<'_> {
    fn count(&self) -> usize {
        self.names.len()
    }
}

fn main() {}
