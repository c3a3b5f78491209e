//! A headless match: each mod brings a squad to a plane, and they fight until one side is left or time is up.
//!
//! The engine owns the world and lends it to the mods' callbacks; each mod runs in a sandboxed Lua of its own, with a budget of instructions
//! for each callback and a cap on memory. A mod that fails is reported and disabled, and the match goes on.

mod config;
mod mods;
mod picture;
mod report;
mod rng;
mod stubs;
mod unit;
mod world;

use std::fmt;
use std::io::{self, Write};
use std::path::PathBuf;

pub use config::{Count, MatchConfig, ModConfig, Share, Squad};
use mods::{Event, Mod};
use rng::Rng;
pub use stubs::stubs;
pub use unit::{Team, Unit, UnitKind, Vec2};
pub use world::{OrderError, World};

/// Half the side of the square that units start in.
const HALF_SIDE: u32 = 20;

/// What a match is made of.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Ticks until time is up.
    pub ticks: u32,
    /// Where chance starts; the same seed gives the same bytes.
    pub seed: u64,
    /// The folders of mods.
    pub mods: Vec<PathBuf>,
    /// Where the picture goes.
    pub picture: Option<PathBuf>,
    /// Where the settings of the match go, as Lua source.
    pub config: Option<PathBuf>,
    /// Whether mods whose code changes are reloaded between ticks, and keep what they know.
    pub watch: bool,
}

/// Why there is no match.
#[derive(Debug)]
pub enum ArenaError {
    /// The mods are not where or what they should be.
    Mods(String),
    /// The report, the picture or the settings cannot be written.
    Write(io::Error),
    /// The engine's own use of Lua failed.
    Lua(luna::Error),
}

impl fmt::Display for ArenaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ArenaError::Mods(text) => f.write_str(text),
            ArenaError::Write(error) => write!(f, "cannot write: {error}"),
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

/// A running match.
struct Match<'o, W> {
    out: &'o mut W,
    rng: Rng,
    mods: Vec<Mod>,
    world: World,
    /// The mod and the behaviour that lead each unit.
    leaders: Vec<(usize, String)>,
}

/// Plays a match and writes its report; `progress` is told each tick played.
///
/// # Errors
/// There are no usable mods, or something cannot be written. Errors of mods are part of the report.
pub fn run(
    settings: &Settings,
    out: &mut impl Write,
    progress: impl Fn(u32),
) -> Result<(), ArenaError> {
    let mut folders = Vec::new();
    for folder in &settings.mods {
        folders.extend(mods::find(folder)?);
    }
    let world = World::default();
    let rng = Rng::new(settings.seed);
    let mut game = Match { out, rng, mods: Vec::new(), world, leaders: Vec::new() };
    writeln!(game.out, "arena: seed {}, {} ticks", settings.seed, settings.ticks)?;
    for folder in folders {
        match Mod::load(&folder, settings.seed) {
            Ok(loaded) => game.enter(loaded)?,
            Err((name, error)) => report::failure(game.out, &name, "loading", &error)?,
        }
    }
    while game.world.tick < settings.ticks && game.sides_left() > 1 {
        game.world.tick += 1;
        if settings.watch {
            game.reload_changed()?;
        }
        game.tick()?;
        progress(game.world.tick);
    }
    report::scoreboard(game.out, &game.mods, &game.world)?;
    game.keep(settings)
}

