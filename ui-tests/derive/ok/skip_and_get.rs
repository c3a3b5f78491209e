use luna::LuaUserdata;

#[derive(LuaUserdata)]
struct Unit {
    #[lua(skip)]
    pub hp: f64,
}

fn main() {}
