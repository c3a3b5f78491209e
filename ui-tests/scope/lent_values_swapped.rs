use luna::{Lua, LuaUserdata};

#[derive(LuaUserdata)]
struct View<'w> {
    names: &'w mut Vec<String>,
}

fn run(lua: &Lua) {
    let (mut names, mut others) = (Vec::new(), Vec::new());
    lua.scope(|scope| {
        let a = scope.create_lent(View { names: &mut names })?;
        let b = scope.create_lent(View { names: &mut others })?;
        a.with_lent_mut::<View<'_>, _>(|a| {
            b.with_lent_mut::<View<'_>, _>(|b| std::mem::swap(&mut a.names, &mut b.names))
        })?
    })
    .unwrap();
}

fn main() {
    run(&Lua::new());
}
