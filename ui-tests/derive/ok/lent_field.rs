use luna::LuaUserdata;

#[derive(LuaUserdata)]
struct View<'w> {
    pub title: &'w str,
    #[lua(skip)]
    pub names: &'w mut Vec<String>,
    #[lua(get)]
    owner: &'w str,
}

fn main() {}
