//! What scripts may use, written down for editors: annotations in the format of LuaLS and EmmyLua.

mod function;
mod lua_type;
mod luals;
mod names;
mod rust_type;

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use luna_core::runtime::Value as RawValue;
use luna_core::vm::{ClassInfo, LuaUserdata, TypeInfo};

use crate::error::Result;
use crate::handle::with;
use crate::lua::Lua;
use crate::table::Table;
use crate::value::Value;
use crate::{FromLua, IntoLua};

/// How many tables deep classes are looked for.
const DEPTH: usize = 3;

/// What scripts may use, to be written down for editors; see [`Lua::stubs`].
#[derive(Clone, Debug, Default)]
pub struct Stubs {
    types: Vec<TypeInfo>,
    modules: Vec<(String, ClassInfo)>,
    classes: Vec<Class>,
    functions: Vec<Entry>,
    globals: Vec<Entry>,
}

/// A class.
#[derive(Clone, Debug)]
struct Class {
    info: ClassInfo,
    /// Where its table is; none if scripts cannot reach it.
    place: Option<String>,
    /// The table can be called.
    callable: bool,
}

/// A function or a global value.
#[derive(Clone, Debug)]
struct Entry {
    path: String,
    docs: String,
    /// Its type as one would write it in Rust.
    ty: String,
}

impl Lua {
    /// The classes that have been used, to be written down for editors.
    ///
    /// Classes stand where the globals have them. What the state knows nothing of is added: classes whose objects come later, types that
    /// are converted by value, modules, single functions and values.
    ///
    /// ```
    /// use luna::{Lua, LuaUserdata, lua_methods};
    ///
    /// /// Fights for its side.
    /// #[derive(LuaUserdata)]
    /// struct Unit {
    ///     /// What is left of its health.
    ///     pub hp: f64,
    /// }
    ///
    /// #[lua_methods]
    /// impl Unit {
    ///     /// Takes health.
    ///     #[lua(defaults(times = 1))]
    ///     fn hit(&mut self, amount: f64, times: u32) {
    ///         self.hp -= amount * f64::from(times);
    ///     }
    /// }
    ///
    /// # fn main() -> luna::Result<()> {
    /// let lua = Lua::new();
    /// lua.set_class::<Unit>("Unit")?;
    /// let text = lua.stubs()?.function("spawn", "Makes a unit.", "fn(hp: Option<f64>) -> Unit").luals();
    /// assert_eq!(
    ///     text,
    ///     "---@meta
    ///
    /// ---Fights for its side.
    /// ---@class Unit
    /// ---@field hp number What is left of its health.
    /// Unit = {}
    ///
    /// ---Takes health.
    /// ---@param amount number
    /// ---@param times? integer Default: `1`.
    /// function Unit:hit(amount, times) end
    ///
    /// ---Makes a unit.
    /// ---@param hp? number
    /// ---@return Unit
    /// function spawn(hp) end
    /// "
    /// );
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Lua is busy or closed.
    pub fn stubs(&self) -> Result<Stubs> {
        let mut found = BTreeMap::new();
        find_classes(&self.globals(), "", DEPTH, &mut found)?;
        // The shortest way to a class is its place.
        let mut places: Vec<(String, (ClassInfo, bool))> = found.into_iter().collect();
        places.sort_by_key(|(path, _)| path.matches('.').count());
        let mut stubs = Stubs::default();
        for (path, (info, callable)) in places {
            if !stubs.has(&info) {
                stubs.classes.push(Class { info, place: Some(path), callable });
            }
        }
        for info in self.describe_classes()? {
            stubs.add_class(info);
        }
        stubs.classes.sort_by_key(|class| (class.info.name, class.info.path));
        Ok(stubs)
    }
}

