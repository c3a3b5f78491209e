use luna::{Lua, LuaUserdata};

#[derive(LuaUserdata)]
struct World {
    pub ticks: u32,
}

fn run(lua: &Lua) {
    let world = World { ticks: 0 };
    lua.scope(|scope| {
        scope.create_userdata_ref(&world)?;
        assert_eq!(world.ticks, 0);
        Ok(())
    })
    .unwrap();
}

fn main() {
    run(&Lua::new());
}
