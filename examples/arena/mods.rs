//! Mods: a folder with `config.lua` and `main.lua`, each in a sandboxed Lua of its own.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use luna::{Function, Lua, StdLib, Ud};

use super::ArenaError;
use super::config::ModConfig;
use super::unit::{Unit, UnitKind, Vec2};
use super::world::World;

/// Instructions a callback may run.
pub(super) const BUDGET: i64 = 200_000;
/// Bytes a mod's Lua may hold.
pub(super) const MEMORY: usize = 8 << 20;

/// The functions a mod has registered.
#[derive(Debug, Default)]
struct Registry {
    kinds: BTreeMap<String, UnitKind>,
    behaviours: BTreeMap<String, Function>,
    spawn: Option<Function>,
    tick: Option<Function>,
    hit: Option<Function>,
}

/// A callback to run.
#[derive(Clone, Debug)]
pub(super) enum Event {
    /// `on_spawn(world, unit)`
    Spawn(Unit),
    /// `on_tick(world)`
    Tick,
    /// `on_hit(world, unit, damage)`
    Hit(Unit, f64),
    /// A behaviour, by its name: `behaviour(world, unit)`
    Act(String, Unit),
}

impl Event {
    /// What reports call the callback.
    pub(super) fn name(&self) -> String {
        match self {
            Event::Spawn(_) => "on_spawn".to_owned(),
            Event::Tick => "on_tick".to_owned(),
            Event::Hit(..) => "on_hit".to_owned(),
            Event::Act(name, _) => format!("behaviour '{name}'"),
        }
    }
}

/// A mod.
#[derive(Debug)]
pub(super) struct Mod {
    /// The folder's name.
    pub(super) name: String,
    /// Its settings.
    pub(super) config: ModConfig,
    /// Whether it still leads its units.
    pub(super) enabled: bool,
    lua: Lua,
    registry: Rc<RefCell<Registry>>,
}

/// A mod that cannot take part, and why.
pub(super) type Failed = (String, luna::Error);

/// Text of a folder that is not what was expected.
fn unusable(path: &Path, what: &str) -> ArenaError {
    ArenaError::Mods(format!("{}: {what}", path.display()))
}

/// The folders of all mods in a folder, by name.
pub(super) fn find(folder: &Path) -> Result<Vec<PathBuf>, ArenaError> {
    let expected =
        "expected a folder of mods, each a folder NAME with the files config.lua and main.lua";
    let entries =
        fs::read_dir(folder).map_err(|error| unusable(folder, &format!("{error}; {expected}")))?;
    let mut mods = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| unusable(folder, &error.to_string()))?.path();
        if path.is_dir() {
            mods.push(path);
        }
    }
    if mods.is_empty() {
        return Err(unusable(folder, &format!("no mods here; {expected}")));
    }
    // The order of a directory is the file system's own.
    mods.sort();
    Ok(mods)
}

impl Mod {
    /// Reads a mod's settings and runs its main file, which registers its units, behaviours and handlers.
    pub(super) fn load(folder: &Path, seed: u64) -> Result<Mod, Failed> {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Mod::try_load(folder, &name, seed).map_err(|error| (name, error))
    }

    fn try_load(folder: &Path, name: &str, seed: u64) -> luna::Result<Mod> {
        let config = read(folder, name, "config.lua", "the settings")?;
        let main = read(folder, name, "main.lua", "the code")?;
        let lua = sandbox(seed)?;
        let config: ModConfig = lua.load_config_from(&config, &format!("{name}/config.lua"))?;
        lua.globals().set("config", lua.to_value(&config)?)?;
        let registry = Rc::new(RefCell::new(Registry::default()));
        offer_registration(&lua, &registry)?;
        lua.load(main).name(format!("@{name}/main.lua")).exec()?;
        let loaded = Mod { name: name.to_owned(), config, enabled: true, lua, registry };
        loaded.check()?;
        Ok(loaded)
    }

