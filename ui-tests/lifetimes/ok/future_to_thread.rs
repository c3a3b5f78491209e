use luna::Lua;

fn main() {
    let lua = Lua::new();
    let call = lua.load("1").eval_async::<i64>();
    let done = move || drop(call);
    done();
}
