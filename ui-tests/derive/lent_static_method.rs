use luna::{LuaUserdata, lua_methods};

#[derive(LuaUserdata)]
struct View<'w> {
    names: &'w mut Vec<String>,
}

#[lua_methods]
impl<'w> View<'w> {
    fn count(&self) -> usize
    where
        'w: 'static,
    {
        self.names.len()
    }
}

fn main() {}
