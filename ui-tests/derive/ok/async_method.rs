use luna::{LuaUserdata, lua_methods};

#[derive(LuaUserdata)]
struct Unit {
    hp: f64,
}

#[lua_methods]
impl Unit {
    async fn heal(&self) {}

    async fn name(&self, _lua: luna::WeakLua, _text: String) {}

    async fn other(&self, _other: Option<luna::UserdataRef<Unit>>) {}
}

fn main() {}
