use luna::Lua;

fn main() {
    let lua = Lua::new();
    let text = String::from("x");
    let borrowed: &str = &text;
    lua.create_function(|| borrowed.len()).unwrap();
    let kept = std::cell::RefCell::new(None::<&'static str>);
    lua.create_function(move |text: &str| {
        *kept.borrow_mut() = Some(text);
    })
    .unwrap();
}
