use luna::{Lua, LuaUserdata};

#[derive(LuaUserdata)]
struct World {
    pub ticks: u32,
}

fn run(lua: &Lua) {
    lua.scope(|scope| {
        let mut world = World { ticks: 0 };
        scope.create_userdata_ref_mut(&mut world)?;
        Ok(())
    })
    .unwrap();
}

fn main() {
    run(&Lua::new());
}
