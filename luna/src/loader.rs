//! Where `require` finds modules, as the host says.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use luna_core::Vm;
use luna_core::runtime::Value as RawValue;
use luna_core::vm::Handle;

use crate::error::{Error, Result};
use crate::function::Function;
use crate::lua::Lua;
use crate::table::Table;
use crate::value::Value;
use crate::{FromLua, IntoLua};

/// The source of a module.
#[derive(Clone, Debug)]
pub struct ModuleSource {
    /// Lua text.
    pub source: Vec<u8>,
    /// The chunk's name: `@path` for a file, `=name` for anything else.
    pub name: String,
}

/// Finds the modules that scripts `require`.
///
/// ```
/// use luna::{Lua, MapLoader};
///
/// # fn main() -> luna::Result<()> {
/// let lua = Lua::new();
/// let modules = MapLoader::new();
/// modules.insert("greet", "return { hello = function(n) return 'hello ' .. n end }");
/// lua.set_loader(modules.clone())?;
/// assert_eq!(lua.load("require('greet').hello('you')").eval::<String>()?, "hello you");
///
/// modules.insert("greet", "return { hello = function(n) return 'good day ' .. n end }");
/// lua.reload("greet")?;
/// assert_eq!(lua.load("require('greet').hello('you')").eval::<String>()?, "good day you");
/// # Ok(())
/// # }
/// ```
pub trait Loader: 'static {
    /// The source of the module of this name; `None` if there is none.
    ///
    /// # Errors
    /// The module is there, but cannot be read.
    fn load(&self, module: &str) -> Result<Option<ModuleSource>>;

    /// What the error of a module that is not found says of this loader.
    fn missing(&self, module: &str) -> String {
        format!("no module '{module}'")
    }
}

impl<F: Fn(&str) -> Result<Option<ModuleSource>> + 'static> Loader for F {
    fn load(&self, module: &str) -> Result<Option<ModuleSource>> {
        self(module)
    }
}

/// Modules in the files of a folder: `a.b` is `a/b.lua` or `a/b/init.lua`. Nothing outside of the folder is ever read.
#[derive(Clone, Debug)]
pub struct FolderLoader {
    root: PathBuf,
}

impl FolderLoader {
    /// Modules in the files of this folder.
    pub fn new(root: impl Into<PathBuf>) -> FolderLoader {
        FolderLoader { root: root.into() }
    }

    /// The files where a module may be; none for a name that is no module's.
    fn candidates(&self, module: &str) -> Vec<PathBuf> {
        let plain = |part: &str| {
            !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || "_- ".contains(c))
        };
        let parts: Vec<&str> = module.split('.').collect();
        if !parts.iter().all(|part| plain(part)) {
            return Vec::new();
        }
        let path = parts.iter().fold(self.root.clone(), |path, part| path.join(part));
        let mut file = path.clone().into_os_string();
        file.push(".lua");
        vec![PathBuf::from(file), path.join("init.lua")]
    }

    /// Whether a file lies in the folder, links followed.
    fn holds(&self, file: &Path) -> bool {
        match (self.root.canonicalize(), file.canonicalize()) {
            (Ok(root), Ok(file)) => file.starts_with(root),
            _ => false,
        }
    }
}

impl Loader for FolderLoader {
    fn load(&self, module: &str) -> Result<Option<ModuleSource>> {
        for file in self.candidates(module) {
            if !file.is_file() || !self.holds(&file) {
                continue;
            }
            let shown = file.display();
            let source = std::fs::read(&file)
                .map_err(|e| Error::external(e).context(format!("cannot read {shown}")))?;
            return Ok(Some(ModuleSource { source, name: format!("@{shown}") }));
        }
        Ok(None)
    }

    fn missing(&self, module: &str) -> String {
        let files = self.candidates(module);
        if files.is_empty() {
            return format!("'{module}' is no name of a module");
        }
        let lines: Vec<_> = files.iter().map(|f| format!("no file '{}'", f.display())).collect();
        lines.join("\n\t")
    }
}

