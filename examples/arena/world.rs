//! The world that is lent to the mods' callbacks.

use std::fmt;

use luna::{LuaUserdata, lua_methods};

use super::unit::{Team, Unit, Vec2};

/// How far the field reaches from its middle.
pub(super) const FIELD: f64 = 26.0;

/// What a unit does at the end of a tick.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) enum Order {
    /// Nothing.
    #[default]
    Wait,
    /// Walks towards a point.
    Move(Vec2),
    /// Hits a unit, if it is within reach.
    Strike(u32),
}

/// All units, and what they have been told to do.
#[derive(Debug, Default, LuaUserdata)]
#[lua(strict)]
pub struct World {
    /// Ticks played.
    #[lua(readonly)]
    pub tick: u32,
    /// The units, by number.
    #[lua(skip)]
    pub(super) units: Vec<Unit>,
    /// Their orders.
    #[lua(skip)]
    pub(super) orders: Vec<Order>,
    /// Where each has been.
    #[lua(skip)]
    pub(super) paths: Vec<Vec<Vec2>>,
    /// The side whose mod is called.
    #[lua(skip)]
    pub(super) active: Option<Team>,
}

/// An order that the world does not take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrderError {
    /// The unit is another side's.
    NotYours(String, Team),
    /// There is no such unit.
    NoSuchUnit(u32),
}

impl fmt::Display for OrderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OrderError::NotYours(name, team) => {
                write!(f, "'{name}' takes no orders from you: it belongs to team {team:?}")
            }
            OrderError::NoSuchUnit(id) => write!(f, "there is no unit {id}"),
        }
    }
}

impl std::error::Error for OrderError {}

#[lua_methods]
impl World {
    /// Units of all sides that stand, in order of their numbers.
    fn units(&self) -> Vec<Unit> {
        self.units.iter().filter(|unit| unit.alive()).cloned().collect()
    }

    /// The unit with a number.
    fn unit(&self, id: u32) -> Option<Unit> {
        self.units.get(id as usize).cloned()
    }

    /// The standing enemy nearest to a unit; the first of equals.
    fn nearest_enemy(&self, unit: &Unit) -> Option<Unit> {
        let enemies = self.units.iter().filter(|other| other.alive() && other.team != unit.team);
        let nearest = enemies.min_by(|a, b| unit.distance(a).total_cmp(&unit.distance(b)));
        nearest.cloned()
    }

    /// The standing units of a unit's side, itself left out.
    fn allies(&self, unit: &Unit) -> Vec<Unit> {
        let same = |other: &&Unit| other.alive() && other.team == unit.team && other.id != unit.id;
        self.units.iter().filter(same).cloned().collect()
    }

    /// Lets a unit walk towards a point.
    fn move_to(&mut self, unit: &Unit, goal: Vec2) -> Result<(), OrderError> {
        self.order(unit.id, Order::Move(goal))
    }

    /// Lets a unit hit another, if it is within reach.
    fn strike(&mut self, unit: &Unit, target: &Unit) -> Result<(), OrderError> {
        self.order(unit.id, Order::Strike(target.id))
    }

    /// Gives a unit a name.
    fn rename(&mut self, unit: &Unit, name: &str) -> Result<(), OrderError> {
        let at = self.own(unit.id)?;
        name.clone_into(&mut self.units[at].name);
        Ok(())
    }
}

impl World {
    /// Where a unit of the active side is kept.
    fn own(&self, id: u32) -> Result<usize, OrderError> {
        let unit = self.units.get(id as usize).ok_or(OrderError::NoSuchUnit(id))?;
        match self.active {
            Some(team) if team != unit.team => {
                Err(OrderError::NotYours(unit.name.clone(), unit.team))
            }
            _ => Ok(id as usize),
        }
    }

    /// Notes an order.
    fn order(&mut self, id: u32, order: Order) -> Result<(), OrderError> {
        let at = self.own(id)?;
        self.orders[at] = order;
        Ok(())
    }

    /// Adds a unit; its number is given to it.
    pub(super) fn add(&mut self, mut unit: Unit) -> u32 {
        unit.id = u32::try_from(self.units.len()).unwrap_or(u32::MAX);
        self.paths.push(vec![unit.position]);
        self.orders.push(Order::Wait);
        let id = unit.id;
        self.units.push(unit);
        id
    }

    /// Carries out a unit's order; what was hit, and whether it fell. `force` is the part of the damage that a strike does.
    pub(super) fn carry_out(&mut self, id: usize, force: f64) -> Option<Hit> {
        let order = std::mem::take(&mut self.orders[id]);
        let unit = &self.units[id];
        if !unit.alive() {
            return None;
        }
        match order {
            Order::Wait => None,
            Order::Move(goal) => {
                let place = unit.position.towards(goal, unit.speed).within(FIELD);
                self.units[id].position = place;
                self.paths[id].push(place);
                None
            }
            Order::Strike(target) => {
                let other = self.units.get(target as usize)?;
                if !other.alive() || unit.distance(other) > Unit::REACH {
                    return None;
                }
                let damage = unit.damage * force;
                self.units[target as usize].health -= damage;
                let fell = !self.units[target as usize].alive();
                self.units[id].kills += u32::from(fell);
                Some(Hit { target: target as usize, damage, fell })
            }
        }
    }
}

/// What a strike did.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hit {
    /// The unit that was hit.
    pub(super) target: usize,
    /// The health it took.
    pub(super) damage: f64,
    /// Whether the unit fell.
    pub(super) fell: bool,
}
