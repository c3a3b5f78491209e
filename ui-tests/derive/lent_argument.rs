use luna::{LuaUserdata, lua_methods};

#[derive(LuaUserdata)]
struct View<'w> {
    name: &'w str,
}

#[lua_methods]
impl<'w> View<'w> {
    fn rename(&mut self, name: &'w str) {
        self.name = name;
    }

    fn hold(&'w self) -> usize {
        self.name.len()
    }

    fn meet(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

fn main() {}
