use luna::{LuaUserdata, lua_methods};

#[derive(LuaUserdata)]
#[lua(concrete(Vec2<f64>))]
struct Vec2<T> {
    pub x: T,
}

#[lua_methods(concrete(Vec2<f64>))]
impl<T: Copy> Vec2<T> {
    fn get(&self) -> T {
        self.x
    }
}

fn main() {}
