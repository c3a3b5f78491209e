use luna::{LuaUserdata, lua_methods};

#[derive(LuaUserdata)]
struct Squad;

#[lua_methods]
impl Squad {
    #[lua(named)]
    fn sum(&self, numbers: Vec<i64>) {
        let _ = numbers;
    }
}

fn main() {}
