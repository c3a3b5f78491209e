use luna::{LuaUserdata, lua_methods};

#[derive(LuaUserdata)]
struct Unit {
    hp: f64,
}

#[lua_methods]
impl Unit {
    async fn heal(&mut self) {}

    async fn name(&self, _lua: &luna::Lua, _text: &str) {}

    async fn other(&self, _other: Option<&Unit>) {}
}

fn main() {}
