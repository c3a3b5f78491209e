use luna::{Lent, Lua, LuaUserdata};

#[derive(LuaUserdata)]
struct View<'w> {
    names: &'w mut Vec<String>,
}

fn run(lua: &Lua) {
    let double = |view: &Lent<View<'static>>| -> luna::Result<()> {
        let second: Lent<View<'static>> = view.clone();
        second.with(|_| ())
    };
    lua.create_function(double).unwrap();
}

fn main() {
    run(&Lua::new());
}
