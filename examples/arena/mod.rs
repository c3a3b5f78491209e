//! A headless match: the units of each mod start anywhere on a square and fight until one team is left or time is up.

mod mods;
mod rng;
mod unit;

use std::fmt;
use std::io::{self, Write};
use std::path::PathBuf;

use luna::{AnyUserdata, IntoLuaMulti};

use mods::{Event, Mod};
use rng::Rng;
use unit::Order;
pub use unit::{Unit, Vec2};

/// Units of a team.
const TEAM_SIZE: u32 = 6;
/// Half the side of the square that units start in.
const HALF_SIDE: u32 = 20;

/// What a match is made of.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Ticks until time is up.
    pub ticks: u32,
    /// Where chance starts; the same seed gives the same bytes.
    pub seed: u64,
    /// The folder of mods.
    pub mods: PathBuf,
}

/// Why there is no match.
#[derive(Debug)]
pub enum ArenaError {
    /// The mods are not where or what they should be.
    Mods(String),
    /// The report cannot be written.
    Write(io::Error),
    /// The engine's own use of Lua failed.
    Lua(luna::Error),
}

impl fmt::Display for ArenaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ArenaError::Mods(text) => f.write_str(text),
            ArenaError::Write(error) => write!(f, "cannot write the report: {error}"),
            ArenaError::Lua(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for ArenaError {}

impl From<io::Error> for ArenaError {
    fn from(error: io::Error) -> ArenaError {
        ArenaError::Write(error)
    }
}

impl From<luna::Error> for ArenaError {
    fn from(error: luna::Error) -> ArenaError {
        ArenaError::Lua(error)
    }
}

/// A unit in its mod's Lua.
#[derive(Debug)]
struct Fighter {
    team: usize,
    unit: AnyUserdata,
}

/// A running match.
struct Match<'o, W> {
    out: &'o mut W,
    rng: Rng,
    mods: Vec<Mod>,
    fighters: Vec<Fighter>,
}

/// Plays a match and writes its report.
///
/// # Errors
/// There are no usable mods, or `out` fails. Errors of mods are part of the report.
pub fn run(settings: &Settings, out: &mut impl Write) -> Result<(), ArenaError> {
    let sources = mods::find(&settings.mods)?;
    let rng = Rng::new(settings.seed);
    let mut game = Match { out, rng, mods: Vec::new(), fighters: Vec::new() };
    writeln!(game.out, "arena: seed {}, {} ticks", settings.seed, settings.ticks)?;
    for (team, (name, source)) in sources.into_iter().enumerate() {
        game.mods.push(Mod::new(name, settings.seed)?);
        let started = game.mods[team].start(source);
        game.settle(team, "main.lua", started)?;
        game.spawn(team)?;
    }
    let mut tick = 0;
    while tick < settings.ticks && game.teams_left()? > 1 {
        tick += 1;
        game.tick(tick)?;
    }
    game.scoreboard(tick)
}

