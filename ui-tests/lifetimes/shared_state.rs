use std::sync::OnceLock;

use luna::Lua;

static STATE: OnceLock<Lua> = OnceLock::new();

fn main() {
    let _ = &STATE;
}
