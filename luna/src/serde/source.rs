//! Rust values as Lua source.

use std::collections::HashSet;
use std::fmt::Write;

use luna_core::vm::{FillError, TableShape};
use serde::Serialize;

use super::error::{Problem, Step};
use super::ser::{Build, Result, Ser};
use super::values::refused;
use crate::error::Error;
use crate::keys::is_identifier;

/// Columns up to which a table stays in one line.
const WIDTH: usize = 80;
/// Levels of nesting.
const MAX_DEPTH: usize = 128;

/// Lua source that returns the value: `return { .. }`.
///
/// `None` as an item or as the value of a map is written as `null`, which `load_config` defines. Fields come in their order of declaration, entries of maps sorted by key, so that the same value makes the same text; what is read from it
/// by [`Lua::load_config`](crate::Lua::load_config) is the value again.
///
/// ```
/// use serde::Serialize;
///
/// #[derive(Serialize)]
/// struct Config { name: &'static str, size: (u8, u8), title: Option<String> }
///
/// let config = Config { name: "arena", size: (40, 20), title: None };
/// let source = luna::serde::to_source(&config).unwrap();
/// assert_eq!(source, "return { name = \"arena\", size = { 40, 20 } }\n");
/// ```
///
/// # Errors
/// An integer beyond Lua's, a key that Lua does not have, or two keys that are one to Lua.
pub fn to_source<T: Serialize + ?Sized>(value: &T) -> crate::Result<String> {
    let node =
        value.serialize(&mut Ser::new(Nodes, MAX_DEPTH)).map_err(|e| Error::new(e.text(None)))?;
    let mut text = "return ".to_owned();
    write_node(&mut text, &node, 0);
    text.push('\n');
    Ok(text)
}

/// A value as it will be written.
#[derive(Clone, Debug)]
enum Node {
    /// Nothing.
    Nil,
    /// A literal.
    Scalar(String),
    /// An integer, which as a key has a form of its own.
    Int(i64),
    /// A float, and its literal.
    Float(f64, String),
    /// A string.
    Text(String),
    /// A table: keys and values; items have no key.
    Table(Vec<(Option<Node>, Node)>),
}

impl Node {
    /// Its text in one line.
    fn inline(&self) -> String {
        match self {
            Node::Nil => "nil".to_owned(),
            Node::Scalar(text) | Node::Float(_, text) => text.clone(),
            Node::Int(n) => integer(*n),
            Node::Text(text) => quote(text.as_bytes()),
            Node::Table(entries) if entries.is_empty() => "{}".to_owned(),
            Node::Table(entries) => {
                let parts: Vec<String> = entries
                    .iter()
                    .map(|(key, value)| format!("{}{}", key_prefix(key.as_ref()), value.inline()))
                    .collect();
                format!("{{ {} }}", parts.join(", "))
            }
        }
    }

    /// Whether a table in one line may hold it.
    fn is_flat(&self) -> bool {
        match self {
            Node::Table(entries) => entries.iter().all(|(_, v)| match v {
                Node::Table(inner) => inner.iter().all(|(_, v)| !matches!(v, Node::Table(_))),
                _ => true,
            }),
            _ => true,
        }
    }

    /// What keys are sorted by.
    fn rank(&self) -> (u8, i64, &str) {
        match self {
            Node::Int(n) => (0, *n, ""),
            Node::Text(text) => (1, 0, text),
            Node::Scalar(text) | Node::Float(_, text) => (2, 0, text),
            Node::Nil | Node::Table(_) => (3, 0, ""),
        }
    }
}

/// `key = `, or nothing for an item.
fn key_prefix(key: Option<&Node>) -> String {
    match key {
        None => String::new(),
        Some(Node::Text(name)) if is_identifier(name) => format!("{name} = "),
        Some(key) => format!("[{}] = ", key.inline()),
    }
}

/// Writes a node at a level of indentation.
fn write_node(text: &mut String, node: &Node, level: usize) {
    let inline = node.inline();
    let column = text.len() - text.rfind('\n').map_or(0, |at| at + 1);
    let Node::Table(entries) = node else {
        text.push_str(&inline);
        return;
    };
    if entries.is_empty() || (node.is_flat() && column + inline.len() < WIDTH) {
        text.push_str(&inline);
        return;
    }
    text.push_str("{\n");
    for (key, value) in entries {
        text.push_str(&"    ".repeat(level + 1));
        text.push_str(&key_prefix(key.as_ref()));
        write_node(text, value, level + 1);
        text.push_str(",\n");
    }
    text.push_str(&"    ".repeat(level));
    text.push('}');
}

