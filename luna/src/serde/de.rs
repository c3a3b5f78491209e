//! From Lua to Rust.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use luna_core::Vm;
use luna_core::vm::{KeyNames, Look, TableRef, TableShape, ValueRef};
use serde::de::value::BorrowedStrDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error as _, Expected, MapAccess, SeqAccess,
    Unexpected, VariantAccess, Visitor,
};

use super::error::{Problem, Step};
use super::handles::{is_handle, taking};
use super::options::{DeserializeOptions, WRAPPERS_PER_LEVEL};
use crate::keys::sorted;

type Result<T> = std::result::Result<T, Problem>;
/// A key and its value.
type Entry<'v> = (ValueRef<'v>, ValueRef<'v>);
/// The fields of a struct type, as serde lists them.
type Fields = &'static [&'static str];

/// Reads the data of a userdata in its place, or fails.
macro_rules! or_data {
    ($self:ident, $visitor:ident, $method:ident($($argument:expr),*)) => {
        match $self.data()? {
            Some(data) => $self.reader.wrapped(|| data.$method($($argument),*)),
            None => Err($self.mismatch(&$visitor)),
        }
    };
}

/// What all parts of one conversion share.
#[derive(Debug)]
pub(super) struct Reader<'v> {
    vm: &'v Vm,
    max_depth: usize,
    entries_left: Cell<usize>,
    /// Wrappers without a table of their own that are being read.
    wrapped: Cell<usize>,
    /// The tables that are being read, outermost first.
    open: RefCell<Vec<TableRef<'v>>>,
    /// The struct types that were met, and their fields as keys.
    structs: RefCell<Vec<(Fields, Option<Rc<KeyNames<'v>>>)>>,
}

impl<'v> Reader<'v> {
    /// Reads values of `vm`.
    pub(super) fn new(vm: &'v Vm, options: &DeserializeOptions) -> Reader<'v> {
        Reader {
            vm,
            max_depth: options.max_depth,
            entries_left: Cell::new(options.max_entries),
            wrapped: Cell::default(),
            open: RefCell::default(),
            structs: RefCell::default(),
        }
    }

    /// The deserializer of a value.
    #[inline]
    pub(super) fn value<'r>(&'r self, value: ValueRef<'v>) -> ValueReader<'r, 'v> {
        ValueReader { reader: self, value }
    }

    /// Runs `read` on a table of so many entries, one level down.
    #[inline]
    fn within<R>(
        &self,
        table: TableRef<'v>,
        count: usize,
        read: impl FnOnce() -> Result<R>,
    ) -> Result<R> {
        self.check_depth()?;
        let mut open = self.open.borrow_mut();
        if open.iter().any(|outer| outer.same(table)) {
            return Err(Problem::new("the table contains itself"));
        }
        let Some(left) = self.entries_left.get().checked_sub(count) else {
            return Err(Problem::new("too many entries"));
        };
        self.entries_left.set(left);
        open.push(table);
        drop(open);
        let result = read();
        self.open.borrow_mut().pop();
        result
    }

    /// The fields of a struct type as keys; `None` if they are no names of the usual length.
    #[inline]
    fn keys(&self, fields: Fields) -> Option<Rc<KeyNames<'v>>> {
        let mut structs = self.structs.borrow_mut();
        if let Some((_, keys)) = structs.iter().find(|(known, _)| std::ptr::eq(*known, fields)) {
            return keys.clone();
        }
        let keys = self.vm.look_for(fields).map(Rc::new);
        structs.push((fields, keys.clone()));
        keys
    }

    /// Refuses one level too many.
    #[inline]
    fn check_depth(&self) -> Result<()> {
        let wrapped = self.wrapped.get() / WRAPPERS_PER_LEVEL;
        if self.open.borrow().len().max(wrapped) >= self.max_depth {
            return Err(Problem::new(format!("more than {} levels of nesting", self.max_depth)));
        }
        Ok(())
    }

    /// Reads what a wrapper holds, one level down.
    #[inline]
    fn wrapped<R>(&self, read: impl FnOnce() -> Result<R>) -> Result<R> {
        self.check_depth()?;
        self.wrapped.set(self.wrapped.get() + 1);
        let result = read();
        self.wrapped.set(self.wrapped.get() - 1);
        result
    }
}

