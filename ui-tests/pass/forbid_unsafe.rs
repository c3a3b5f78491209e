#![forbid(unsafe_code)]
#![deny(warnings)]

use luna::{FromLua, IntoLua, LuaUserdata, lua_methods};

#[derive(LuaUserdata, Clone)]
#[lua(clone, strict)]
pub struct Unit {
    pub hp: f64,
}

#[lua_methods]
impl Unit {
    fn new(hp: f64) -> Self {
        Unit { hp }
    }

    fn hit(&mut self, by: f64) {
        self.hp -= by;
    }

    fn finish(self) -> f64 {
        self.hp
    }
}

#[derive(LuaUserdata)]
pub enum Opaque {
    One,
}

#[derive(FromLua, IntoLua)]
pub struct Config {
    pub port: u16,
}

fn main() {
    let lua = luna::Lua::new();
    lua.set_class::<Unit>("Unit").unwrap();
    lua.load("local u = Unit.new(3) u:hit(1) assert(u:finish() == 2)").exec().unwrap();
    let _ = Opaque::One;
}