    /// Whether all kinds and behaviours that are named are registered.
    fn check(&self) -> luna::Result<()> {
        let registry = self.registry.borrow();
        let (kinds, behaviours) = (&registry.kinds, &registry.behaviours);
        for (at, squad) in self.config.squad.iter().enumerate() {
            let Some(kind) = kinds.get(&squad.kind) else {
                let text = format!("{}/config.lua: at config.squad[{}].kind", self.name, at + 1);
                return Err(unknown(&text, "unit", &squad.kind, kinds.keys()));
            };
            if !behaviours.contains_key(&kind.behaviour) {
                let text = format!("{}/main.lua: unit '{}'", self.name, squad.kind);
                return Err(unknown(&text, "behaviour", &kind.behaviour, behaviours.keys()));
            }
        }
        Ok(())
    }

    /// What the mod registered about a kind of unit.
    pub(super) fn kind(&self, name: &str) -> Option<UnitKind> {
        self.registry.borrow().kinds.get(name).cloned()
    }

    /// Runs a callback, if the mod has it and is enabled; the world is lent to it meanwhile.
    pub(super) fn call(&self, event: Event, world: &mut World) -> luna::Result<()> {
        let function = {
            let registry = self.registry.borrow();
            match &event {
                Event::Spawn(_) => registry.spawn.clone(),
                Event::Tick => registry.tick.clone(),
                Event::Hit(..) => registry.hit.clone(),
                Event::Act(name, _) => registry.behaviours.get(name).cloned(),
            }
        };
        let Some(function) = function.filter(|_| self.enabled) else { return Ok(()) };
        world.active = Some(self.config.team);
        self.lua.scope(|scope| {
            let world = scope.create_userdata_ref_mut(world)?;
            match event {
                Event::Tick => function.call(&world),
                Event::Spawn(unit) | Event::Act(_, unit) => function.call((&world, Ud(unit))),
                Event::Hit(unit, damage) => function.call((&world, Ud(unit), damage)),
            }
        })
    }
}

/// The Lua that a mod runs in.
pub(super) fn sandbox(seed: u64) -> luna::Result<Lua> {
    let lua = Lua::builder()
        .libraries(StdLib::BASE | StdLib::MATH | StdLib::STRING | StdLib::TABLE)
        .instruction_budget(BUDGET)
        .memory_cap(MEMORY)
        // A match is a function of its seed, so what mods draw at random has to be too.
        .seed(seed)
        .build();
    lua.set_class::<Vec2>("Vec2")?;
    lua.set_class::<Unit>("Unit")?;
    Ok(lua)
}

/// A file of a mod.
fn read(folder: &Path, name: &str, file: &str, what: &str) -> luna::Result<Vec<u8>> {
    fs::read(folder.join(file)).map_err(|error| {
        luna::Error::new(format!("{name}/{file}: {error}; expected {what} of mod '{name}'"))
    })
}

/// The error that a name is not registered, with what is.
fn unknown<'n>(
    place: &str,
    what: &str,
    name: &str,
    known: impl Iterator<Item = &'n String>,
) -> luna::Error {
    let known: Vec<String> = known.map(|name| format!("'{name}'")).collect();
    let expected = if known.is_empty() {
        format!("main.lua registers no {what}")
    } else {
        format!("expected one of {}", known.join(", "))
    };
    luna::Error::new(format!("{place}: there is no {what} '{name}'; {expected}"))
}

/// Makes the global `arena`, through which a mod registers what it has.
fn offer_registration(lua: &Lua, registry: &Rc<RefCell<Registry>>) -> luna::Result<()> {
    let arena = lua.create_table()?;
    let to = Rc::clone(registry);
    let unit = lua.create_function(move |name: String, kind: UnitKind| {
        to.borrow_mut().kinds.insert(name, kind);
    })?;
    arena.set("unit", unit)?;
    let to = Rc::clone(registry);
    let behaviour = lua.create_function(move |name: String, function: Function| {
        to.borrow_mut().behaviours.insert(name, function);
    })?;
    arena.set("behaviour", behaviour)?;
    type Slot = fn(&mut Registry) -> &mut Option<Function>;
    let slots: [(&str, Slot); 3] = [
        ("on_spawn", |registry| &mut registry.spawn),
        ("on_tick", |registry| &mut registry.tick),
        ("on_hit", |registry| &mut registry.hit),
    ];
    for (name, slot) in slots {
        let to = Rc::clone(registry);
        let register = lua.create_function(move |function: Function| {
            *slot(&mut to.borrow_mut()) = Some(function);
        })?;
        arena.set(name, register)?;
    }
    lua.globals().set("arena", arena)
}