/// Whether the keys are `1..=n` and nothing else, in a table that was not made as a mapping.
pub(super) fn is_sequence<'v>(vm: &'v Vm, table: TableRef<'v>) -> bool {
    if vm.table_shape(table.handle()) == Some(TableShape::Mapping) {
        return false;
    }
    let count = match table.dense() {
        Some(_) => return true,
        None => table.count(),
    };
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let mut entries = table.entries();
    entries.all(|(key, _)| matches!(key.look(), Look::Int(n) if (1..=count).contains(&n)))
}

/// Whether a value stands for nothing.
fn is_null(value: Look<'_>) -> bool {
    matches!(value, Look::Nil) || matches!(value, Look::Light(p) if p.is_null())
}

/// The text of a string that is UTF-8.
fn utf8<'v>(value: ValueRef<'v>) -> Option<&'v str> {
    match value.look() {
        Look::Str(bytes) => std::str::from_utf8(bytes).ok(),
        _ => None,
    }
}

/// The integer a float is, if it is one.
fn whole(x: f64) -> Option<i64> {
    let limit = 9_223_372_036_854_775_808.0;
    (x.fract() == 0.0 && (-limit..limit).contains(&x)).then_some(x as i64)
}

/// What [`Lua::with_value`](crate::Lua::with_value) reads from: a Lua value as serde's deserializer.
#[derive(Clone, Copy, Debug)]
pub struct ValueReader<'r, 'v> {
    reader: &'r Reader<'v>,
    value: ValueRef<'v>,
}

impl<'r, 'v> ValueReader<'r, 'v> {
    /// The problem that the value is not what is expected.
    fn mismatch(self, expected: &dyn Expected) -> Problem {
        let got = match self.value.look() {
            value if is_null(value) => Unexpected::Unit,
            Look::Bool(b) => Unexpected::Bool(b),
            Look::Int(n) => Unexpected::Signed(n),
            Look::Float(x) => Unexpected::Float(x),
            Look::Str(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) => Unexpected::Str(text),
                Err(_) => Unexpected::Bytes(&[]),
            },
            Look::Table(table) if table.count() == 0 => Unexpected::Other("an empty table"),
            Look::Table(table) if is_sequence(self.reader.vm, table) => Unexpected::Seq,
            Look::Table(_) => Unexpected::Map,
            _ => Unexpected::Other(self.value.type_name()),
        };
        Problem::invalid_type(got, expected)
    }

    /// What stands for a userdata: its data, made by its class; `None` if the value is none that has it.
    #[cold]
    fn data(self) -> Result<Option<ValueReader<'r, 'v>>> {
        match self.reader.vm.data_of(self.value) {
            None => Ok(None),
            Some(Ok(data)) => Ok(Some(self.reader.value(data))),
            Some(Err(message)) => Err(Problem::new(message)),
        }
    }

    /// A number for an integer type.
    #[inline]
    fn integer<V: Visitor<'v>>(self, visitor: V) -> Result<V::Value> {
        match self.value.look() {
            Look::Int(n) => visitor.visit_i64(n),
            Look::Float(x) => match whole(x) {
                Some(n) => visitor.visit_i64(n),
                None => Err(self.mismatch(&visitor)),
            },
            _ => or_data!(self, visitor, integer(visitor)),
        }
    }

    /// An integer that may be too large for Lua and was therefore written as digits.
    fn digits<T: std::str::FromStr>(self) -> Option<T> {
        let text = utf8(self.value)?;
        let plain = !text.starts_with('+') && text.parse::<i64>().is_err();
        plain.then(|| text.parse().ok()).flatten()
    }

    /// The items of a sequence.
    #[inline]
    fn items<V: Visitor<'v>>(self, table: TableRef<'v>, visitor: V) -> Result<V::Value> {
        let (source, len) = match table.dense() {
            Some(len) => (Source::Dense(table), len),
            None => scattered(table)?,
        };
        self.reader.within(table, len, || {
            let mut items = Items { reader: self.reader, source, at: 0, len };
            let value = visitor.visit_seq(&mut items)?;
            if items.at < len {
                return Err(Problem::new(format!(
                    "expected a sequence of {} elements, got {len}",
                    items.at
                )));
            }
            Ok(value)
        })
    }

    /// The entries of a table with keys.
    fn entries<V: Visitor<'v>>(self, table: TableRef<'v>, visitor: V) -> Result<V::Value> {
        self.reader.within(table, table.count(), || {
            visitor.visit_map(Entries {
                reader: self.reader,
                entries: sorted(table).into_iter(),
                current: None,
            })
        })
    }
}

