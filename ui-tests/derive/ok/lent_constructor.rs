use luna::{LuaUserdata, lua_methods};

#[derive(LuaUserdata)]
struct View<'w> {
    names: &'w mut Vec<String>,
}

#[lua_methods]
impl<'w> View<'w> {
    #[lua(skip)]
    fn new(names: &'w mut Vec<String>) -> Self {
        View { names }
    }
}

fn main() {}
