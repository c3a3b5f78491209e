use luna::Lua;

fn run(lua: &Lua) {
    lua.scope(|scope| {
        let n = 1;
        scope.create_function(|_, ()| Ok(n + 1))?;
        Ok(())
    })
    .unwrap();
}

fn main() {
    run(&Lua::new());
}
