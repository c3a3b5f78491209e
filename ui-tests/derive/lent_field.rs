use luna::LuaUserdata;

#[derive(LuaUserdata)]
struct View<'w> {
    pub title: &'w str,
    pub names: &'w mut Vec<String>,
    #[lua(set)]
    owner: &'w str,
}

fn main() {}
