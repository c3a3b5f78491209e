//! Dialects as data: the only place that knows versions.

pub(crate) mod library;
pub(crate) mod rules;

pub(crate) use rules::Rules;

/// A dialect of Lua.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LuaVersion {
    /// Lua 5.4.
    Lua54,
    /// Lua 5.5.
    Lua55,
}

impl LuaVersion {
    /// Whether the dialect has integers beside floats.
    #[must_use]
    pub fn has_integers(self) -> bool {
        self >= LuaVersion::Lua54
    }

    /// Whether the dialect has bitwise operators.
    #[must_use]
    pub fn has_bitwise_ops(self) -> bool {
        self >= LuaVersion::Lua54
    }

    /// Whether the dialect has floor division.
    #[must_use]
    pub fn has_idiv(self) -> bool {
        self >= LuaVersion::Lua54
    }

    /// Whether the dialect has `goto`.
    #[must_use]
    pub fn has_goto(self) -> bool {
        self >= LuaVersion::Lua54
    }

    /// Whether the dialect has `<const>` and `<close>`.
    #[must_use]
    pub fn has_attribs(self) -> bool {
        self >= LuaVersion::Lua54
    }

    /// Whether the dialect has `global` declarations.
    #[must_use]
    pub fn has_global_decl(self) -> bool {
        self.rules().global_decl
    }

    /// The dialect's rules.
    pub(crate) fn rules(self) -> &'static Rules {
        match self {
            LuaVersion::Lua54 => &rules::LUA54,
            LuaVersion::Lua55 => &rules::LUA55,
        }
    }
}
