use luna::Lua;

fn run(lua: &Lua) {
    let mut escaped = None;
    lua.scope(|scope| {
        escaped = Some(scope.create_function(|_, ()| Ok(1))?);
        Ok(())
    })
    .unwrap();
    assert!(escaped.is_some());
}

fn main() {
    run(&Lua::new());
}
