use luna::LuaUserdata;

#[derive(LuaUserdata)]
enum Order {
    Wait,
    Follow(luna::Traced<luna::Userdata<Order>>),
}

fn main() {}
