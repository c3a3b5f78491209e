//! Types with a lifetime: lent to Lua by a scope, used there, and borrowed back.

#![forbid(unsafe_code)]

mod arguments;
mod borrows;
mod everyday;
mod expiry;
mod members;

use luna::{LuaUserdata, lua_methods};

/// What is borrowed.
#[derive(Debug, Default, PartialEq)]
struct World {
    units: Vec<String>,
}

/// A world as scripts see it.
#[derive(LuaUserdata)]
#[lua(strict)]
struct View<'w> {
    world: &'w mut World,
    pub ticks: u32,
}

impl<'w> View<'w> {
    fn of(world: &'w mut World) -> View<'w> {
        View { world, ticks: 0 }
    }
}

#[lua_methods]
impl<'w> View<'w> {
    const MOST: usize = 100;

    fn spawn(&mut self, name: &str) -> usize {
        self.world.units.push(name.to_owned());
        self.world.units.len()
    }

    fn count(&self) -> usize {
        self.world.units.len()
    }

    fn compare(&self, other: &View<'_>) -> bool {
        self.world.units == other.world.units
    }

    fn absorb(&mut self, other: &mut View<'_>) {
        self.world.units.append(&mut other.world.units);
    }

    fn last(&self) -> Option<&str> {
        self.world.units.last().map(String::as_str)
    }

    fn each(&self, f: luna::Function) -> luna::Result<()> {
        self.world.units.iter().try_for_each(|unit| f.call::<()>(unit.as_str()))
    }

    fn during(&mut self, f: luna::Function) -> luna::Result<()> {
        self.ticks += 1;
        f.call::<()>(())
    }

    fn fail(&mut self) {
        self.ticks += 1;
        panic!("inside");
    }

    fn longest(names: Vec<String>) -> usize {
        names.iter().map(String::len).max().unwrap_or(0)
    }

    #[lua(meta = Len)]
    fn len(&self) -> usize {
        self.count()
    }
}

/// The message of an error.
fn message<T: std::fmt::Debug>(result: luna::Result<T>) -> String {
    result.expect_err("an error is expected").message().to_owned()
}
