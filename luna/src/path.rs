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

/// The steps of a path, each with the end of its text.
fn parse(path: &str) -> Result<Vec<(Key, usize)>> {
    let wrong = |at: usize, what: &str| {
        Error::new(format!("malformed path '{path}': {what} at position {}", at + 1))
    };
    let mut keys = Vec::new();
    let mut at = 0;
    while at < path.len() {
        let rest = &path[at..];
        if let Some(inside) = rest.strip_prefix('[') {
            let quote = inside.chars().next().filter(|c| matches!(c, '"' | '\''));
            let (key, len) = match quote {
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
            keys.push((key, at));
        } else {
            let dot = usize::from(rest.starts_with('.'));
            if dot == usize::from(keys.is_empty()) {
                return Err(wrong(
                    at,
                    if dot == 1 { "name expected" } else { "'.' or '[' expected" },
                ));
            }
            let name = &rest[dot..];
            let len = name.find(['.', '[']).unwrap_or(name.len());
            if len == 0 {
                return Err(wrong(at + dot, "name expected"));
            }
            at += dot + len;
            keys.push((Key::Name(name[..len].to_owned()), at));
        }
    }
    if keys.is_empty() { Err(wrong(0, "name expected")) } else { Ok(keys) }
}

/// An error about the value at a path.
fn at(vm: &mut Vm, place: &str, problem: impl Display) -> LuaError {
    LuaError(RawValue::Str(vm.intern_str(&format!("at {place}: {problem}"))))
}

impl Table {
    /// The value at a path: names after dots, integers and quoted strings in brackets. With metamethods.
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
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The path is malformed, something on the way cannot be indexed, what was raised, or that the value does not convert.
    pub fn get_path<T: FromLua>(&self, path: &str) -> Result<T> {
        let keys = parse(path)?;
        try_with(&self.0, |vm, table| {
            let mut value = table;
            let mut end = 0;
            for (key, next) in &keys {
                value = index(vm, value, key, &path[..end])?;
                end = *next;
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
        let mut keys = parse(path)?;
        let Some((last, _)) = keys.pop() else { return Ok(()) };
        try_with(&self.0, |vm, table| {
            let new = value.try_into_value(vm)?;
            let _new = Handle::new(vm, new);
            let mut owner = table;
            let mut end = 0;
            for (key, next) in &keys {
                let mut value = index(vm, owner, key, &path[..end])?;
                if value.is_nil() {
                    value = RawValue::Table(vm.new_table().build());
                    let _made = Handle::new(vm, value);
                    let key = key.value(vm);
                    vm.set(owner, key, value)?;
                }
                (owner, end) = (value, *next);
            }
            let _owner = Handle::new(vm, owner);
            let key = last.value(vm);
            indexable(vm, owner, &path[..end])?;
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
    if matches!(value, RawValue::Table(_)) || vm.metatable(value).is_some() {
        return Ok(());
    }
    Err(at(vm, place, format_args!("attempt to index a {} value", value.type_name())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_have_steps() {
        let keys = |path| parse(path).map(|keys| keys.into_iter().map(|(k, _)| k).collect());
        let name = |name: &str| Key::Name(name.to_owned());
        assert_eq!(keys("a").ok(), Some(vec![name("a")]));
        assert_eq!(
            keys("a b.c[-1][\"x.y]\"]['']").ok(),
            Some(vec![name("a b"), name("c"), Key::Index(-1), name("x.y]"), name("")])
        );
        assert_eq!(keys("[ 2 ].é").ok(), Some(vec![Key::Index(2), name("é")]));
        for wrong in [
            "", ".", ".a", "a.", "a..b", "a[", "a[]", "a[x]", "a['x]", "a['x'", "a[1]b", "[", "a[1",
        ] {
            assert!(keys(wrong).is_err(), "{wrong}");
        }
    }
}
