//! Values deep in tables, by a path such as `units[2].pos.x`.

use std::fmt::Display;

use luna_core::Vm;
use luna_core::runtime::Value as RawValue;
use luna_core::vm::{Handle, LuaError};

use crate::error::{Error, Result};
use crate::handle::try_with;
use crate::table::Table;
use crate::{FromLua, IntoLua};

/// A step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Key {
    /// `.name` or `["name"]`
    Name(String),
    /// `[1]`
    Index(i64),
}

impl Key {
    /// The key as a value.
    fn value(&self, vm: &mut Vm) -> RawValue {
        match self {
            Key::Name(name) => RawValue::Str(vm.intern_str(name)),
            Key::Index(index) => RawValue::Int(*index),
        }
    }
}

/// A step of a path.
struct Step {
    key: Key,
    /// Where its text ends in the path.
    end: usize,
    /// `?`: if there is nothing, the path leads to nil.
    optional: bool,
}

/// The steps of a path.
fn parse(path: &str) -> Result<Vec<Step>> {
    let wrong = |at: usize, what: &str| {
        Error::new(format!("malformed path '{path}': {what} at position {}", at + 1))
    };
    let mut steps = Vec::new();
    let mut at = 0;
    while at < path.len() {
        let rest = &path[at..];
        let key;
        if let Some(inside) = rest.strip_prefix('[') {
            let quote = inside.chars().next().filter(|c| matches!(c, '"' | '\''));
            let len;
            (key, len) = match quote {
                Some(quote) => {
                    let text = &inside[1..];
                    let end = text.find(quote).ok_or_else(|| wrong(at, "unfinished string"))?;
                    (Key::Name(text[..end].to_owned()), end + 2)
                }
                None => {
                    let end = inside.find(']').unwrap_or(inside.len());
                    let index = inside[..end].trim().parse();
                    (Key::Index(index.map_err(|_| wrong(at + 1, "integer expected"))?), end)
                }
            };
            if !inside[len..].starts_with(']') {
                return Err(wrong(at + 1 + len, "']' expected"));
            }
            at += len + 2;
        } else {
            let dot = usize::from(rest.starts_with('.'));
            if dot == usize::from(steps.is_empty()) {
                return Err(wrong(
                    at,
                    if dot == 1 { "name expected" } else { "'.' or '[' expected" },
                ));
            }
            let name = &rest[dot..];
            let len = name.find(['.', '[', '?']).unwrap_or(name.len());
            if len == 0 {
                return Err(wrong(at + dot, "name expected"));
            }
            at += dot + len;
            key = Key::Name(name[..len].to_owned());
        }
        let optional = path[at..].starts_with('?');
        steps.push(Step { key, end: at, optional });
        at += usize::from(optional);
    }
    if steps.is_empty() { Err(wrong(0, "name expected")) } else { Ok(steps) }
}

/// An error about the value at a path.
fn at(vm: &mut Vm, place: &str, problem: impl Display) -> LuaError {
    LuaError(RawValue::Str(vm.intern_str(&format!("at {place}: {problem}"))))
}

impl Table {
    /// The value at a path: names after dots, integers and quoted strings in brackets. With metamethods. Where `?` follows and there is
    /// nothing, the path leads to nil.
    ///
    /// ```
    /// use luna::{Lua, Table};
    ///
    /// # fn main() -> luna::Result<()> {
    /// let lua = Lua::new();
    /// let config: Table = lua.load("return { servers = { { host = 'a' }, { host = 'b', port = 'x' } } }").eval()?;
    /// assert_eq!(config.get_path::<String>("servers[2].host")?, "b");
    /// assert_eq!(config.get_path::<Option<u16>>("servers[1].port")?, None);
    /// let error = config.get_path::<u16>("servers[2].port").unwrap_err();
    /// assert_eq!(error.message(), "at servers[2].port: number expected, got string");
    /// let error = config.get_path::<u16>("servers[3].port").unwrap_err();
    /// assert_eq!(error.message(), "at servers[3]: attempt to index a nil value");
    /// assert_eq!(config.get_path::<Option<u16>>("servers[3]?.port")?, None);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The path is malformed, something on the way cannot be indexed, what was raised, or that the value does not convert.
    pub fn get_path<T: FromLua>(&self, path: &str) -> Result<T> {
        let steps = parse(path)?;
        try_with(&self.0, |vm, table| {
            let mut value = table;
            let mut place = "";
            for step in &steps {
                value = index(vm, value, &step.key, place)?;
                if step.optional && value.is_nil() {
                    break;
                }
                place = &path[..step.end];
            }
            match T::from_lua_value(value, vm) {
                Ok(value) => Ok(value),
                Err(failure) => Err(at(vm, path, failure)),
            }
        })
    }

