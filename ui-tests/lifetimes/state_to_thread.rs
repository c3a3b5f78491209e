use luna::Lua;

fn main() {
    let lua = Lua::new();
    std::thread::spawn(move || {
        lua.load("return 1").eval::<i64>().unwrap();
    })
    .join()
    .unwrap();
}
