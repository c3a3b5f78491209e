use luna::LuaUserdata;

#[derive(LuaUserdata)]
enum Order {
    Wait,
    Follow(u32),
}

fn main() {}
