//! Rust values as Lua source.

use std::fmt::Write;

use serde::Serialize;
use serde::ser::{
    SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};

use super::error::{Problem, Step, is_identifier};
use crate::error::Error;

/// Columns up to which a table stays in one line.
const WIDTH: usize = 80;
/// Levels of nesting.
const MAX_DEPTH: usize = 128;

type Result<T> = std::result::Result<T, Problem>;

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
/// An integer beyond Lua's.
pub fn to_source<T: Serialize + ?Sized>(value: &T) -> crate::Result<String> {
    let node = value.serialize(Nodes { depth: 0 }).map_err(|e| Error::new(e.text(None)))?;
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
            Node::Scalar(text) => text.clone(),
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
            Node::Scalar(text) => (2, 0, text),
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

/// Nothing, where it must be something: a name that [`Lua::load_config`](crate::Lua::load_config) defines.
fn null() -> Node {
    Node::Scalar("null".to_owned())
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

/// Makes nodes.
#[derive(Clone, Copy, Debug)]
struct Nodes {
    depth: usize,
}

impl Nodes {
    /// For what is one level down.
    fn inner(self) -> Result<Nodes> {
        if self.depth >= MAX_DEPTH {
            return Err(Problem::new(format!("more than {MAX_DEPTH} levels of nesting")));
        }
        Ok(Nodes { depth: self.depth + 1 })
    }

    /// A table in the making.
    fn table(self, variant: Option<&'static str>) -> Result<TableNodes> {
        Ok(TableNodes { nodes: self.inner()?, entries: Vec::new(), key: None, variant })
    }
}

/// An integer that Lua may not have.
fn big(small: Option<i64>, digits: impl std::fmt::Display) -> Result<Node> {
    small
        .map(Node::Int)
        .ok_or_else(|| Problem::new(format!("{digits} does not fit into an integer of Lua")))
}

/// Plain conversions to an integer.
macro_rules! integers {
    ($($method:ident $type:ty)*) => {
        $(fn $method(self, v: $type) -> Result<Node> { Ok(Node::Int(v.into())) })*
    };
}

impl Serializer for Nodes {
    type Ok = Node;
    type Error = Problem;
    type SerializeSeq = TableNodes;
    type SerializeTuple = TableNodes;
    type SerializeTupleStruct = TableNodes;
    type SerializeTupleVariant = TableNodes;
    type SerializeMap = TableNodes;
    type SerializeStruct = TableNodes;
    type SerializeStructVariant = TableNodes;

    fn serialize_bool(self, v: bool) -> Result<Node> {
        Ok(Node::Scalar(v.to_string()))
    }
    integers! {
        serialize_i8 i8 serialize_i16 i16 serialize_i32 i32 serialize_i64 i64
        serialize_u8 u8 serialize_u16 u16 serialize_u32 u32
    }
    fn serialize_u64(self, v: u64) -> Result<Node> {
        big(i64::try_from(v).ok(), v)
    }
    fn serialize_i128(self, v: i128) -> Result<Node> {
        big(i64::try_from(v).ok(), v)
    }
    fn serialize_u128(self, v: u128) -> Result<Node> {
        big(i64::try_from(v).ok(), v)
    }
    fn serialize_f32(self, v: f32) -> Result<Node> {
        // The shortest text of a 32-bit float reads back as the same one.
        Ok(Node::Scalar(if v.is_finite() { format!("{v:?}") } else { float(v.into()) }))
    }
    fn serialize_f64(self, v: f64) -> Result<Node> {
        Ok(Node::Scalar(float(v)))
    }
    fn serialize_char(self, v: char) -> Result<Node> {
        Ok(Node::Text(v.to_string()))
    }
    fn serialize_str(self, v: &str) -> Result<Node> {
        Ok(Node::Text(v.to_owned()))
    }
    fn serialize_bytes(self, v: &[u8]) -> Result<Node> {
        Ok(Node::Scalar(quote(v)))
    }
    fn serialize_none(self) -> Result<Node> {
        Ok(Node::Nil)
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Node> {
        let node = value.serialize(self)?;
        // `Some(None)` is not `None`.
        Ok(if matches!(node, Node::Nil) { null() } else { node })
    }
    fn serialize_unit(self) -> Result<Node> {
        Ok(Node::Table(Vec::new()))
    }
    fn serialize_unit_struct(self, _name: &'static str) -> Result<Node> {
        self.serialize_unit()
    }
    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<Node> {
        self.serialize_str(variant)
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &T,
    ) -> Result<Node> {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Node> {
        let mut table = self.table(None)?;
        table.add(Some(Node::Text(variant.to_owned())), value)?;
        table.close()
    }
    fn serialize_seq(self, _len: Option<usize>) -> Result<TableNodes> {
        self.table(None)
    }
    fn serialize_tuple(self, _len: usize) -> Result<TableNodes> {
        self.table(None)
    }
    fn serialize_tuple_struct(self, _name: &'static str, _len: usize) -> Result<TableNodes> {
        self.table(None)
    }
    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _len: usize,
    ) -> Result<TableNodes> {
        self.table(Some(variant))
    }
    fn serialize_map(self, _len: Option<usize>) -> Result<TableNodes> {
        self.table(None)
    }
    fn serialize_struct(self, _name: &'static str, _len: usize) -> Result<TableNodes> {
        self.table(None)
    }
    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _len: usize,
    ) -> Result<TableNodes> {
        self.table(Some(variant))
    }
}

/// A table in the making.
#[derive(Debug)]
struct TableNodes {
    nodes: Nodes,
    entries: Vec<(Option<Node>, Node)>,
    key: Option<Node>,
    variant: Option<&'static str>,
}

impl TableNodes {
    /// Adds an item or entry; nothing is written as `null`.
    fn add<T: Serialize + ?Sized>(&mut self, key: Option<Node>, value: &T) -> Result<()> {
        let step = match &key {
            None => Step::Index(i64::try_from(self.entries.len()).unwrap_or(i64::MAX) + 1),
            Some(Node::Text(name)) => Step::Name(name.clone()),
            Some(key) => Step::Other(key.inline()),
        };
        match value.serialize(self.nodes) {
            Ok(node) => {
                let node = if matches!(node, Node::Nil) { null() } else { node };
                self.entries.push((key, node));
                Ok(())
            }
            Err(problem) => Err(problem.at(step)),
        }
    }

    /// Adds a field, which is left out if it is nothing.
    fn field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<()> {
        let node = value.serialize(self.nodes).map_err(|e| e.at(Step::Name(name.to_owned())))?;
        if !matches!(node, Node::Nil) {
            self.entries.push((Some(Node::Text(name.to_owned())), node));
        }
        Ok(())
    }

    fn close(self) -> Result<Node> {
        let table = Node::Table(self.entries);
        Ok(match self.variant {
            Some(variant) => Node::Table(vec![(Some(Node::Text(variant.to_owned())), table)]),
            None => table,
        })
    }
}

/// The sequence traits, which differ in the name of the adding method.
macro_rules! items {
    ($($trait:ident $add:ident)*) => {
        $(impl $trait for TableNodes {
            type Ok = Node;
            type Error = Problem;
            fn $add<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
                self.add(None, value)
            }
            fn end(self) -> Result<Node> {
                self.close()
            }
        })*
    };
}
items! {
    SerializeSeq serialize_element
    SerializeTuple serialize_element
    SerializeTupleStruct serialize_field
    SerializeTupleVariant serialize_field
}

impl SerializeMap for TableNodes {
    type Ok = Node;
    type Error = Problem;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<()> {
        let key = key.serialize(self.nodes)?;
        if matches!(key, Node::Nil | Node::Table(_)) {
            return Err(Problem::new("a key must be a string, a number or a boolean"));
        }
        self.key = Some(key);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        let key = self.key.take();
        self.add(key, value)
    }

    fn end(mut self) -> Result<Node> {
        let rank = |entry: &(Option<Node>, Node)| entry.0.clone();
        self.entries.sort_by(|a, b| match (rank(a), rank(b)) {
            (Some(a), Some(b)) => a.rank().cmp(&b.rank()),
            (a, b) => a.is_some().cmp(&b.is_some()),
        });
        self.close()
    }
}

/// The traits of types with named fields.
macro_rules! fields {
    ($($trait:ident)*) => {
        $(impl $trait for TableNodes {
            type Ok = Node;
            type Error = Problem;
            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> Result<()> {
                self.field(name, value)
            }
            fn end(self) -> Result<Node> {
                self.close()
            }
        })*
    };
}
fields! { SerializeStruct SerializeStructVariant }
