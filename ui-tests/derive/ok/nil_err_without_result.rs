use luna::{LuaUserdata, lua_methods};

#[derive(LuaUserdata)]
struct Squad;

#[lua_methods]
impl Squad {
    fn len(text: &str) -> usize {
        text.len()
    }
}

fn main() {}