impl<W: Write> Match<'_, W> {
    /// Reports a mod's error and disables it.
    fn settle(&mut self, team: usize, at: &str, result: luna::Result<()>) -> io::Result<()> {
        let Err(error) = result else { return Ok(()) };
        let failed = &mut self.mods[team];
        failed.enabled = false;
        writeln!(self.out, "mod '{}' failed in {at} and is disabled:", failed.name)?;
        writeln!(self.out, "  {}", error.message())?;
        for line in error.traceback().unwrap_or_default().lines() {
            writeln!(self.out, "  {line}")?;
        }
        Ok(())
    }

    /// Calls a handler of a team.
    fn call(&mut self, team: usize, event: Event, args: impl IntoLuaMulti) -> io::Result<()> {
        let result = self.mods[team].call(event, args);
        let name = match event {
            Event::Spawn => "on_spawn",
            Event::Tick => "on_tick",
            Event::Hit => "on_hit",
        };
        self.settle(team, name, result)
    }

    /// A coordinate of the start square.
    fn coordinate(&mut self) -> f64 {
        f64::from(self.rng.below(20 * HALF_SIDE)) / 10.0 - f64::from(HALF_SIDE)
    }

    /// Puts a team's units on the plane.
    fn spawn(&mut self, team: usize) -> Result<(), ArenaError> {
        for id in 1..=TEAM_SIZE {
            let name = format!("{} {id}", self.mods[team].name);
            let position = Vec2::new(self.coordinate(), self.coordinate());
            let health = Unit::FULL_HEALTH;
            let unit =
                Unit { name, id, health, kills: 0, position, enemy: None, order: Order::Wait };
            let unit = self.mods[team].lua.create_userdata(unit)?;
            self.call(team, Event::Spawn, &unit)?;
            self.fighters.push(Fighter { team, unit });
        }
        Ok(())
    }

    /// How many teams have a unit that is alive.
    fn teams_left(&self) -> luna::Result<usize> {
        let mut left = vec![false; self.mods.len()];
        for fighter in &self.fighters {
            left[fighter.team] |= fighter.unit.borrow::<Unit>()?.alive();
        }
        Ok(left.into_iter().filter(|alive| *alive).count())
    }

    /// The living enemy nearest to a fighter, with its place; the first of equals.
    fn nearest(&self, index: usize) -> luna::Result<Option<(usize, Vec2)>> {
        let team = self.fighters[index].team;
        let from = self.fighters[index].unit.borrow::<Unit>()?.position;
        let mut best: Option<(usize, Vec2, f64)> = None;
        for (other, fighter) in self.fighters.iter().enumerate() {
            if fighter.team == team {
                continue;
            }
            let enemy = fighter.unit.borrow::<Unit>()?;
            let distance = from.to(&enemy.position).length();
            if enemy.alive() && best.is_none_or(|(.., least)| distance < least) {
                best = Some((other, enemy.position, distance));
            }
        }
        Ok(best.map(|(other, place, _)| (other, place)))
    }

    /// Asks every living unit for its order, then carries the orders out.
    fn tick(&mut self, tick: u32) -> Result<(), ArenaError> {
        let mut orders = Vec::new();
        for index in 0..self.fighters.len() {
            orders.push(self.ask(index, tick)?);
        }
        for (index, order) in orders.into_iter().enumerate() {
            if !self.fighters[index].unit.borrow::<Unit>()?.alive() {
                continue;
            }
            match order {
                Order::Wait => {}
                Order::Move(goal) => self.fighters[index].unit.borrow_mut::<Unit>()?.walk(goal),
                Order::Strike => self.strike(index, tick)?,
            }
        }
        Ok(())
    }

    /// Tells a fighter what it sees, and asks for its order.
    fn ask(&mut self, index: usize, tick: u32) -> Result<Order, ArenaError> {
        let enemy = self.nearest(index)?.map(|(_, place)| place);
        let Fighter { team, unit } = &self.fighters[index];
        let (team, unit) = (*team, unit.clone());
        {
            // Lua borrows the unit for each of its methods, so the engine lets go of it first.
            let mut state = unit.borrow_mut::<Unit>()?;
            if !state.alive() {
                return Ok(Order::Wait);
            }
            state.enemy = enemy;
            state.order = Order::Wait;
        }
        self.call(team, Event::Tick, (&unit, tick))?;
        Ok(unit.borrow::<Unit>()?.order)
    }

    /// Lets a fighter hit its nearest enemy.
    fn strike(&mut self, index: usize, tick: u32) -> Result<(), ArenaError> {
        let Some((target, place)) = self.nearest(index)? else { return Ok(()) };
        if self.fighters[index].unit.borrow::<Unit>()?.distance_to(&place) > Unit::REACH {
            return Ok(());
        }
        let damage = f64::from(5 + self.rng.below(6));
        let Fighter { team, unit } = &self.fighters[target];
        let (team, unit) = (*team, unit.clone());
        let fell = {
            let mut state = unit.borrow_mut::<Unit>()?;
            state.health -= damage;
            !state.alive()
        };
        if fell {
            let mut striker = self.fighters[index].unit.borrow_mut::<Unit>()?;
            striker.kills += 1;
            let fallen = &unit.borrow::<Unit>()?.name;
            writeln!(self.out, "tick {tick}: {} fells {fallen}", striker.name)?;
        }
        self.call(team, Event::Hit, (unit, damage))?;
        Ok(())
    }

    /// Writes how it ended.
    fn scoreboard(&mut self, ticks: u32) -> Result<(), ArenaError> {
        writeln!(self.out, "\nafter {ticks} ticks")?;
        writeln!(self.out, "{:<12} {:>5} {:>7} {:>5}  mod", "team", "alive", "health", "kills")?;
        let mut rows = Vec::new();
        for (team, led) in self.mods.iter().enumerate() {
            let (mut alive, mut health, mut kills) = (0_u32, 0.0, 0_u32);
            for fighter in self.fighters.iter().filter(|fighter| fighter.team == team) {
                let unit = fighter.unit.borrow::<Unit>()?;
                alive += u32::from(unit.alive());
                health += unit.health.max(0.0);
                kills += unit.kills;
            }
            let state = if led.enabled { "ok" } else { "disabled" };
            rows.push((alive, health, kills, &led.name, state));
        }
        rows.sort_by(|a, b| b.0.cmp(&a.0).then(b.1.total_cmp(&a.1)).then(b.2.cmp(&a.2)));
        for (alive, health, kills, name, state) in rows {
            writeln!(self.out, "{name:<12} {alive:>5} {health:>7.1} {kills:>5}  {state}")?;
        }
        Ok(())
    }
}
