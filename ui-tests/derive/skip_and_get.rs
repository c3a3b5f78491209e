use luna::LuaUserdata;

#[derive(LuaUserdata)]
struct Unit {
    #[lua(skip, get)]
    pub hp: f64,
}

fn main() {}
