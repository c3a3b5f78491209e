use luna::lua_module;

#[lua_module]
mod shapes {
    #[lua(name = "sum")]
    pub fn add(a: f64, b: f64) -> f64 {
        a + b
    }
}

fn main() {}
