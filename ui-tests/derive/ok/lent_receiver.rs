use luna::{LuaUserdata, lua_methods};

#[derive(LuaUserdata)]
struct View<'w> {
    names: &'w mut Vec<String>,
}

#[lua_methods]
impl<'w> View<'w> {
    fn finish(&self) -> usize {
        self.names.len()
    }
}

fn main() {}
