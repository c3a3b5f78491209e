use luna::LuaUserdata;

#[derive(LuaUserdata)]
#[lua(frozen)]
struct Unit {
    #[lua(set)]
    hp: f64,
}

fn main() {}
