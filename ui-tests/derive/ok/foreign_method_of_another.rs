use luna::Lua;
use std::time::Duration;

fn main() {
    let lua = Lua::new();
    let _ = lua.register_type::<Duration>(|t| t.add_getter("seconds", Duration::as_secs_f64));
}
