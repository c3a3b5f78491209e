use luna::{FromLua, IntoLua};

#[derive(FromLua, IntoLua)]
#[lua(frozen, impls(Add), rename_al = "camelCase")]
struct Size {
    full_width: u8,
}

fn main() {}