/// The items of a sequence that has keys in the node part.
#[cold]
fn scattered(table: TableRef<'_>) -> Result<(Source<'_>, usize)> {
    let entries = sorted(table);
    let count = entries.len();
    for (at, (key, _)) in entries.iter().enumerate() {
        if !matches!(key.look(), Look::Int(n) if usize::try_from(n) == Ok(at + 1)) {
            let what = match Step::of(key.look()) {
                Step::Index(n) => format!("a table with the key {n} and {count} entries"),
                Step::Name(name) => format!("a table with the key '{name}'"),
                Step::Other(text) => format!("a table with the key {text}"),
            };
            return Err(Problem::new(format!("expected a sequence, got {what}")));
        }
    }
    Ok((Source::List(entries.into_iter().map(|(_, value)| value).collect()), count))
}

/// Integer types.
macro_rules! integers {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
            self.integer(visitor)
        })*
    };
}

impl<'de> Deserializer<'de> for ValueReader<'_, 'de> {
    type Error = Problem;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.value.look() {
            value if is_null(value) => visitor.visit_unit(),
            Look::Bool(b) => visitor.visit_bool(b),
            Look::Int(n) => visitor.visit_i64(n),
            Look::Float(x) => visitor.visit_f64(x),
            Look::Str(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) => visitor.visit_borrowed_str(text),
                Err(_) => visitor.visit_borrowed_bytes(bytes),
            },
            Look::Table(table) if is_sequence(self.reader.vm, table) => self.items(table, visitor),
            Look::Table(table) => self.entries(table, visitor),
            _ => or_data!(self, visitor, deserialize_any(visitor)),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.value.look() {
            Look::Bool(b) => visitor.visit_bool(b),
            _ => or_data!(self, visitor, deserialize_bool(visitor)),
        }
    }

    integers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.digits::<u64>() {
            Some(n) => visitor.visit_u64(n),
            None => self.integer(visitor),
        }
    }

    fn deserialize_i128<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.digits::<i128>() {
            Some(n) => visitor.visit_i128(n),
            None => self.integer(visitor),
        }
    }

    fn deserialize_u128<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.digits::<u128>() {
            Some(n) => visitor.visit_u128(n),
            None => self.integer(visitor),
        }
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.value.look() {
            Look::Float(x) if x.is_finite() && !(x as f32).is_finite() => {
                Err(Problem::new(format!("number {x:?} out of range for f32")))
            }
            Look::Int(n) if whole(f64::from(n as f32)) != Some(n) => {
                Err(Problem::new(format!("the integer {n} has no exact f32 representation")))
            }
            _ => self.deserialize_f64(visitor),
        }
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.value.look() {
            Look::Float(x) => visitor.visit_f64(x),
            Look::Int(n) if whole(n as f64) == Some(n) => visitor.visit_f64(n as f64),
            Look::Int(n) => {
                Err(Problem::new(format!("the integer {n} has no exact float representation")))
            }
            _ => or_data!(self, visitor, deserialize_f64(visitor)),
        }
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_str(visitor)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match utf8(self.value) {
            Some(text) => visitor.visit_borrowed_str(text),
            None => or_data!(self, visitor, deserialize_str(visitor)),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.value.look() {
            Look::Str(bytes) => visitor.visit_borrowed_bytes(bytes),
            Look::Table(table) => self.items(table, visitor),
            _ => or_data!(self, visitor, deserialize_bytes(visitor)),
        }
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        if is_null(self.value.look()) {
            return visitor.visit_none();
        }
        self.reader.wrapped(|| visitor.visit_some(self))
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.value.look() {
            value if is_null(value) => visitor.visit_unit(),
            Look::Table(table) if table.count() == 0 => visitor.visit_unit(),
            _ => or_data!(self, visitor, deserialize_unit(visitor)),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value> {
        if is_handle(name) {
            return taking(self.reader.vm.pin(self.value), || visitor.visit_newtype_struct(self));
        }
        self.reader.wrapped(|| visitor.visit_newtype_struct(self))
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.value.look() {
            Look::Table(table) => self.items(table, visitor),
            _ => or_data!(self, visitor, deserialize_seq(visitor)),
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _len: usize, visitor: V) -> Result<V::Value> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _len: usize,
        visitor: V,
    ) -> Result<V::Value> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.value.look() {
            Look::Table(table) => self.entries(table, visitor),
            _ => or_data!(self, visitor, deserialize_map(visitor)),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        let Look::Table(table) = self.value.look() else {
            return or_data!(self, visitor, deserialize_struct(name, fields, visitor));
        };
        let Some(keys) = self.reader.keys(fields) else { return self.entries(table, visitor) };
        let count = table.count();
        self.reader.within(table, count, || {
            visitor.visit_map(StructFields {
                reader: self.reader,
                table,
                fields,
                keys,
                at: 0,
                left: count,
                unknown: Vec::new(),
                value: self.value,
            })
        })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        match self.value.look() {
            Look::Str(_) => match utf8(self.value) {
                Some(name) => {
                    visitor.visit_enum(Variant { reader: self.reader, name, value: None })
                }
                None => Err(self.mismatch(&visitor)),
            },
            Look::Table(table) => {
                let count = table.count();
                let (1, Some((key, value))) = (count, table.entries().next()) else {
                    return Err(Problem::new(format!(
                        "expected enum {name}: a string or a table with one field, got a table with {count} fields"
                    )));
                };
                self.reader.within(table, count, || match utf8(key) {
                    Some(name) => visitor.visit_enum(Variant {
                        reader: self.reader,
                        name,
                        value: Some(value),
                    }),
                    None => Err(self.reader.value(key).mismatch(&"the name of a variant")),
                })
            }
            _ => or_data!(self, visitor, deserialize_enum(name, variants, visitor)),
        }
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.value.look() {
            Look::Str(_) => self.deserialize_str(visitor),
            _ => Err(self.mismatch(&"a field name")),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_unit()
    }
}

/// Where items are.
#[derive(Debug)]
enum Source<'v> {
    /// In the array part.
    Dense(TableRef<'v>),
    /// They were collected.
    List(Vec<ValueRef<'v>>),
}

/// The items of a sequence.
#[derive(Debug)]
struct Items<'r, 'v> {
    reader: &'r Reader<'v>,
    source: Source<'v>,
    at: usize,
    len: usize,
}

impl<'de> SeqAccess<'de> for &mut Items<'_, 'de> {
    type Error = Problem;

    #[inline]
    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>> {
        if self.at >= self.len {
            return Ok(None);
        }
        let value = match &self.source {
            Source::Dense(table) => table.item(self.at),
            Source::List(items) => items[self.at],
        };
        self.at += 1;
        match seed.deserialize(self.reader.value(value)) {
            Ok(item) => Ok(Some(item)),
            Err(e) => Err(e.at(Step::Index(i64::try_from(self.at).unwrap_or(i64::MAX)))),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.len - self.at)
    }
}

/// The fields of a struct in the order of its declaration; after them whatever else the table has.
#[derive(Debug)]
struct StructFields<'r, 'v> {
    reader: &'r Reader<'v>,
    table: TableRef<'v>,
    fields: Fields,
    keys: Rc<KeyNames<'v>>,
    /// The next field.
    at: usize,
    /// Entries that have not been met.
    left: usize,
    /// The entries that are no fields, sorted, once they are asked for.
    unknown: Vec<Entry<'v>>,
    /// The value of the field before.
    value: ValueRef<'v>,
}

impl<'de> MapAccess<'de> for StructFields<'_, 'de> {
    type Error = Problem;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        while let Some(name) = self.fields.get(self.at) {
            self.value = self.table.named(&self.keys, self.at);
            self.at += 1;
            if !matches!(self.value.look(), Look::Nil) {
                self.left = self.left.saturating_sub(1);
                return seed.deserialize(BorrowedStrDeserializer::new(name)).map(Some);
            }
        }
        if self.left == 0 {
            return Ok(None);
        }
        self.next_unknown(seed)
    }

    #[inline]
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value> {
        match seed.deserialize(self.reader.value(self.value)) {
            Ok(value) => Ok(value),
            Err(e) => Err(e.at(self.step())),
        }
    }
}

impl<'v> StructFields<'_, 'v> {
    /// The next entry that is no field.
    #[cold]
    fn next_unknown<K: DeserializeSeed<'v>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        if self.at == self.fields.len() {
            self.unknown = sorted(self.table);
            self.unknown
                .retain(|(key, _)| utf8(*key).is_none_or(|name| !self.fields.contains(&name)));
        }
        let entry = self.unknown.get(self.at - self.fields.len());
        let Some((key, value)) = entry.copied() else { return Ok(None) };
        self.at += 1;
        self.value = value;
        match seed.deserialize(self.reader.value(key)) {
            Ok(name) => Ok(Some(name)),
            Err(e) => Err(e.about(Step::of(key.look()))),
        }
    }

    /// The step to the entry at hand.
    #[cold]
    fn step(&self) -> Step {
        let at = self.at.saturating_sub(1);
        match (self.fields.get(at), self.unknown.get(at.wrapping_sub(self.fields.len()))) {
            (Some(name), _) => Step::Name((*name).to_owned()),
            (None, Some((key, _))) => Step::of(key.look()),
            (None, None) => Step::Other("?".to_owned()),
        }
    }
}

