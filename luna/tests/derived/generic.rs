//! Generic types, each set of parameters a class of its own.

use std::ops::Add;

use luna::{Lua, LuaUserdata, lua_methods};

use crate::check;

#[derive(Clone, Copy, LuaUserdata)]
#[lua(concrete(Vec2<f64> = "Vec2", Vec2<i32>), new, clone, impls(Add(Self, T)), methods(more))]
struct Vec2<T> {
    pub x: T,
    pub y: T,
}

impl<T: Add<Output = T>> Add for Vec2<T> {
    type Output = Vec2<T>;
    fn add(self, other: Vec2<T>) -> Vec2<T> {
        Vec2 { x: self.x + other.x, y: self.y + other.y }
    }
}

impl Add<f64> for Vec2<f64> {
    type Output = Vec2<f64>;
    fn add(self, other: f64) -> Vec2<f64> {
        Vec2 { x: self.x + other, y: self.y + other }
    }
}

impl Add<i32> for Vec2<i32> {
    type Output = Vec2<i32>;
    fn add(self, other: i32) -> Vec2<i32> {
        Vec2 { x: self.x + other, y: self.y + other }
    }
}

#[lua_methods(concrete(Vec2<f64>, Vec2<i32>))]
impl<T: Copy + Add<Output = T>> Vec2<T> {
    fn sum(&self) -> T {
        self.x + self.y
    }

    fn plus(&self, other: &Vec2<T>, more: Option<T>) -> Self {
        let more = more.unwrap_or(other.x);
        Vec2 { x: self.x + other.x, y: self.y + more }
    }

    fn splat(value: T) -> Self {
        Vec2 { x: value, y: value }
    }
}

#[lua_methods(more)]
impl Vec2<f64> {
    fn length(&self) -> f64 {
        self.x.hypot(self.y)
    }
}

#[lua_methods(more)]
impl Vec2<i32> {}

#[derive(LuaUserdata)]
#[lua(concrete(Grid<u8, 3>))]
struct Grid<T: Copy, const N: usize> {
    #[lua(get)]
    cells: [T; N],
}

#[test]
fn each_set_of_parameters_is_a_class() -> luna::Result<()> {
    let lua = Lua::new();
    lua.set_class::<Vec2<f64>>("Vec2")?;
    lua.set_class::<Vec2<i32>>("Vec2i")?;
    lua.globals().set("grid", lua.create_userdata(Grid { cells: [1_u8, 2, 3] })?)?;
    check(
        &lua,
        &[
            ("Vec2.new(1, 2):sum()", "3.0"),
            ("Vec2i.new(1, 2):sum()", "3"),
            ("Vec2i.splat(2):plus(Vec2i.new(1, 2)).y", "3"),
            ("(Vec2.new(1, 2) + 1).y", "3.0"),
            ("(Vec2i.new(1, 2) + Vec2i.new(1, 2)).y", "4"),
            ("Vec2.new(3, 4):length()", "5.0"),
            ("Vec2i.new(3, 4).length", "nil"),
            (
                "Vec2i.splat(2):plus(Vec2.new(1, 2))",
                "t:1: bad argument #1 to 'plus' (other: Vec2<i32> expected, got Vec2)",
            ),
            (
                "Vec2i.splat(2.5)",
                "t:1: bad argument #1 to 'splat' (value: number has no integer representation)",
            ),
            ("grid.cells", "\u{1}\u{2}\u{3}"),
        ],
    )
}
