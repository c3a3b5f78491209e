use luna::LuaUserdata;

#[derive(LuaUserdata)]
enum Order {
    Wait,
    Follow(luna::Userdata<Order>),
}

fn main() {}