/// The entries of a table.
#[derive(Debug)]
struct Entries<'r, 'v> {
    reader: &'r Reader<'v>,
    entries: std::vec::IntoIter<Entry<'v>>,
    current: Option<Entry<'v>>,
}

impl<'de> MapAccess<'de> for Entries<'_, 'de> {
    type Error = Problem;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        self.current = self.entries.next();
        match self.current {
            Some((key, _)) => {
                let name = seed.deserialize(self.reader.value(key));
                name.map(Some).map_err(|e| e.about(Step::of(key.look())))
            }
            None => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value> {
        let Some((key, value)) = self.current.take() else {
            return Err(Problem::new("a value of a map is asked for before its key"));
        };
        let value = seed.deserialize(self.reader.value(value));
        value.map_err(|e| e.at(Step::of(key.look())))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.entries.len())
    }
}

/// A variant of an enum, with its content if it has one.
#[derive(Debug)]
struct Variant<'r, 'v> {
    reader: &'r Reader<'v>,
    name: &'v str,
    value: Option<ValueRef<'v>>,
}

impl<'de, 'r> EnumAccess<'de> for Variant<'r, 'de> {
    type Error = Problem;
    type Variant = Content<'r, 'de>;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self::Variant)> {
        let variant = seed.deserialize(BorrowedStrDeserializer::new(self.name))?;
        Ok((variant, Content { reader: self.reader, name: self.name, value: self.value }))
    }
}

