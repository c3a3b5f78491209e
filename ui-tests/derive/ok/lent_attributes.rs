use luna::LuaUserdata;

#[derive(LuaUserdata)]
#[lua(strict, impls(Display))]
struct View<'w> {
    names: &'w [String],
    pub ticks: u32,
    place: Place,
}

#[derive(LuaUserdata)]
struct Place {}

impl std::fmt::Display for View<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.names.len())
    }
}

fn main() {}
