use luna::lua_module;

#[lua_module]
pub fn add(a: f64, b: f64) -> f64 {
    a + b
}

fn main() {}
