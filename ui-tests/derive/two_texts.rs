use luna::LuaUserdata;

#[derive(Clone, Debug, LuaUserdata)]
#[lua(impls(Display, Debug))]
struct Meters(f64);

impl std::ops::Neg for Meters {
    type Output = Meters;
    fn neg(self) -> Meters {
        Meters(-self.0)
    }
}

impl std::ops::Mul<Meters> for f64 {
    type Output = Meters;
    fn mul(self, other: Meters) -> Meters {
        Meters(self * other.0)
    }
}

impl std::ops::Index<usize> for Meters {
    type Output = f64;
    fn index(&self, _at: usize) -> &f64 {
        &self.0
    }
}

impl std::fmt::Display for Meters {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

fn main() {}
