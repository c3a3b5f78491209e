//! The rules of each version, as data: a version is a diff of the one before.

/// What a dialect allows and how it behaves. Spent in the lexer, the compiler and the library tables; the
/// interpreter's loop never reads it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    /// Value of `_VERSION`, also the directory name in `package.path`'s defaults.
    pub(crate) version_name: &'static str,
    /// Major and minor version, one nibble each, as the header of a binary chunk has them.
    pub(crate) version_byte: u8,
    /// `global` declarations.
    pub(crate) global_decl: bool,
    /// `function f(...t)`.
    pub(crate) named_vararg: bool,
    /// `local <const> a, b`.
    pub(crate) prefix_attribs: bool,
    /// Loop variables cannot be assigned to.
    pub(crate) const_loop_vars: bool,
    /// The limit on local variables counts names as they are declared, not registers as they are taken.
    pub(crate) locals_limited_by_name: bool,
    /// A float is written with 17 digits where the shorter form does not read back.
    pub(crate) float_round_trip: bool,
}

/// Lua 5.4.
pub(crate) const LUA54: Rules = Rules {
    version_name: "Lua 5.4",
    version_byte: 0x54,
    global_decl: false,
    named_vararg: false,
    prefix_attribs: false,
    const_loop_vars: false,
    locals_limited_by_name: true,
    float_round_trip: false,
};

/// Lua 5.5.
pub(crate) const LUA55: Rules = Rules {
    version_name: "Lua 5.5",
    version_byte: 0x55,
    global_decl: true,
    named_vararg: true,
    prefix_attribs: true,
    const_loop_vars: true,
    locals_limited_by_name: false,
    float_round_trip: true,
};
