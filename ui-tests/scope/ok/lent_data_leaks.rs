use luna::{Lua, LuaUserdata};

#[derive(LuaUserdata)]
struct View<'w> {
    names: &'w mut Vec<String>,
}

fn run(lua: &Lua) {
    let mut names = vec!["orc".to_owned()];
    lua.scope(|scope| {
        let view = scope.create_lent(View { names: &mut names })?;
        let first = view.with_lent::<View<'_>, _>(|view| view.names[0].clone())?;
        assert_eq!(first, "orc");
        Ok(())
    })
    .unwrap();
}

fn main() {
    run(&Lua::new());
}
