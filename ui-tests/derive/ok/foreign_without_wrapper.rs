use luna::{Foreign, Lua};
use std::time::Duration;

fn main() {
    let lua = Lua::new();
    let duration = Foreign(Duration::from_secs(1));
    let _ = lua.create_userdata(duration);
}
