use luna::LuaUserdata;

#[derive(LuaUserdata)]
struct Unit {
    #[lua(readonly)]
    pub hp: f64,
}

fn main() {}
