use std::sync::OnceLock;

use luna::Lua;

thread_local!(static STATE: OnceLock<Lua> = const { OnceLock::new() });

fn main() {
    let _ = &STATE;
}
