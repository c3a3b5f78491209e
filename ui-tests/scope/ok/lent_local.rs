use luna::{Lua, LuaUserdata};

#[derive(LuaUserdata)]
struct View<'w> {
    names: &'w mut Vec<String>,
}

fn run(lua: &Lua) {
    let mut names = Vec::new();
    lua.scope(|scope| {
        scope.create_lent(View { names: &mut names })?;
        Ok(())
    })
    .unwrap();
}

fn main() {
    run(&Lua::new());
}
