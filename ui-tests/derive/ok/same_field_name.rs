use luna::LuaUserdata;

#[derive(LuaUserdata)]
struct Unit {
    pub hp: f64,
    #[lua(name = "health")]
    pub health: f64,
}

fn main() {}
