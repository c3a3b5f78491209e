//! Where the fields of a constructor stand in its source: for messages about a value that a chunk returns.

use super::ast::{Ast, ExprId, ExprKind, StatKind, StrId, TableItem};
use super::parse;
use crate::dialect::LuaVersion;

/// One step of a path into a table.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum FieldKey {
    /// A string key.
    Name(Box<[u8]>),
    /// An integer key.
    Index(i64),
}

/// A field of the table that a chunk returns, by the keys that lead to it, and the line it stands in.
pub type FieldLine = (Vec<FieldKey>, u32);

/// Levels of nesting that are looked at.
const MAX_DEPTH: usize = 64;

/// The lines of all fields in the table constructor that `source` returns, nested ones included. Empty if the source does not
/// compile, or returns anything but a constructor or a local variable made with one.
///
/// ```
/// use luna_core::LuaVersion;
/// use luna_core::frontend::{FieldKey, field_lines};
///
/// let lines = field_lines(b"return {\n  size = 3,\n  { x = 1 },\n}", LuaVersion::Lua55);
/// assert!(lines.contains(&(vec![FieldKey::Name(Box::from(*b"size"))], 2)));
/// assert!(lines.contains(&(vec![FieldKey::Index(1), FieldKey::Name(Box::from(*b"x"))], 3)));
/// ```
#[must_use]
pub fn field_lines(source: &[u8], version: LuaVersion) -> Vec<FieldLine> {
    let mut lines = Vec::new();
    if let Ok(ast) = parse(source, b"=fields", version.rules())
        && let Some(table) = returned(&ast)
    {
        collect(&ast, table, &mut Vec::new(), &mut lines);
    }
    lines
}

/// The expression a chunk returns, a local variable followed to where it is declared.
fn returned(ast: &Ast) -> Option<ExprId> {
    let stats = &ast.main.body.stats;
    let StatKind::Return(values) = &stats.last()?.kind else { return None };
    let value = *values.first()?;
    match ast.expr(value).kind {
        ExprKind::Name(name) => stats.iter().rev().find_map(|stat| declared(&stat.kind, name)),
        _ => Some(value),
    }
}

/// The value that a statement declares a local variable with.
fn declared(stat: &StatKind, name: StrId) -> Option<ExprId> {
    let StatKind::Local { names, values } = stat else { return None };
    let at = names.iter().position(|declared| declared.name == name)?;
    values.get(at).copied()
}

/// Adds the fields of the constructor behind `table`, which `path` leads to.
fn collect(ast: &Ast, table: ExprId, path: &mut Vec<FieldKey>, lines: &mut Vec<FieldLine>) {
    let ExprKind::Table { items, .. } = &ast.expr(table).kind else { return };
    if path.len() >= MAX_DEPTH {
        return;
    }
    let mut position = 0;
    for item in items {
        let (key, line, value) = match item {
            TableItem::Positional(value) => {
                position += 1;
                (FieldKey::Index(position), ast.expr(*value).line, *value)
            }
            TableItem::Named { name, line, value } => {
                (FieldKey::Name(ast.str(*name).into()), *line, *value)
            }
            TableItem::Keyed { key, value } => {
                let line = ast.expr(*key).line;
                match ast.expr(*key).kind {
                    ExprKind::Str(text) => (FieldKey::Name(ast.str(text).into()), line, *value),
                    ExprKind::Int(index) => (FieldKey::Index(index), line, *value),
                    _ => continue,
                }
            }
        };
        path.push(key);
        lines.push((path.clone(), line));
        collect(ast, value, path, lines);
        path.pop();
    }
}