/// Finds the class tables in a table, by their paths.
fn find_classes(
    table: &Table,
    path: &str,
    depth: usize,
    found: &mut BTreeMap<String, (ClassInfo, bool)>,
) -> Result<()> {
    table.for_each(|key: Value, value: Value| {
        let (Value::String(key), Value::Table(inner)) = (key, value) else { return Ok(()) };
        let Ok(name) = key.to_text() else { return Ok(()) };
        if !names::is_name(&name) || matches!(&*name, "_G" | "package") {
            return Ok(());
        }
        let path = if path.is_empty() { name } else { format!("{path}.{name}") };
        let class = with(&inner.0, |vm, value| match value {
            RawValue::Table(table) => vm.describe_table(table),
            _ => None,
        })?;
        match class {
            Some(class) => {
                found.insert(path, (class, inner.metatable()?.is_some()));
                Ok(())
            }
            None if depth > 1 => find_classes(&inner, &path, depth - 1, found),
            None => Ok(()),
        }
    })
}

impl Stubs {
    /// Adds a class whose objects scripts meet, if it is not there yet.
    #[must_use]
    pub fn class<T: LuaUserdata>(mut self) -> Stubs {
        self.add_class(ClassInfo::of::<T>());
        self
    }

    /// Adds a type that is made from Lua values with a derived `FromLua`.
    #[must_use]
    pub fn from_lua<T: FromLua>(mut self) -> Stubs {
        self.add_type(T::describe_type());
        self
    }

    /// Adds a type that becomes a Lua value with a derived `IntoLua`.
    #[must_use]
    pub fn into_lua<T: IntoLua>(mut self) -> Stubs {
        self.add_type(T::describe_type());
        self
    }

    /// Adds a type that is described by hand.
    #[must_use]
    pub fn described(mut self, info: TypeInfo) -> Stubs {
        self.add_type(Some(info));
        self
    }

    /// Adds a module by where scripts find its table, as in `"shapes.round"`; its `lua_module_info()` describes it.
    #[must_use]
    pub fn module(mut self, path: impl Into<String>, info: ClassInfo) -> Stubs {
        self.modules.push((path.into(), info));
        self
    }

    /// Adds a function by where scripts find it; its type as in `"fn(name: &str, each: fn(unit: &Unit)) -> Option<f64>"`.
    #[must_use]
    pub fn function(
        mut self,
        path: impl Into<String>,
        docs: impl Into<String>,
        signature: impl Into<String>,
    ) -> Stubs {
        self.functions.push(Entry { path: path.into(), docs: docs.into(), ty: signature.into() });
        self
    }

    /// Adds a global value with its type as it is written in Rust.
    #[must_use]
    pub fn global(
        mut self,
        path: impl Into<String>,
        docs: impl Into<String>,
        ty: impl Into<String>,
    ) -> Stubs {
        self.globals.push(Entry { path: path.into(), docs: docs.into(), ty: ty.into() });
        self
    }

    /// The annotations: a file that LuaLS and EmmyLua read.
    #[must_use]
    pub fn luals(&self) -> String {
        luals::write(self)
    }

    /// Writes the annotations to a file, `NAME.d.lua` by custom.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write_to(&self, path: impl AsRef<Path>) -> io::Result<()> {
        std::fs::write(path, self.luals())
    }

    /// Whether a class is there.
    fn has(&self, info: &ClassInfo) -> bool {
        self.classes.iter().any(|class| class.info.path == info.path)
    }

    /// Adds a class and those it extends.
    fn add_class(&mut self, info: ClassInfo) {
        if !self.has(&info) {
            self.classes.push(Class { info, place: None, callable: false });
        }
    }

    /// Adds a type, if there is something to say of it and it is not there yet.
    fn add_type(&mut self, info: Option<TypeInfo>) {
        let Some(info) = info else { return };
        if !self.types.iter().any(|known| known.path == info.path) {
            self.types.push(info);
        }
    }

    /// All classes, those that others extend among them, by name.
    fn all_classes(&self) -> Vec<Class> {
        let mut all = self.clone();
        let mut at = 0;
        while let Some(class) = all.classes.get(at) {
            for base in class.info.base_classes.clone() {
                all.add_class(base);
            }
            at += 1;
        }
        all.classes.sort_by_key(|class| (class.info.name, class.info.path));
        all.classes
    }
}
