//! Strings.

use luna_core::runtime::Value as RawValue;

use crate::error::{Error, Result};
use crate::handle::{Handle, handle_conversions};

/// A Lua string: any bytes.
#[derive(Clone, Debug)]
pub struct LuaString(pub(crate) Handle);

handle_conversions!(LuaString, RawValue::Str(_), "string");

impl LuaString {
    /// A copy of the bytes.
    ///
    /// # Errors
    /// The state is closed or busy.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        self.0.with(|vm, value| vm.str_bytes(value).map(<[u8]>::to_vec).unwrap_or_default())
    }

    /// A copy of the text.
    ///
    /// # Errors
    /// The bytes are not UTF-8, or the state is closed or busy.
    pub fn to_text(&self) -> Result<String> {
        String::from_utf8(self.to_bytes()?).map_err(|_| Error::new("invalid UTF-8"))
    }
}
