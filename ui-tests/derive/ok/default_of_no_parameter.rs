use luna::{LuaUserdata, lua_methods};

#[derive(LuaUserdata)]
struct Squad;

#[lua_methods]
impl Squad {
    #[lua(defaults(count = 1))]
    fn spawn(&self, count: u8) -> u8 {
        count
    }
}

fn main() {}
