use luna::LuaUserdata;

#[derive(LuaUserdata)]
#[lua(frozen, strikt, rename_all = "shouting")]
struct Unit {
    #[lua(set)]
    hp: f64,
    #[lua(skip, get)]
    name: String,
    pub a: u8,
    #[lua(name = "a")]
    pub b: u8,
}

#[derive(LuaUserdata)]
struct Generic<T> {
    pub value: T,
}

#[derive(LuaUserdata)]
union Bits {
    a: u8,
    b: i8,
}

fn main() {}
