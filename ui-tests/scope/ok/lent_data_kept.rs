use luna::{Lua, LuaUserdata};

#[derive(LuaUserdata)]
struct View<'w> {
    names: &'w [String],
}

fn run(lua: &Lua) {
    let names = vec!["orc".to_owned()];
    let mut kept: Vec<String> = Vec::new();
    lua.scope(|scope| {
        let view = scope.create_lent(View { names: &names })?;
        view.with_lent::<View<'_>, _>(|view| kept = view.names.to_vec())?;
        Ok(())
    })
    .unwrap();
    assert_eq!(kept.len(), 1);
}

fn main() {
    run(&Lua::new());
}
