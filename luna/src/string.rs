//! Strings.

use luna_core::runtime::Value as RawValue;
use luna_core::vm::Handle;

use crate::error::{Error, Result};
use crate::handle::{handle_conversions, with};
use crate::pretty::shows_content;

/// A Lua string: any bytes.
#[derive(Clone)]
pub struct LuaString(pub(crate) Handle);

shows_content!(LuaString);
handle_conversions!(LuaString, RawValue::Str(_), "string");

impl LuaString {
    /// A copy of the bytes.
    ///
    /// # Errors
    /// The state is closed or busy.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        self.with_bytes(<[u8]>::to_vec)
    }

    /// A copy of the text.
    ///
    /// # Errors
    /// The bytes are not UTF-8, or the state is closed or busy.
    pub fn to_text(&self) -> Result<String> {
        String::from_utf8(self.to_bytes()?).map_err(|_| Error::new("invalid UTF-8"))
    }

    /// Number of bytes.
    ///
    /// # Errors
    /// The state is closed or busy.
    pub fn len(&self) -> Result<usize> {
        self.with_bytes(<[u8]>::len)
    }

    /// Whether there are no bytes.
    ///
    /// # Errors
    /// The state is closed or busy.
    pub fn is_empty(&self) -> Result<bool> {
        self.with_bytes(<[u8]>::is_empty)
    }

    /// Looks at the bytes; the state is busy meanwhile.
    ///
    /// # Errors
    /// The state is closed or busy.
    pub fn with_bytes<R>(&self, look: impl FnOnce(&[u8]) -> R) -> Result<R> {
        with(&self.0, |vm, value| look(vm.str_bytes(value).unwrap_or_default()))
    }
}
