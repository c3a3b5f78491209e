//! Mods: a folder with `config.lua` and `main.lua`, each in a sandboxed Lua of its own.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::SystemTime;

use luna::{Function, Lua, ModuleSource, StdLib, Table, Ud, Value};

use super::ArenaError;
use super::config::ModConfig;
use super::unit::{Unit, UnitKind, Vec2};
use super::world::World;

/// Instructions a callback may run.
pub(super) const BUDGET: i64 = 200_000;
/// Bytes a mod's Lua may hold.
pub(super) const MEMORY: usize = 8 << 20;

/// What a mod has registered.
#[derive(Debug)]
struct Registry {
    kinds: BTreeMap<String, UnitKind>,
    /// Its functions by what they are called: handlers, and behaviours in tables of their own. That is what a reload exchanges.
    functions: Table,
}

impl Registry {
    /// A table for what a run of `main.lua` registers.
    fn functions(lua: &Lua) -> luna::Result<Table> {
        let functions = lua.create_table()?;
        functions.set("behaviours", lua.create_table()?)?;
        Ok(functions)
    }

    /// The behaviours by name.
    fn behaviours(&self) -> luna::Result<BTreeMap<String, Function>> {
        self.functions.get("behaviours")
    }
}

/// The module that a reload exchanges.
const MODULE: &str = "main";
/// A global function that is there during a reload: it runs `main.lua` and gives what that registers.
const RUN: &str = "run_main";

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
    folder: PathBuf,
    /// What its code was when it was read.
    stamp: Stamp,
    lua: Lua,
    registry: Rc<RefCell<Registry>>,
}

/// When a file was changed, and how long it is; nothing if it is not there.
type Stamp = Option<(SystemTime, u64)>;

/// The stamp of a mod's code.
fn stamp(folder: &Path) -> Stamp {
    let known = fs::metadata(folder.join("main.lua")).ok()?;
    Some((known.modified().ok()?, known.len()))
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
        let stamp = stamp(folder);
        let main = read(folder, name, "main.lua", "the code")?;
        let lua = sandbox(seed)?;
        let config: ModConfig = lua.load_config_from(&config, &format!("{name}/config.lua"))?;
        lua.globals().set("config", lua.to_value(&config)?)?;
        let functions = Registry::functions(&lua)?;
        let registry = Registry { kinds: BTreeMap::new(), functions };
        let registry = Rc::new(RefCell::new(registry));
        offer_registration(&lua, &registry)?;
        lua.load(main).name(format!("@{name}/main.lua")).exec()?;
        let (name, folder) = (name.to_owned(), folder.to_owned());
        let loaded = Mod { name, config, enabled: true, folder, stamp, lua, registry };
        loaded.check()?;
        Ok(loaded)
    }

    /// Whether its code has changed since it was read; says so once for each change.
    pub(super) fn has_changed(&mut self) -> bool {
        let now = stamp(&self.folder);
        // An editor may take the file away before it writes the new one.
        now.is_some() && std::mem::replace(&mut self.stamp, now) != now
    }

    /// Runs its code anew: registered functions go on with the new code and the variables they have, new ones are added.
    pub(super) fn reload(&mut self) -> luna::Result<()> {
        let main = read(&self.folder, &self.name, "main.lua", "the code")?;
        let chunk = format!("@{}/main.lua", self.name);
        let loaded = self.registry.borrow().functions.clone();
        self.registry.borrow_mut().functions = Registry::functions(&self.lua)?;
        let registry = Rc::clone(&self.registry);
        let run = self.lua.create_function(move |lua: &Lua| -> luna::Result<Table> {
            lua.load(&*main).name(chunk.as_str()).exec()?;
            Ok(registry.borrow().functions.clone())
        })?;
        offer_module(&self.lua, &loaded)?;
        self.lua.globals().raw_set(RUN, run)?;
        let reloaded = self.lua.reload(MODULE);
        self.lua.globals().raw_set(RUN, Value::Nil)?;
        self.registry.borrow_mut().functions = loaded;
        reloaded?;
        self.enabled = true;
        Ok(())
    }

    /// Whether all kinds and behaviours that are named are registered.
    fn check(&self) -> luna::Result<()> {
        let registry = self.registry.borrow();
        let (kinds, behaviours) = (&registry.kinds, registry.behaviours()?);
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
        let functions = self.registry.borrow().functions.clone();
        let function: Option<Function> = match &event {
            Event::Act(name, _) => functions.get::<Table>("behaviours")?.get(name.as_str())?,
            handler => functions.get(handler.name())?,
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

/// Makes what a mod has registered a module, whose source runs `main.lua`.
fn offer_module(lua: &Lua, functions: &Table) -> luna::Result<()> {
    lua.set_loader(|_: &str| {
        let source = format!("return {RUN}()").into_bytes();
        Ok(Some(ModuleSource { source, name: format!("={MODULE}") }))
    })?;
    lua.register_module(MODULE, functions)?;
    // Mods have one file.
    lua.globals().raw_set("require", Value::Nil)
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
        let functions = to.borrow().functions.clone();
        functions.get::<Table>("behaviours")?.set(name, function)
    })?;
    arena.set("behaviour", behaviour)?;
    for name in ["on_spawn", "on_tick", "on_hit"] {
        let to = Rc::clone(registry);
        let register = lua.create_function(move |function: Function| {
            let functions = to.borrow().functions.clone();
            functions.set(name, function)
        })?;
        arena.set(name, register)?;
    }
    lua.globals().set("arena", arena)
}
