//! The safe binding as its users see it. Every test leaves no handle and no host root behind.

mod arguments;
mod basics;
mod callbacks;
mod coroutines;
mod errors;
mod garbage;
mod handles;
mod limits;
mod scopes;
mod tables;
mod traced;
mod userdata;

use luna::Lua;

/// Runs a test with a fresh state, which must be as it was at its start afterwards.
fn check(test: impl FnOnce(&Lua) -> luna::Result<()>) {
    check_with(&Lua::new(), test);
}

/// As [`check`] with a given state.
fn check_with(lua: &Lua, test: impl FnOnce(&Lua) -> luna::Result<()>) {
    let counts = || {
        let roots = lua.with_vm(|vm| vm.host_root_count()).expect("nobody else has the state");
        (lua.handle_count(), roots)
    };
    let before = counts();
    test(lua).expect("the test passes");
    assert_eq!(counts(), before, "handles and host roots are back at their start");
}
