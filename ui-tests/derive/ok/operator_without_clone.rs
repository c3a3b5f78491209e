use luna::LuaUserdata;

#[derive(Clone, LuaUserdata)]
#[lua(impls(Neg))]
struct Meters(f64);

impl std::ops::Neg for Meters {
    type Output = Meters;
    fn neg(self) -> Meters {
        Meters(-self.0)
    }
}

fn main() {}
