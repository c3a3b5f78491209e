use luna::LuaUserdata;

#[derive(LuaUserdata)]
struct Pair<const N: usize> {
    pub first: i64,
    rest: Vec<i64>,
}

fn main() {}
