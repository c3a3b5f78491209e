use luna::LuaUserdata;

struct Inner(u8);

#[derive(LuaUserdata)]
#[lua(new)]
struct Unit {
    pub hp: f64,
    inner: Inner,
}

fn main() {}
