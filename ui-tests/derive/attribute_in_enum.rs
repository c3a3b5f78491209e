use luna::LuaUserdata;

#[derive(LuaUserdata)]
enum Order {
    Wait,
    Go {
        #[lua(get)]
        far: f64,
    },
}

fn main() {}
