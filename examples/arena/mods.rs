//! Mods: a folder with a `main.lua`, each in a Lua of its own.

use std::fs;
use std::path::Path;

use luna::{Function, IntoLuaMulti, Lua};

use super::ArenaError;
use super::unit::{Unit, Vec2};

/// A mod's handlers; it may leave out any of them.
#[derive(Debug, Default)]
struct Handlers {
    spawn: Option<Function>,
    tick: Option<Function>,
    hit: Option<Function>,
}

/// Which handler to call.
#[derive(Clone, Copy, Debug)]
pub(super) enum Event {
    /// `on_spawn(unit)`
    Spawn,
    /// `on_tick(unit, tick)`
    Tick,
    /// `on_hit(unit, damage)`
    Hit,
}

/// A mod.
#[derive(Debug)]
pub(super) struct Mod {
    /// The folder's name.
    pub(super) name: String,
    /// Its state, which its units live in.
    pub(super) lua: Lua,
    handlers: Handlers,
    /// Whether it still leads its units.
    pub(super) enabled: bool,
}

/// Text of a folder that is not what was expected.
fn unusable(path: &Path, what: &str) -> ArenaError {
    ArenaError::Mods(format!("{}: {what}", path.display()))
}

/// The sources of all mods in a folder, by name.
pub(super) fn find(folder: &Path) -> Result<Vec<(String, Vec<u8>)>, ArenaError> {
    let expected = "expected a folder of mods, each a folder NAME with a file main.lua";
    let entries =
        fs::read_dir(folder).map_err(|error| unusable(folder, &format!("{error}; {expected}")))?;
    let mut mods = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| unusable(folder, &error.to_string()))?.path();
        if !path.is_dir() {
            continue;
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let main = path.join("main.lua");
        let source = fs::read(&main).map_err(|error| {
            unusable(&main, &format!("{error}; expected the main file of mod '{name}'"))
        })?;
        mods.push((name, source));
    }
    if mods.is_empty() {
        return Err(unusable(folder, &format!("no mods here; {expected}")));
    }
    // The order of a directory is the file system's own.
    mods.sort();
    Ok(mods)
}

impl Mod {
    /// A mod that has not run yet.
    pub(super) fn new(name: String, seed: u64) -> luna::Result<Mod> {
        let lua = Lua::new();
        lua.set_class::<Vec2>("Vec2")?;
        lua.set_class::<Unit>("Unit")?;
        // A match is a function of its seed, so what mods draw at random has to be too.
        lua.load("math.randomseed(...)").call::<()>(seed.cast_signed())?;
        Ok(Mod { name, lua, handlers: Handlers::default(), enabled: true })
    }

    /// Runs the main file and looks up the handlers.
    pub(super) fn start(&mut self, source: Vec<u8>) -> luna::Result<()> {
        self.lua.load(source).name(format!("@{}/main.lua", self.name)).exec()?;
        let globals = self.lua.globals();
        self.handlers = Handlers {
            spawn: globals.get("on_spawn")?,
            tick: globals.get("on_tick")?,
            hit: globals.get("on_hit")?,
        };
        Ok(())
    }

    /// Calls a handler, if the mod has it and is enabled.
    pub(super) fn call(&self, event: Event, args: impl IntoLuaMulti) -> luna::Result<()> {
        let handler = match event {
            Event::Spawn => &self.handlers.spawn,
            Event::Tick => &self.handlers.tick,
            Event::Hit => &self.handlers.hit,
        };
        match handler {
            Some(handler) if self.enabled => handler.call(args),
            _ => Ok(()),
        }
    }
}
