use luna::{Lua, LuaUserdata, Userdata};

#[derive(LuaUserdata)]
struct Unit {
    pub hp: f64,
}

fn hp(unit: &Userdata<Unit>) -> f64 {
    unit.borrow().unwrap().hp
}

fn main() {
    let _ = hp;
    drop(Lua::new());
}
