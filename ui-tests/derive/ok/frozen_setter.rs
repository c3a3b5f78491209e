use luna::LuaUserdata;

#[derive(LuaUserdata)]
#[lua(frozen)]
struct Unit {
    #[lua(get)]
    hp: f64,
}

fn main() {}