    /// Sets the value at a path, with metamethods. Where there is nothing on the way, tables are made.
    ///
    /// ```
    /// use luna::Lua;
    ///
    /// # fn main() -> luna::Result<()> {
    /// let lua = Lua::new();
    /// lua.globals().set_path("mods.arena['max units']", 20)?;
    /// assert_eq!(lua.load("mods.arena['max units']").eval::<i64>()?, 20);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The path is malformed, something on the way cannot be indexed, what was raised, or that the value does not convert.
    pub fn set_path(&self, path: &str, value: impl IntoLua) -> Result<()> {
        let mut steps = parse(path)?;
        if steps.iter().any(|step| step.optional) {
            return Err(Error::new(format!("malformed path '{path}': '?' only reads")));
        }
        let Some(last) = steps.pop() else { return Ok(()) };
        try_with(&self.0, |vm, table| {
            let new = value.try_into_value(vm)?;
            let _new = Handle::new(vm, new);
            let mut owner = table;
            let mut place = "";
            for step in &steps {
                let mut value = index(vm, owner, &step.key, place)?;
                if value.is_nil() {
                    value = RawValue::Table(vm.new_table().build());
                    let _made = Handle::new(vm, value);
                    let key = step.key.value(vm);
                    vm.set(owner, key, value)?;
                }
                (owner, place) = (value, &path[..step.end]);
            }
            let _owner = Handle::new(vm, owner);
            let key = last.key.value(vm);
            indexable(vm, owner, place)?;
            vm.set(owner, key, new)
        })
    }
}

/// `value[key]`, where `place` leads to the value.
fn index(
    vm: &mut Vm,
    value: RawValue,
    key: &Key,
    place: &str,
) -> std::result::Result<RawValue, LuaError> {
    indexable(vm, value, place)?;
    let key = key.value(vm);
    vm.get(value, key)
}

/// Refuses what has neither fields nor a say about them.
fn indexable(vm: &mut Vm, value: RawValue, place: &str) -> std::result::Result<(), LuaError> {
    let has_fields = matches!(value, RawValue::Table(_) | RawValue::Userdata(_));
    if has_fields || vm.metatable(value).is_some() {
        return Ok(());
    }
    Err(at(vm, place, format_args!("attempt to index a {} value", value.type_name())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_have_steps() {
        let keys = |path| parse(path).map(|steps| steps.into_iter().map(|step| step.key).collect());
        let name = |name: &str| Key::Name(name.to_owned());
        assert_eq!(keys("a").ok(), Some(vec![name("a")]));
        assert_eq!(
            keys("a b.c[-1][\"x.y]\"]['']").ok(),
            Some(vec![name("a b"), name("c"), Key::Index(-1), name("x.y]"), name("")])
        );
        assert_eq!(keys("a?[1]?.b?").ok(), Some(vec![name("a"), Key::Index(1), name("b")]));
        assert_eq!(keys("['a?']").ok(), Some(vec![name("a?")]));
        assert_eq!(keys("[ 2 ].é").ok(), Some(vec![Key::Index(2), name("é")]));
        for wrong in [
            "", ".", ".a", "a.", "a..b", "a[", "a[]", "a[x]", "a['x]", "a['x'", "a[1]b", "[",
            "a[1", "?", "a??", "a.?",
        ] {
            assert!(keys(wrong).is_err(), "{wrong}");
        }
    }
}
