use luna::lua_module;

#[lua_module]
mod shapes {
    pub fn same<T>(value: T) -> T {
        value
    }
}

fn main() {}
