//! The format of binary chunks: what writer and reader share.
//!
//! A chunk is the dialect's stock header, a marker of 16 bytes, and a body of our own:
//!
//! ```text
//! body      flags strings source function
//! strings   count (length bytes)*                 each distinct string once
//! source    text
//! function  num_params is_vararg max_stack line_defined last_line
//!           count word*  count constant*  count upvalue*  count function*
//!           count line*  count local*
//! text      0, or 1 + index of a string
//! ```
//!
//! Counts and other numbers are LEB128; signed ones are folded to unsigned first (0, -1, 1, -2, ..). Words and floats are
//! little-endian. Lines are differences from the line before.

use super::op::for_each_op;

/// Flag of a body without debug information.
pub(super) const STRIPPED: u8 = 1;

/// Number of the body's layout, to be changed with it.
const LAYOUT: u32 = 1;

/// Tags of constants.
pub(super) mod tag {
    /// `nil`
    pub(in crate::bytecode) const NIL: u8 = 0;
    /// `false`
    pub(in crate::bytecode) const FALSE: u8 = 1;
    /// `true`
    pub(in crate::bytecode) const TRUE: u8 = 2;
    /// An integer.
    pub(in crate::bytecode) const INT: u8 = 3;
    /// A float.
    pub(in crate::bytecode) const FLOAT: u8 = 4;
    /// A string.
    pub(in crate::bytecode) const STR: u8 = 5;
}

macro_rules! table_text {
    ($($name:ident $form:ident($($field:tt)*) $effect:ident $doc:literal;)*) => {
        concat!($(stringify!($name $form $($field)*), $doc, ";",)*)
    };
}

/// The op table as text: code for another table is not ours.
const TABLE: &str = for_each_op!(table_text);

/// Length of the marker.
pub(super) const MARKER_LEN: usize = 16;

/// The part of the marker that all our chunks have in common. In a stock chunk the first byte is a count of upvalues, and
/// what follows is then a number that is too large (where the last byte of a number has the high bit) or flags that do not
/// exist (where the others have it).
pub(super) const MARKER_NAME: &[u8; 14] = b"\xffluna bytecode";

/// The marker: the name, and a number that changes with the layout and with the op table.
pub(super) const MARKER: [u8; MARKER_LEN] = {
    let version = hash(TABLE, LAYOUT).to_le_bytes();
    let mut marker = [0; MARKER_LEN];
    let mut i = 0;
    while i < MARKER_NAME.len() {
        marker[i] = MARKER_NAME[i];
        i += 1;
    }
    marker[14] = version[0] ^ version[2];
    marker[15] = version[1] ^ version[3];
    marker
};

/// FNV-1a of a text, from a seed.
const fn hash(text: &str, seed: u32) -> u32 {
    let bytes = text.as_bytes();
    let mut hash = 0x811c_9dc5 ^ seed;
    let mut i = 0;
    while i < bytes.len() {
        hash = (hash ^ bytes[i] as u32).wrapping_mul(0x0100_0193);
        i += 1;
    }
    hash
}
