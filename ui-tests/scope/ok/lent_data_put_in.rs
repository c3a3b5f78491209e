use luna::{Lua, LuaUserdata};

#[derive(LuaUserdata)]
struct View<'w> {
    names: &'w [String],
}

fn run(lua: &Lua) {
    lua.scope(|scope| {
        let view = scope.create_lent(View { names: &[] })?;
        view.with_lent_mut::<View<'_>, _>(|view| view.names = &[])?;
        Ok(())
    })
    .unwrap();
}

fn main() {
    run(&Lua::new());
}
