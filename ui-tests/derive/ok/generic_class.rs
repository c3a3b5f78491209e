use luna::LuaUserdata;

#[derive(LuaUserdata)]
struct Pair {
    pub first: i64,
    rest: Vec<i64>,
}

fn main() {}
