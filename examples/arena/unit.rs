//! What mods see of the world's parts: points, teams, units.

use luna::{FromLua, IntoLua, LuaUserdata, lua_methods};
use serde::{Deserialize, Serialize};

/// A point or a direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, LuaUserdata)]
#[lua(frozen, clone, strict)]
pub struct Vec2 {
    /// East.
    pub x: f64,
    /// North.
    pub y: f64,
}

#[lua_methods]
impl Vec2 {
    /// A vector.
    #[must_use]
    pub fn new(x: f64, y: f64) -> Self {
        Vec2 { x, y }
    }

    /// Its length.
    #[must_use]
    pub fn length(&self) -> f64 {
        // A square root is exact on every machine; `hypot` need not be.
        (self.x * self.x + self.y * self.y).sqrt()
    }

    /// The distance to another point.
    #[must_use]
    pub fn distance(&self, other: &Vec2) -> f64 {
        self.sub(other).length()
    }

    /// `self + other`
    #[lua(meta = Add)]
    fn add(&self, other: &Vec2) -> Self {
        Vec2 { x: self.x + other.x, y: self.y + other.y }
    }

    /// `self - other`
    #[lua(meta = Sub)]
    fn sub(&self, other: &Vec2) -> Self {
        Vec2 { x: self.x - other.x, y: self.y - other.y }
    }

    /// `self * factor`
    #[lua(meta = Mul)]
    fn mul(&self, factor: f64) -> Self {
        Vec2 { x: self.x * factor, y: self.y * factor }
    }

    /// `tostring(self)`
    #[lua(meta = ToString)]
    fn show(&self) -> String {
        format!("({:.1}, {:.1})", self.x, self.y)
    }
}

impl Vec2 {
    /// The nearest point that is no further than `reach` from the middle in any direction.
    #[must_use]
    pub(super) fn within(self, reach: f64) -> Vec2 {
        Vec2 { x: self.x.clamp(-reach, reach), y: self.y.clamp(-reach, reach) }
    }

    /// The point `step` further on the way to `goal`, or `goal` if that is nearer.
    #[must_use]
    pub(super) fn towards(&self, goal: Vec2, step: f64) -> Vec2 {
        let way = goal.sub(self);
        let length = way.length();
        if length <= step { goal } else { self.add(&way.mul(step / length)) }
    }
}

/// A side; a string to Lua.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, FromLua, IntoLua, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[lua(rename_all = "lowercase")]
pub enum Team {
    /// The red side.
    Red,
    /// The blue side.
    Blue,
    /// The green side.
    Green,
    /// The yellow side.
    Yellow,
    /// The violet side.
    Violet,
    /// The grey side.
    Grey,
    /// The orange side.
    Orange,
    /// The black side.
    Black,
}

impl Team {
    /// Its colour in the picture.
    pub(super) fn colour(self) -> [u8; 3] {
        match self {
            Team::Red => [214, 69, 65],
            Team::Blue => [65, 131, 215],
            Team::Green => [38, 166, 91],
            Team::Yellow => [219, 172, 35],
            Team::Violet => [145, 61, 136],
            Team::Grey => [108, 122, 137],
            Team::Orange => [211, 84, 0],
            Team::Black => [40, 40, 40],
        }
    }
}

/// What a mod says about a kind of unit.
#[derive(Clone, Debug, PartialEq, FromLua)]
pub struct UnitKind {
    /// Health at the start.
    #[lua(default)]
    pub health: Option<f64>,
    /// Steps a tick.
    #[lua(default)]
    pub speed: Option<f64>,
    /// Health that a strike takes, at most.
    #[lua(default)]
    pub damage: Option<f64>,
    /// The behaviour that leads it.
    pub behaviour: String,
}

/// A unit as it stands: what a mod gets is a picture of the moment, orders go through the world.
#[derive(Clone, Debug, LuaUserdata)]
#[lua(frozen, clone, strict)]
pub struct Unit {
    /// Its number in the world.
    pub id: u32,
    /// The name that reports use.
    pub name: String,
    /// The kind its mod registered.
    pub kind: String,
    /// Its side.
    pub team: Team,
    /// Where it stands.
    pub position: Vec2,
    /// What is left of its health.
    pub health: f64,
    /// What it had at the start.
    pub full_health: f64,
    /// Steps a tick.
    pub speed: f64,
    /// Health that a strike takes, at most.
    pub damage: f64,
    /// Enemies it has felled.
    pub kills: u32,
}

#[lua_methods]
impl Unit {
    /// How near an enemy must be for a strike.
    pub const REACH: f64 = 1.5;

    /// Whether it still stands.
    #[must_use]
    pub fn alive(&self) -> bool {
        self.health > 0.0
    }

    /// The distance to another unit.
    #[must_use]
    pub fn distance(&self, other: &Unit) -> f64 {
        self.position.distance(&other.position)
    }

    /// `tostring(self)`
    #[lua(meta = ToString)]
    fn show(&self) -> String {
        format!("{} at {}", self.name, self.position.show())
    }
}
