use luna::LuaUserdata;

#[derive(LuaUserdata)]
#[lua(rename_all = "camelcase")]
struct Unit {
    pub hp: f64,
}

fn main() {}
