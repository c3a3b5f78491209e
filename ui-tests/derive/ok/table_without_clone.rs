use luna::LuaUserdata;

#[derive(Clone, LuaUserdata)]
#[lua(from_table)]
struct Unit {
    pub hp: f64,
}

fn main() {}
