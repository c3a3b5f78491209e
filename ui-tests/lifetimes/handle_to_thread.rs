use luna::Lua;

fn main() {
    let lua = Lua::new();
    let name = lua.create_string("a").unwrap();
    std::thread::spawn(move || drop(name)).join().unwrap();
}
