//! Rust traits as events.

use std::fmt;
use std::ops::{Add, Index, IndexMut, Mul, Neg, Sub};

use luna::{Lua, LuaUserdata, lua_methods};

use crate::check;

#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, LuaUserdata)]
#[lua(impls(Display, PartialEq, PartialOrd(Self, f64), Add(Self, f64), Sub(f64 - Self), Mul(f32, f64 * Self), Neg, Clone))]
struct Meters(f64);

#[lua_methods]
impl Meters {
    fn new(m: f64) -> Self {
        Meters(m)
    }

    fn grow(&mut self, lua: &Lua) -> luna::Result<bool> {
        self.0 += 1.0;
        lua.load("m == Meters.new(1)").eval()
    }
}

impl fmt::Display for Meters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}m", self.0)
    }
}

impl Add for Meters {
    type Output = Meters;
    fn add(self, other: Meters) -> Meters {
        Meters(self.0 + other.0)
    }
}

impl Add<f64> for Meters {
    type Output = Meters;
    fn add(self, other: f64) -> Meters {
        Meters(self.0 + other)
    }
}

impl Sub<Meters> for f64 {
    type Output = f64;
    fn sub(self, other: Meters) -> f64 {
        self - other.0
    }
}

impl Mul<f32> for Meters {
    type Output = Meters;
    fn mul(self, other: f32) -> Meters {
        Meters(self.0 * f64::from(other))
    }
}

impl Mul<Meters> for f64 {
    type Output = Meters;
    fn mul(self, other: Meters) -> Meters {
        Meters(self * other.0)
    }
}

impl Neg for Meters {
    type Output = Meters;
    fn neg(self) -> Meters {
        Meters(-self.0)
    }
}

impl PartialEq<f64> for Meters {
    fn eq(&self, other: &f64) -> bool {
        self.0 == *other
    }
}

impl PartialOrd<f64> for Meters {
    fn partial_cmp(&self, other: &f64) -> Option<std::cmp::Ordering> {
        self.0.partial_cmp(other)
    }
}

/// Equal and shown without being copied.
#[derive(Debug, Default, PartialEq, LuaUserdata)]
#[lua(impls(Debug, PartialEq, Default, Index(usize, &str), IndexMut(usize)))]
struct Bag {
    items: Vec<i64>,
}

impl Index<usize> for Bag {
    type Output = i64;
    fn index(&self, at: usize) -> &i64 {
        &self.items[at]
    }
}

impl Index<&str> for Bag {
    type Output = i64;
    fn index(&self, name: &str) -> &i64 {
        &self.items[name.len()]
    }
}

impl IndexMut<usize> for Bag {
    fn index_mut(&mut self, at: usize) -> &mut i64 {
        if at >= self.items.len() {
            self.items.resize(at + 1, 0);
        }
        &mut self.items[at]
    }
}

#[test]
fn operators_try_the_operands_that_are_listed() -> luna::Result<()> {
    let lua = Lua::new();
    lua.set_class::<Meters>("Meters")?;
    check(
        &lua,
        &[
            ("Meters.new(1) + Meters.new(2)", "3m"),
            ("Meters.new(1) + 2", "3m"),
            ("10 - Meters.new(1)", "9.0"),
            ("Meters.new(2) * 3", "6m"),
            ("3 * Meters.new(2)", "6m"),
            ("-Meters.new(2)", "-2m"),
            ("Meters.new(2):clone()", "2m"),
            (
                "Meters.new(1) + 'x'",
                "t:1: bad argument #2 to '__add' (Meters or number expected, got string)",
            ),
            ("1 + Meters.new(1)", "t:1: bad argument #1 to '__add' (Meters expected, got number)"),
            (
                "{} * Meters.new(1)",
                "t:1: bad argument #1 to '__mul' (Meters or number expected, got table)",
            ),
            (
                "Meters.new(1) * 1e300",
                "t:1: bad argument #2 to '__mul' (number out of range for f32)",
            ),
            (
                "Meters.new(1) - 1",
                "t:1: bad argument #2 to '__sub' (Meters stands only on the right of this operator)",
            ),
        ],
    )
}

#[test]
fn comparisons_work_in_both_orders() -> luna::Result<()> {
    let lua = Lua::new();
    lua.set_class::<Meters>("Meters")?;
    lua.set_class::<Bag>("Bag")?;
    check(
        &lua,
        &[
            ("Meters.new(1) == Meters.new(1)", "true"),
            ("Meters.new(1) == Meters.new(2)", "false"),
            ("Meters.new(1) == Bag.default()", "false"),
            ("Bag.default() == Bag.default()", "true"),
            ("Meters.new(1) < Meters.new(2)", "true"),
            ("Meters.new(1) >= Meters.new(2)", "false"),
            ("Meters.new(1) < 2", "true"),
            ("2 < Meters.new(1)", "false"),
            ("2 <= Meters.new(2)", "true"),
            (
                "Meters.new(1) < 'x'",
                "t:1: bad argument #2 to '__lt' (Meters or number expected, got string)",
            ),
            (
                "m = Meters.new(0) return m:grow()",
                "chunk:1: cannot borrow Meters in '__eq': already mutably borrowed by 'grow'",
            ),
        ],
    )
}

#[test]
fn elements_are_read_and_written() -> luna::Result<()> {
    let lua = Lua::new();
    lua.set_class::<Bag>("Bag")?;
    check(
        &lua,
        &[
            ("local b = Bag.default() b[2] = 7 return b[2] + b.x", "14"),
            ("Bag.default()", "Bag { items: [] }"),
            ("Bag.default()[0]", "t:1: bad argument #2 to '__index' (positions count from 1)"),
            (
                "Bag.default()[true]",
                "t:1: bad argument #2 to '__index' (number or string expected, got boolean)",
            ),
            (
                "Bag.default()[1] = 'x'",
                "t:1: bad argument #3 to '__newindex' (number expected, got string)",
            ),
            (
                "Bag.default().x = 1",
                "t:1: bad argument #2 to '__newindex' (number expected, got string)",
            ),
        ],
    )
}
