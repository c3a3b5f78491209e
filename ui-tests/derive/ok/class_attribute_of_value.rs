use luna::{FromLua, IntoLua};

#[derive(FromLua, IntoLua)]
#[lua(strict, rename_all = "camelCase")]
struct Size {
    full_width: u8,
}

fn main() {}
