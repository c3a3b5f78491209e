use luna::Lua;

fn main() {
    let lua = Lua::new();
    let error = lua.load("error(1)").exec().unwrap_err();
    std::thread::spawn(move || drop(error)).join().unwrap();
}
