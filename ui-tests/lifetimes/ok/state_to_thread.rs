use luna::Lua;

fn main() {
    std::thread::spawn(move || {
        let lua = Lua::new();
        lua.load("return 1").eval::<i64>().unwrap();
    })
    .join()
    .unwrap();
}
