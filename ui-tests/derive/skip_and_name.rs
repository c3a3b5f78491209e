use luna::LuaUserdata;

#[derive(LuaUserdata)]
struct Unit {
    #[lua(skip, name = "hp")]
    pub health: f64,
}

fn main() {}
