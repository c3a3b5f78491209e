use luna::lua_module;

#[lua_module]
mod shapes {
    pub const MAX: u8 = 1;
    #[lua(name = "MAX")]
    pub fn max() -> u8 {
        MAX
    }
}

fn main() {}
