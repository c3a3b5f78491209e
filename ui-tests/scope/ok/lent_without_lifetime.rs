use luna::{Lua, LuaUserdata};

#[derive(LuaUserdata)]
struct World {
    pub ticks: u32,
}

fn run(lua: &Lua) {
    let mut world = World { ticks: 0 };
    lua.scope(|scope| {
        scope.create_userdata_ref_mut(&mut world)?;
        Ok(())
    })
    .unwrap();
}

fn main() {
    run(&Lua::new());
}
