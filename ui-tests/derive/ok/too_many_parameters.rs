use luna::{LuaUserdata, lua_methods};

#[derive(LuaUserdata)]
struct Unit {
    hp: f64,
}

#[lua_methods]
impl Unit {
    #[expect(clippy::too_many_arguments, reason = "that is the point")]
    fn many(_p0: u8, _p1: u8, _p2: u8, _p3: u8, _p4: u8, _p5: u8, _p6: u8, _p7: u8, _p8: u8, _p9: u8, _p10: u8, _p11: u8, _p12: u8, _p13: u8, _p14: u8, _p15: u8) {}
}

fn main() {}
