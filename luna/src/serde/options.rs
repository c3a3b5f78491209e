//! What the conversions do where there is a choice.

/// Wrappers without a table of their own, such as `Option` and newtypes, that a level of nesting may have on average.
pub(super) const WRAPPERS_PER_LEVEL: usize = 4;

/// How [`Lua::to_value_with`](crate::Lua::to_value_with) converts.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct SerializeOptions {
    /// What becomes of integers above `i64::MAX`, which Lua has no integers for: an error, or their digits as a string. Never a rounded
    /// float.
    pub big_integers_as_strings: bool,
    /// Levels of nesting; more are an error.
    pub max_depth: usize,
}

impl Default for SerializeOptions {
    fn default() -> SerializeOptions {
        SerializeOptions { big_integers_as_strings: false, max_depth: 128 }
    }
}

impl SerializeOptions {
    /// Writes integers above `i64::MAX` as strings of digits, which read back as integers.
    #[must_use]
    pub fn big_integers_as_strings(mut self, yes: bool) -> SerializeOptions {
        self.big_integers_as_strings = yes;
        self
    }

    /// Sets how many levels of nesting are converted. Each takes some of the stack: thousands of them may overflow it, which ends the process.
    #[must_use]
    pub fn max_depth(mut self, levels: usize) -> SerializeOptions {
        self.max_depth = levels;
        self
    }
}

/// How [`Lua::from_value_with`](crate::Lua::from_value_with) converts. The limits hold against hostile tables.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct DeserializeOptions {
    /// Levels of nesting; more are an error.
    pub max_depth: usize,
    /// Entries of all tables together; more are an error.
    pub max_entries: usize,
    /// What error messages call the value.
    pub root: Option<String>,
}

impl Default for DeserializeOptions {
    fn default() -> DeserializeOptions {
        DeserializeOptions { max_depth: 128, max_entries: 1_000_000, root: None }
    }
}

impl DeserializeOptions {
    /// Sets how many levels of nesting are converted. Each takes some of the stack: thousands of them may overflow it, which ends the process.
    #[must_use]
    pub fn max_depth(mut self, levels: usize) -> DeserializeOptions {
        self.max_depth = levels;
        self
    }

    /// Sets how many entries of tables are converted.
    #[must_use]
    pub fn max_entries(mut self, entries: usize) -> DeserializeOptions {
        self.max_entries = entries;
        self
    }

    /// Sets what error messages call the value.
    #[must_use]
    pub fn root(mut self, name: impl Into<String>) -> DeserializeOptions {
        self.root = Some(name.into());
        self
    }
}

/// What becomes of a value that serde has no form for: a function, a coroutine, a userdata whose class has no data, a table that
/// contains itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Formless {
    /// It is an error.
    #[default]
    Error,
    /// It is written as nothing.
    Null,
    /// It is left out with its key; where there is no key, it is written as nothing.
    Skip,
}

/// How a handle is serialized.
#[derive(Clone, Copy, Debug)]
pub(super) struct SerializableOptions {
    /// What becomes of a value without a form.
    pub(super) formless: Formless,
    /// Levels of nesting; more are an error.
    pub(super) max_depth: usize,
    /// Entries of all tables together; more are an error.
    pub(super) max_entries: usize,
}

impl Default for SerializableOptions {
    fn default() -> SerializableOptions {
        SerializableOptions { formless: Formless::Error, max_depth: 128, max_entries: 1_000_000 }
    }
}
