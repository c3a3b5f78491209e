use luna::{Lua, LuaUserdata};

#[derive(LuaUserdata)]
struct World {
    pub ticks: u32,
}

fn local_data_does_not_outlive_the_scope(lua: &Lua) {
    lua.scope(|scope| {
        let mut world = World { ticks: 0 };
        scope.create_userdata_ref_mut(&mut world)?;
        Ok(())
    })
    .unwrap();
}

fn the_scope_does_not_escape(lua: &Lua) {
    let mut escaped = None;
    lua.scope(|scope| {
        escaped = Some(scope);
        Ok(())
    })
    .unwrap();
}

fn lent_data_is_not_used_meanwhile(lua: &Lua) {
    let mut world = World { ticks: 0 };
    lua.scope(|scope| {
        scope.create_userdata_ref_mut(&mut world)?;
        world.ticks += 1;
        Ok(())
    })
    .unwrap();
}

fn closures_do_not_borrow_from_the_body(lua: &Lua) {
    lua.scope(|scope| {
        let n = 1;
        scope.create_function(|_, ()| Ok(n + 1))?;
        let _: &i32 = &n;
        Ok(())
    })
    .unwrap();
}

fn main() {}
