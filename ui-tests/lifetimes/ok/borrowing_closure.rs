use luna::Lua;

fn main() {
    let lua = Lua::new();
    let text = String::from("x");
    lua.create_function(move || text.len()).unwrap();
}
