use luna::Lua;

fn run(lua: &Lua) {
    let mut escaped = None;
    lua.scope(|scope| {
        escaped = Some(scope);
        Ok(())
    })
    .unwrap();
    assert!(escaped.is_some());
}

fn main() {
    run(&Lua::new());
}
