use luna::Lua;

fn main() {
    let lua = Lua::new();
    let kept = std::cell::RefCell::new(None::<String>);
    lua.create_function(move |text: &str| {
        *kept.borrow_mut() = Some(text.to_owned());
    })
    .unwrap();
}
