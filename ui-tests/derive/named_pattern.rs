use luna::{LuaUserdata, lua_methods};

#[derive(LuaUserdata)]
struct Squad;

#[lua_methods]
impl Squad {
    #[lua(named)]
    fn place(&self, Point { x, y }: Point) -> i64 {
        x + y
    }
}

fn main() {}

#[derive(luna::FromLua)]
struct Point {
    x: i64,
    y: i64,
}
