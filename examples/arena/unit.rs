//! What mods see: points of the plane, and units.

use luna::{LuaUserdata, Ud, lua_methods};

/// A point or a direction.
#[derive(Clone, Copy, Debug, PartialEq, LuaUserdata)]
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

    /// The way from here to `other`.
    #[must_use]
    pub fn to(&self, other: &Vec2) -> Self {
        Vec2 { x: other.x - self.x, y: other.y - self.y }
    }

    /// The sum of both.
    #[must_use]
    pub fn plus(&self, other: &Vec2) -> Self {
        Vec2 { x: self.x + other.x, y: self.y + other.y }
    }

    /// `self * factor`
    #[lua(meta = Mul)]
    fn times(&self, factor: f64) -> Self {
        Vec2 { x: self.x * factor, y: self.y * factor }
    }

    /// `tostring(self)`
    #[lua(meta = ToString)]
    fn show(&self) -> String {
        format!("({:.1}, {:.1})", self.x, self.y)
    }
}

/// What a unit does at the end of a tick.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) enum Order {
    /// Nothing.
    #[default]
    Wait,
    /// Walks towards a point.
    Move(Vec2),
    /// Hits the nearest enemy, if it is within reach.
    Strike,
}

/// A fighter. The engine owns its rules, the mod its name and its orders.
#[derive(Clone, Debug, LuaUserdata)]
pub struct Unit {
    /// The name that reports use.
    pub name: String,
    /// Its number within the team.
    #[lua(readonly)]
    pub id: u32,
    /// What is left of [`Unit::FULL_HEALTH`].
    #[lua(readonly)]
    pub health: f64,
    /// Enemies it has felled.
    #[lua(readonly)]
    pub kills: u32,
    /// Where it stands.
    #[lua(skip)]
    pub position: Vec2,
    /// Where the nearest enemy stood when the tick began.
    #[lua(skip)]
    pub enemy: Option<Vec2>,
    /// What it was told this tick.
    pub(super) order: Order,
}

#[lua_methods]
impl Unit {
    /// How far a blow goes.
    pub const REACH: f64 = 1.5;
    /// How far a unit walks in a tick.
    pub const SPEED: f64 = 1.0;
    /// Health at the start.
    pub const FULL_HEALTH: f64 = 60.0;

    /// Where it stands; a copy.
    #[lua(getter, name = "position")]
    fn lua_position(&self) -> Ud<Vec2> {
        Ud(self.position)
    }

    /// The nearest enemy's place, or nil.
    #[lua(getter, name = "enemy")]
    fn lua_enemy(&self) -> Option<Ud<Vec2>> {
        self.enemy.map(Ud)
    }

    /// How far away a point is.
    #[must_use]
    pub fn distance_to(&self, point: &Vec2) -> f64 {
        self.position.to(point).length()
    }

    /// Orders a walk.
    ///
    /// # Errors
    /// The point is not finite.
    pub fn move_to(&mut self, point: &Vec2) -> luna::Result<()> {
        if !(point.x.is_finite() && point.y.is_finite()) {
            return Err(luna::Error::new("a unit can only move to a finite point"));
        }
        self.order = Order::Move(*point);
        Ok(())
    }

    /// Orders a blow.
    pub fn strike(&mut self) {
        self.order = Order::Strike;
    }
}

impl Unit {
    /// Whether it can still fight.
    pub(super) fn alive(&self) -> bool {
        self.health > 0.0
    }

    /// Walks a tick's way towards `goal`.
    pub(super) fn walk(&mut self, goal: Vec2) {
        let way = self.position.to(&goal);
        let length = way.length();
        if length <= Unit::SPEED {
            self.position = goal;
        } else if length.is_finite() {
            let part = Unit::SPEED / length;
            self.position.x += way.x * part;
            self.position.y += way.y * part;
        }
    }
}