/// An integer literal. The smallest has no decimal one.
fn integer(n: i64) -> String {
    if n == i64::MIN { "0x8000000000000000".to_owned() } else { n.to_string() }
}

/// A float literal that reads back as the same float.
fn float(x: f64) -> String {
    if x.is_nan() {
        return "(0/0)".to_owned();
    }
    if x.is_infinite() {
        return if x > 0.0 { "1e9999" } else { "-1e9999" }.to_owned();
    }
    format!("{x:?}")
}

/// A string literal.
fn quote(bytes: &[u8]) -> String {
    let mut text = "\"".to_owned();
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            // Writing to a string cannot fail.
            let _ = match c {
                '"' | '\\' => write!(text, "\\{c}"),
                '\n' => write!(text, "\\n"),
                '\r' => write!(text, "\\r"),
                '\t' => write!(text, "\\t"),
                c if c.is_ascii_control() => write!(text, "\\x{:02X}", c as u32),
                c => write!(text, "{c}"),
            };
        }
        for byte in chunk.invalid() {
            let _ = write!(text, "\\x{byte:02X}");
        }
    }
    text.push('"');
    text
}

/// The entries of a table that is not finished, and the texts of their keys.
#[derive(Debug, Default)]
struct Entries {
    entries: Vec<(Option<Node>, Node)>,
    keys: HashSet<String>,
}

/// The integer that a float is as a key.
fn exact_integer(v: f64) -> Option<i64> {
    // Beyond 2^63 the conversion saturates.
    let int = v as i64;
    (int as f64 == v && v < 9_223_372_036_854_775_808.0).then_some(int)
}

/// Makes nodes.
#[derive(Clone, Copy, Debug)]
struct Nodes;

impl Build for Nodes {
    type Value = Node;
    type Table = Entries;

    fn nil(&mut self) -> Node {
        Node::Nil
    }
    fn is_nil(value: &Node) -> bool {
        matches!(value, Node::Nil)
    }
    fn null(&mut self) -> Node {
        // A name that `Lua::load_config` defines.
        Node::Scalar("null".to_owned())
    }
    fn unit(&mut self) -> Node {
        self.null()
    }
    fn boolean(&mut self, v: bool) -> Node {
        Node::Scalar(v.to_string())
    }
    fn integer(&mut self, v: i64) -> Node {
        Node::Int(v)
    }
    fn big(&mut self, digits: String) -> Result<Node> {
        Err(Problem::new(format!("{digits} does not fit into an integer of Lua")))
    }
    fn single(&mut self, v: f32) -> Node {
        // The shortest text of a 32-bit float reads back as the same one.
        let text = if v.is_finite() { format!("{v:?}") } else { float(v.into()) };
        Node::Float(v.into(), text)
    }
    fn float(&mut self, v: f64) -> Node {
        Node::Float(v, float(v))
    }
    fn text(&mut self, v: &str) -> Node {
        Node::Text(v.to_owned())
    }
    fn bytes(&mut self, v: &[u8]) -> Node {
        Node::Scalar(quote(v))
    }
    fn open(&mut self, _shape: TableShape, _len: usize) -> Self::Table {
        Entries::default()
    }
    fn item(&mut self, table: &mut Self::Table, value: Node) -> Result<()> {
        table.entries.push((None, value));
        Ok(())
    }
    fn entry(&mut self, table: &mut Self::Table, key: Node, value: Node) -> Result<()> {
        let key = match key {
            Node::Table(_) => {
                return Err(Problem::new("a key must be a string, a number or a boolean"));
            }
            Node::Float(v, _) if v.is_nan() => {
                return Err(refused(FillError::Refused("table index is NaN")));
            }
            Node::Nil => return Err(refused(FillError::Refused("table index is nil"))),
            Node::Float(v, text) => exact_integer(v).map_or(Node::Float(v, text), Node::Int),
            key => key,
        };
        // A nil is no entry, so another may stand under its key.
        if !matches!(value, Node::Nil) && !table.keys.insert(key.inline()) {
            return Err(refused(FillError::Duplicate));
        }
        table.entries.push((Some(key), value));
        Ok(())
    }
    fn step(&self, key: &Node) -> Step {
        match key {
            Node::Text(name) => Step::Name(name.clone()),
            Node::Int(n) => Step::Index(*n),
            key => Step::Other(key.inline()),
        }
    }
    fn close(&mut self, mut table: Self::Table, by_key: bool) -> Node {
        if by_key {
            table.entries.sort_by(|(a, _), (b, _)| {
                a.as_ref().map(Node::rank).cmp(&b.as_ref().map(Node::rank))
            });
        }
        Node::Table(table.entries)
    }
}