/// Modules that the program holds; clones share them.
#[derive(Clone, Debug, Default)]
pub struct MapLoader {
    modules: Rc<RefCell<HashMap<String, Vec<u8>>>>,
}

impl MapLoader {
    /// No modules yet.
    #[must_use]
    pub fn new() -> MapLoader {
        MapLoader::default()
    }

    /// Adds or replaces a module.
    pub fn insert(&self, module: impl Into<String>, source: impl Into<Vec<u8>>) {
        self.modules.borrow_mut().insert(module.into(), source.into());
    }

    /// Removes a module.
    pub fn remove(&self, module: &str) {
        self.modules.borrow_mut().remove(module);
    }
}

impl Loader for MapLoader {
    fn load(&self, module: &str) -> Result<Option<ModuleSource>> {
        let source = self.modules.borrow().get(module).cloned();
        Ok(source.map(|source| ModuleSource { source, name: format!("={module}") }))
    }
}

/// What `require` works with, kept with the state.
struct Modules {
    loader: Rc<dyn Loader>,
    /// The package library.
    package: Handle,
    /// The first of the searchers as the library made them: it asks `package.preload`.
    preload: Value,
}

impl Lua {
    /// Makes a loader the one that `require` asks, after `package.preload` and in place of the search for files. Without the package library,
    /// `require` is defined.
    ///
    /// # Errors
    /// The state is closed or busy.
    pub fn set_loader(&self, loader: impl Loader) -> Result<()> {
        let loader: Rc<dyn Loader> = Rc::new(loader);
        let (package, preload) = match self.modules()? {
            Some(modules) => (Table(modules.package.clone()), modules.preload.clone()),
            None => {
                let package = self.package()?;
                // A script may have put anything there before.
                let preload = match package.raw_get("searchers")? {
                    Value::Table(searchers) => searchers.raw_get(1)?,
                    _ => Value::Nil,
                };
                (package, preload)
            }
        };
        let search = Value::Function(self.create_function(search)?);
        let first = Some(preload.clone()).filter(|preload| !preload.is_nil());
        let searchers: Vec<Value> = first.into_iter().chain([search]).collect();
        package.raw_set("searchers", self.create_sequence_from(searchers)?)?;
        let package = package.0;
        self.with(|vm| vm.set_app_data(Rc::new(Modules { loader, package, preload })))
    }

    /// The package library. One that was not there is opened, and only `require` shown of it.
    fn package(&self) -> Result<Table> {
        let globals = self.globals();
        if let Value::Table(package) = globals.raw_get("package")?
            && globals.raw_get::<Value>("require")?.as_function().is_some()
        {
            return Ok(package);
        }
        self.with(Vm::open_package)?;
        let package = globals.raw_get("package")?;
        globals.raw_set("package", Value::Nil)?;
        Ok(package)
    }

    /// What `require` works with, if a loader was set.
    fn modules(&self) -> Result<Option<Rc<Modules>>> {
        self.with(|vm| vm.app_data::<Modules>())
    }

    /// `require(module)`, converted.
    ///
    /// # Errors
    /// There is no such module, it failed, or its value does not convert.
    pub fn require<T: FromLua>(&self, module: &str) -> Result<T> {
        self.globals().get::<Function>("require")?.call(module)
    }

    /// Makes a value what `require(module)` gives.
    ///
    /// # Errors
    /// The value does not convert, or there is no package library and no loader was set.
    pub fn register_module(&self, module: &str, value: impl IntoLua) -> Result<()> {
        self.loaded_modules()?.raw_set(module, value)
    }

    /// `package.loaded`
    pub(crate) fn loaded_modules(&self) -> Result<Table> {
        match self.modules()? {
            Some(modules) => Table(modules.package.clone()).raw_get("loaded"),
            None => self.globals().get_path("package.loaded"),
        }
    }

