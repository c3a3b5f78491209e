use luna::LuaUserdata;

#[derive(LuaUserdata)]
struct Unit {
    #[lua(name = "hp")]
    pub health: f64,
}

fn main() {}
