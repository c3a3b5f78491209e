use luna::{Lua, LuaUserdata};

#[derive(LuaUserdata)]
struct View<'w> {
    names: &'w [String],
}

fn run(lua: &Lua) {
    let names = vec!["orc".to_owned()];
    lua.scope(|scope| {
        let view = scope.create_lent(View { names: &[] })?;
        view.with_lent_mut::<View<'_>, _>(|view| view.names = &names)?;
        Ok(())
    })
    .unwrap();
}

fn main() {
    run(&Lua::new());
}