    /// Loads a module's source anew: its main function, and its chunk's name.
    pub(crate) fn load_module(&self, module: &str) -> Result<Option<(Function, String)>> {
        let Some(modules) = self.modules()? else {
            return Err(Error::new("no loader is set"));
        };
        let Some(found) = modules.loader.load(module)? else { return Ok(None) };
        let shown = found.name.strip_prefix(['@', '=']).unwrap_or(&found.name).to_owned();
        let source = match found.source.first() {
            Some(b'#') => {
                let end = found.source.iter().position(|&b| b == b'\n');
                found.source[end.unwrap_or(found.source.len())..].to_vec()
            }
            _ => found.source,
        };
        match self.load(source).name(found.name).into_function() {
            Ok(main) => Ok(Some((main, shown))),
            Err(error) => Err(Error::new(format!(
                "error loading module '{module}' from file '{shown}':\n\t{}",
                error.message()
            ))),
        }
    }
}

/// The searcher that asks the loader.
fn search(lua: &Lua, module: &str) -> Result<(Value, Value)> {
    let text = |text: String| Ok::<_, Error>(Value::String(lua.create_string(text)?));
    match lua.load_module(module)? {
        Some((main, shown)) => Ok((Value::Function(main), text(shown)?)),
        None => {
            let modules = lua.modules()?;
            let missing = modules.map_or_else(String::new, |m| m.loader.missing(module));
            Ok((text(missing)?, Value::Nil))
        }
    }
}

/// What a reload has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reloaded {
    /// Functions that have new code, whoever holds them.
    pub swapped: usize,
    /// Functions that could not be given new code, because they run: the module has the new ones, who holds the old ones keeps them.
    pub kept: usize,
    /// Entries that are new in the module's tables.
    pub added: usize,
}

impl Lua {
    /// Runs a module's source anew and gives the module that is loaded its functions, in place.
    ///
    /// - The module's table stays the same table, and so do the tables in it, which are matched by their keys, metatables included.
    /// - A Lua function that stands under the same key in both versions, or in a local variable of the same name that such functions use,
    ///   gets the new code and stays the same function: handlers that were registered before run the new code. Functions that run, or wait in a
    ///   coroutine, and functions that used no variables at all and now do, are replaced in the module only ([`Reloaded::kept`]).
    /// - All other values stay as they are, in the module's tables and in the local variables that its functions use: that is the module's
    ///   state. What is new is added; what is gone stays. (A `<const>` local of a constant is part of the code.)
    /// - What the source does while it runs, such as setting globals, is done again.
    ///
    /// # Errors
    /// The module is not loaded, no longer found, does not compile, fails, or gives another kind of value than before: the loaded one is then as it
    /// was, but for what the source has done to other things while it ran.
    pub fn reload(&self, module: &str) -> Result<Reloaded> {
        let loaded = self.loaded_modules()?;
        let old: Value = loaded.raw_get(module)?;
        if !old.truthy() {
            return Err(Error::new(format!("module '{module}' is not loaded")));
        }
        let Some((main, shown)) = self.load_module(module)? else {
            return Err(Error::new(format!("module '{module}' is not found any more")));
        };
        let new: Value = main.call((module, shown))?;
        if new.is_nil() && matches!(old, Value::Boolean(true)) {
            return Ok(Reloaded::default());
        }
        if new.type_name() != old.type_name() {
            let (was, is) = (old.type_name(), new.type_name());
            return Err(Error::new(format!("module '{module}' was a {was} and is now a {is}")));
        }
        self.try_with(|vm| {
            let old: RawValue = old.try_into_value(vm)?;
            let new: RawValue = new.try_into_value(vm)?;
            let loaded = loaded.try_into_value(vm)?;
            crate::reload::exchange(vm, loaded, old, new)
        })
    }
}
