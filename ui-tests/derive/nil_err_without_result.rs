use luna::{LuaUserdata, lua_methods};

#[derive(LuaUserdata)]
struct Squad;

#[lua_methods]
impl Squad {
    #[lua(nil_err)]
    fn len(text: &str) -> usize {
        text.len()
    }
}

fn main() {}
