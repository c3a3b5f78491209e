use luna::LuaUserdata;

#[derive(LuaUserdata)]
struct Unit {
    #[lua(readonly, set)]
    pub hp: f64,
}

fn main() {}
