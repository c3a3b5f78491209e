//! Which dialects have which library functions.

use super::LuaVersion::{self, Lua54, Lua55};

/// Functions that not all dialects have: library, name, first and last dialect.
const PARTIAL: &[(&str, &str, LuaVersion, LuaVersion)] = &[
    ("debug", "setcstacklimit", Lua54, Lua54),
    ("math", "frexp", Lua55, Lua55),
    ("math", "ldexp", Lua55, Lua55),
    ("table", "create", Lua55, Lua55),
];

/// Whether a dialect has a function of a library.
pub(crate) fn has_function(version: LuaVersion, library: &str, name: &str) -> bool {
    PARTIAL
        .iter()
        .find(|row| row.0 == library && row.1 == name)
        .is_none_or(|row| (row.2..=row.3).contains(&version))
}
