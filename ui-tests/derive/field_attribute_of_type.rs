use luna::LuaUserdata;

#[derive(LuaUserdata)]
struct Unit {
    #[lua(frozen)]
    pub hp: f64,
}

fn main() {}
