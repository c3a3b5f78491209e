//! How handles show what they hold: `{:?}` in a line, `{:#?}` with all that is nested.

use std::fmt::{self, Formatter, Write};

use luna_core::Vm;
use luna_core::runtime::Value as RawValue;
use luna_core::vm::{Handle, Look, TableRef, ValueRef};

use crate::keys::{is_identifier, sorted};

/// Entries of a table that are shown, in a line and nested.
const SHOWN: [usize; 2] = [8, 100];
/// Levels of tables that are shown, in a line and nested.
const LEVELS: [usize; 2] = [1, 8];
/// Characters of a string that are shown, in a line and nested.
const CHARACTERS: [usize; 2] = [60, 1000];

/// Shows what a handle holds. No Lua runs: `__tostring` and `__name` of other tables than classes are not asked.
pub(crate) fn show(handle: &Handle, f: &mut Formatter<'_>) -> fmt::Result {
    let nested = usize::from(f.alternate());
    let shown = handle.with(|vm, value| {
        let class = class_name(vm, value);
        match vm.look_at(value) {
            Some(value) => Printer { f, nested, open: Vec::new() }.value(value, class),
            None => f.write_str("(expired)"),
        }
    });
    shown.unwrap_or_else(|reason| write!(f, "({reason})"))
}

/// The name of a userdata's class.
fn class_name(vm: &mut Vm, value: RawValue) -> Option<String> {
    if !matches!(value, RawValue::Userdata(_)) {
        return None;
    }
    let key = RawValue::Str(vm.intern_str("__name"));
    let name = vm.raw_get(vm.metatable(value)?, key);
    vm.str_utf8(name).map(str::to_owned)
}

/// Writes values.
struct Printer<'p, 'f, 'v> {
    f: &'p mut Formatter<'f>,
    /// 1 if nested tables are shown, else 0: an index of the limits.
    nested: usize,
    /// The tables around the value at hand.
    open: Vec<TableRef<'v>>,
}

impl<'v> Printer<'_, '_, 'v> {
    /// Writes a value.
    fn value(&mut self, value: ValueRef<'v>, class: Option<String>) -> fmt::Result {
        match value.look() {
            Look::Nil => self.f.write_str("nil"),
            Look::Bool(b) => write!(self.f, "{b}"),
            Look::Int(i) => write!(self.f, "{i}"),
            Look::Float(x) => write!(self.f, "{x:?}"),
            Look::Str(bytes) => self.string(bytes),
            Look::Table(table) => self.table(table),
            Look::Light(p) if p.is_null() => self.f.write_str("null"),
            Look::Light(p) => write!(self.f, "light userdata: {p:?}"),
            Look::Other => {
                let name = class.as_deref().unwrap_or(value.type_name());
                write!(self.f, "{name}: {:#x}", value.address())
            }
        }
    }

    /// Writes a string in quotes.
    fn string(&mut self, bytes: &[u8]) -> fmt::Result {
        let most = CHARACTERS[self.nested];
        let cut = &bytes[..bytes.len().min(most * 4)];
        let text = String::from_utf8_lossy(cut);
        match text.char_indices().nth(most) {
            Some((end, _)) => write!(self.f, "{:?}...", &text[..end]),
            None if cut.len() < bytes.len() => write!(self.f, "{text:?}..."),
            None if std::str::from_utf8(bytes).is_ok() => write!(self.f, "{text:?}"),
            None => write!(self.f, "\"{}\"", bytes.escape_ascii()),
        }
    }

    /// Writes a table.
    fn table(&mut self, table: TableRef<'v>) -> fmt::Result {
        let count = table.count();
        if count == 0 {
            return self.f.write_str("{}");
        }
        if self.open.iter().any(|outer| outer.same(table)) {
            return self.f.write_str("{cycle}");
        }
        if self.open.len() >= LEVELS[self.nested] {
            return self.f.write_str("{...}");
        }
        self.open.push(table);
        self.f.write_char('{')?;
        let mut next = 1;
        for (at, (key, value)) in sorted(table).into_iter().take(SHOWN[self.nested]).enumerate() {
            self.separate(at)?;
            self.key(key, &mut next)?;
            self.value(value, None)?;
        }
        if let Some(more) = count.checked_sub(SHOWN[self.nested]).filter(|more| *more > 0) {
            self.separate(SHOWN[self.nested])?;
            write!(self.f, "... {more} more")?;
        }
        self.open.pop();
        if self.nested == 1 {
            self.f.write_char('\n')?;
            self.indent()?;
        }
        self.f.write_char('}')
    }

    /// Writes what comes before entry `at`.
    fn separate(&mut self, at: usize) -> fmt::Result {
        match (self.nested, at) {
            (0, 0) => Ok(()),
            (0, _) => self.f.write_str(", "),
            (_, at) => {
                self.f.write_str(if at == 0 { "\n" } else { ",\n" })?;
                self.indent()
            }
        }
    }

    /// Writes the indentation of a line.
    fn indent(&mut self) -> fmt::Result {
        (0..self.open.len()).try_for_each(|_| self.f.write_str("    "))
    }

    /// Writes a key, unless it is the next of the list.
    fn key(&mut self, key: ValueRef<'v>, next: &mut i64) -> fmt::Result {
        match key.look() {
            Look::Int(i) if i == *next => {
                *next = next.wrapping_add(1);
                return Ok(());
            }
            Look::Str(bytes) => {
                if let Some(name) = std::str::from_utf8(bytes).ok().filter(|n| is_identifier(n)) {
                    return write!(self.f, "{name} = ");
                }
            }
            _ => {}
        }
        self.f.write_char('[')?;
        match key.look() {
            Look::Table(_) => write!(self.f, "table: {:#x}", key.address())?,
            _ => self.value(key, None)?,
        }
        self.f.write_str("] = ")
    }
}

/// `Debug` of handle types that shows what they hold.
macro_rules! shows_content {
    ($($type:ty)*) => { $(
        /// What it holds: in a line by `{:?}`, with all that is nested by `{:#?}`. No Lua runs.
        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                $crate::pretty::show(&self.0, f)
            }
        }
    )* };
}
pub(crate) use shows_content;
