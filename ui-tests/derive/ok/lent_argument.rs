use luna::{LuaUserdata, lua_methods};

#[derive(LuaUserdata)]
struct View<'w> {
    name: &'w str,
}

#[lua_methods]
impl<'w> View<'w> {
    #[lua(skip)]
    fn rename(&mut self, name: &'w str) {
        self.name = name;
    }

    fn hold(&self) -> usize {
        self.name.len()
    }

    fn meet(&self, other: &View<'_>) -> bool {
        self.name == other.name
    }
}

fn main() {}