impl<W: Write> Match<'_, W> {
    /// Runs a callback of a mod; if it fails, the mod is reported and disabled.
    fn call(&mut self, led_by: usize, event: Event) -> io::Result<()> {
        let name = event.name();
        let Err(error) = self.mods[led_by].call(event, &mut self.world) else { return Ok(()) };
        let failed = &mut self.mods[led_by];
        failed.enabled = false;
        report::failure(self.out, &failed.name, &name, &error)
    }

    /// Reloads the mods whose code has changed. One that cannot be reloaded goes on as it was.
    fn reload_changed(&mut self) -> io::Result<()> {
        for changed in self.mods.iter_mut().filter_map(|m| m.has_changed().then_some(m)) {
            let tick = self.world.tick;
            match changed.reload() {
                Ok(()) => writeln!(self.out, "tick {tick}: mod '{}' is reloaded", changed.name)?,
                Err(error) => report::not_reloaded(self.out, &changed.name, tick, &error)?,
            }
            // Who edits a mod wants to see at once what comes of it.
            self.out.flush()?;
        }
        Ok(())
    }

    /// A coordinate of the start square.
    fn coordinate(&mut self) -> f64 {
        f64::from(self.rng.below(20 * HALF_SIDE)) / 10.0 - f64::from(HALF_SIDE)
    }

    /// Lets a mod take part: puts its squad on the plane.
    fn enter(&mut self, loaded: Mod) -> Result<(), ArenaError> {
        if let Some(other) = self.mods.iter().find(|m| m.config.team == loaded.config.team) {
            let (team, name) = (loaded.config.team, &other.name);
            let text = format!(
                "{}/config.lua: at config.team: team {team:?} is taken by mod '{name}'",
                loaded.name
            );
            report::failure(self.out, &loaded.name, "loading", &luna::Error::new(text))?;
            return Ok(());
        }
        let led_by = self.mods.len();
        let (team, squads) = (loaded.config.team, loaded.config.squad.clone());
        self.mods.push(loaded);
        for squad in squads {
            let Some(kind) = self.mods[led_by].kind(&squad.kind) else { continue };
            for number in 1..=squad.count.0 {
                let position = Vec2::new(self.coordinate(), self.coordinate());
                let health = kind.health.unwrap_or(40.0).clamp(1.0, 100.0);
                let id = self.world.add(Unit {
                    id: 0,
                    name: format!("{} {number}", squad.kind),
                    kind: squad.kind.clone(),
                    team,
                    position,
                    health,
                    full_health: health,
                    speed: kind.speed.unwrap_or(1.0).clamp(0.1, 2.0),
                    damage: kind.damage.unwrap_or(8.0).clamp(1.0, 20.0),
                    kills: 0,
                });
                self.leaders.push((led_by, kind.behaviour.clone()));
                let unit = self.world.units[id as usize].clone();
                self.call(led_by, Event::Spawn(unit))?;
            }
        }
        Ok(())
    }

    /// How many sides have a unit that stands.
    fn sides_left(&self) -> usize {
        let stands = |m: &&Mod| {
            self.world.units.iter().any(|unit| unit.alive() && unit.team == m.config.team)
        };
        self.mods.iter().filter(stands).count()
    }

    /// Asks all mods for their orders, then carries them out.
    fn tick(&mut self) -> Result<(), ArenaError> {
        for led_by in 0..self.mods.len() {
            self.call(led_by, Event::Tick)?;
        }
        for id in 0..self.world.units.len() {
            let unit = self.world.units[id].clone();
            if unit.alive() {
                let (led_by, behaviour) = self.leaders[id].clone();
                self.call(led_by, Event::Act(behaviour, unit))?;
            }
        }
        for id in 0..self.world.units.len() {
            let force = f64::from(50 + self.rng.below(51)) / 100.0;
            let Some(hit) = self.world.carry_out(id, force) else { continue };
            let struck = self.world.units[hit.target].clone();
            if hit.fell {
                let striker = &self.world.units[id].name;
                writeln!(self.out, "tick {}: {striker} fells {}", self.world.tick, struck.name)?;
            }
            let led_by = self.leaders[hit.target].0;
            self.call(led_by, Event::Hit(struck, hit.damage))?;
        }
        Ok(())
    }

    /// Keeps the picture and the settings of the match.
    fn keep(&self, settings: &Settings) -> Result<(), ArenaError> {
        if let Some(path) = &settings.picture {
            picture::draw(&self.world, path)?;
        }
        if let Some(path) = &settings.config {
            let mods = self.mods.iter().map(|m| m.config.clone()).collect();
            let played = MatchConfig { ticks: settings.ticks, seed: settings.seed, mods };
            std::fs::write(path, luna::serde::to_source(&played)?)?;
        }
        Ok(())
    }
}
