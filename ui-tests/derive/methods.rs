use luna::{Lua, LuaUserdata, lua_methods};

#[derive(LuaUserdata)]
struct Unit;

#[lua_methods]
impl Unit {
    async fn later(&self) {}
    fn any(&self, f: impl Fn()) {
        f();
    }
    fn keep(&self, lua: Lua) {
        drop(lua);
    }
    fn family<T>(&self, _value: T) {}
    #[lua(meta = Plus)]
    fn plus(&self) {}
    #[lua(getter)]
    fn wrong(&mut self) -> u8 {
        0
    }
    #[lua(ctor)]
    fn made() -> u8 {
        0
    }
    fn twice(&self) {}
    #[lua(name = "twice")]
    fn again(&self) {}
}

#[lua_methods]
impl Drop for Unit {
    fn drop(&mut self) {}
}

fn main() {}
