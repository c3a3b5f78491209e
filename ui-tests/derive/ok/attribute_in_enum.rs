use luna::LuaUserdata;

#[derive(LuaUserdata)]
enum Order {
    Wait,
    Go {
        far: f64,
    },
}

fn main() {}
