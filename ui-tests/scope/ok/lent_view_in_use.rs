use luna::{Lua, LuaUserdata};

#[derive(LuaUserdata)]
struct View<'w> {
    names: &'w mut Vec<String>,
}

fn run(lua: &Lua) {
    let mut names = Vec::new();
    let mut view = View { names: &mut names };
    lua.scope(|scope| {
        scope.create_lent_mut(&mut view)?;
        Ok(())
    })
    .unwrap();
    view.names.push(String::new());
}

fn main() {
    run(&Lua::new());
}