/// The content of a variant.
#[derive(Debug)]
struct Content<'r, 'v> {
    reader: &'r Reader<'v>,
    name: &'v str,
    value: Option<ValueRef<'v>>,
}

impl<'r, 'v> Content<'r, 'v> {
    /// Reads the content, which must be there.
    fn read<R>(self, read: impl FnOnce(ValueReader<'r, 'v>) -> Result<R>) -> Result<R> {
        match self.value {
            Some(value) => {
                read(self.reader.value(value)).map_err(|e| e.at(Step::Name(self.name.to_owned())))
            }
            None => Err(Problem::new(format!(
                "the variant '{0}' has content: expected {{ {0} = .. }}",
                self.name
            ))),
        }
    }
}

impl<'de> VariantAccess<'de> for Content<'_, 'de> {
    type Error = Problem;

    fn unit_variant(self) -> Result<()> {
        match self.value {
            None => Ok(()),
            Some(value) if is_null(value.look()) => Ok(()),
            Some(_) => Err(Problem::new(format!(
                "the variant '{0}' has no content: expected \"{0}\"",
                self.name
            ))),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value> {
        self.read(|value| seed.deserialize(value))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _len: usize, visitor: V) -> Result<V::Value> {
        self.read(|value| value.deserialize_seq(visitor))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        self.read(|value| value.deserialize_struct("", fields, visitor))
    }
}
