use luna::LuaUserdata;

#[derive(LuaUserdata)]
#[lua(rename_all = "camelCase")]
struct Unit {
    pub hp: f64,
}

fn main() {}
