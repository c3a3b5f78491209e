use luna::LuaUserdata;

#[derive(LuaUserdata)]
#[lua(strict, frozen, new, into_table, impls(Display, Add))]
struct View<'w> {
    names: &'w [String],
    #[lua(default)]
    pub ticks: u32,
    #[lua(by_ref)]
    pub place: Place,
}

#[derive(LuaUserdata)]
struct Place {}

impl std::fmt::Display for View<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.names.len())
    }
}

fn main() {}
