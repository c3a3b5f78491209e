//! Keys of tables: their order and how they are written.

use luna_core::vm::{Look, TableRef, ValueRef};

/// A table's entries, in an order that depends on nothing but the keys.
pub(crate) fn sorted(table: TableRef<'_>) -> Vec<(ValueRef<'_>, ValueRef<'_>)> {
    let mut entries: Vec<_> = table.entries().collect();
    entries.sort_by(|(a, _), (b, _)| rank(*a).cmp(&rank(*b)));
    entries
}

/// Integers by value, then strings by their bytes, then the rest.
fn rank(key: ValueRef<'_>) -> (u8, i64, &[u8]) {
    match key.look() {
        Look::Int(n) => (0, n, b""),
        Look::Str(bytes) => (1, 0, bytes),
        Look::Float(x) => (2, x.to_bits().cast_signed(), b""),
        Look::Bool(b) => (3, i64::from(b), b""),
        _ => (4, 0, b""),
    }
}

/// Whether a key can be written as a name.
pub(crate) fn is_identifier(name: &str) -> bool {
    const RESERVED: [&str; 23] = [
        "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "global",
        "goto", "if", "in", "local", "nil", "not", "or", "repeat", "return", "then", "true",
        "until", "while",
    ];
    let mut chars = name.bytes();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == b'_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == b'_')
        && !RESERVED.contains(&name)
}
