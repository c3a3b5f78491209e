use luna::{Lua, LuaUserdata};

#[derive(LuaUserdata)]
struct View<'w> {
    names: &'w mut Vec<String>,
}

fn run(lua: &Lua) {
    lua.scope(|scope| {
        let mut names = Vec::new();
        scope.create_lent(View { names: &mut names })?;
        Ok(())
    })
    .unwrap();
}

fn main() {
    run(&Lua::new());
}
