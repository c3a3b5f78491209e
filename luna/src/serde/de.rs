//! From Lua to Rust.

use std::cell::{Cell, RefCell};

use luna_core::Vm;
use luna_core::runtime::{Gc, Table, Value as RawValue};
use luna_core::vm::TableShape;
use serde::de::value::StringDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error as _, Expected, IntoDeserializer, MapAccess,
    SeqAccess, Unexpected, VariantAccess, Visitor,
};

use super::error::{Problem, Step};
use super::options::{DeserializeOptions, WRAPPERS_PER_LEVEL};

type Result<T> = std::result::Result<T, Problem>;

/// What all parts of one conversion share.
#[derive(Debug)]
pub(super) struct Reader<'v> {
    vm: &'v Vm,
    max_depth: usize,
    entries_left: Cell<usize>,
    /// Wrappers without a table of their own that are being read.
    wrapped: Cell<usize>,
    /// The tables that are being read, outermost first.
    open: RefCell<Vec<Gc<Table>>>,
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
        }
    }

    /// The deserializer of a value.
    pub(super) fn value<'r>(&'r self, value: RawValue) -> ValueReader<'r, 'v> {
        ValueReader { reader: self, value }
    }

    /// Runs `read` with a table's entries, in an order that depends on nothing but the keys.
    fn within<R>(
        &self,
        table: Gc<Table>,
        read: impl FnOnce(Vec<(RawValue, RawValue)>) -> Result<R>,
    ) -> Result<R> {
        self.check_depth()?;
        if self.open.borrow().iter().any(|outer| outer.ptr_eq(table)) {
            return Err(Problem::new("the table contains itself"));
        }
        let mut entries = self.vm.table_entries(table).unwrap_or_default();
        let Some(left) = self.entries_left.get().checked_sub(entries.len()) else {
            return Err(Problem::new("too many entries"));
        };
        self.entries_left.set(left);
        entries.sort_by(|(a, _), (b, _)| self.key_rank(*a).cmp(&self.key_rank(*b)));
        self.open.borrow_mut().push(table);
        let result = read(entries);
        self.open.borrow_mut().pop();
        result
    }

    /// Refuses one level too many.
    fn check_depth(&self) -> Result<()> {
        let wrapped = self.wrapped.get() / WRAPPERS_PER_LEVEL;
        if self.open.borrow().len().max(wrapped) >= self.max_depth {
            return Err(Problem::new(format!("more than {} levels of nesting", self.max_depth)));
        }
        Ok(())
    }

    /// Reads what a wrapper holds, one level down.
    fn wrapped<R>(&self, read: impl FnOnce() -> Result<R>) -> Result<R> {
        self.check_depth()?;
        self.wrapped.set(self.wrapped.get() + 1);
        let result = read();
        self.wrapped.set(self.wrapped.get() - 1);
        result
    }

    /// Integers by value, then strings by their bytes, then the rest.
    fn key_rank(&self, key: RawValue) -> (u8, i64, &[u8]) {
        match key {
            RawValue::Int(n) => (0, n, b""),
            RawValue::Str(_) => (1, 0, self.vm.str_bytes(key).unwrap_or_default()),
            RawValue::Float(x) => (2, x.to_bits().cast_signed(), b""),
            RawValue::Bool(b) => (3, i64::from(b), b""),
            _ => (4, 0, b""),
        }
    }

    /// A key as a step of a path.
    fn step(&self, key: RawValue) -> Step {
        Step::of(self.vm, key)
    }

    /// Whether a table has no entries.
    fn is_empty(&self, table: Gc<Table>) -> bool {
        self.vm.table_entries(table).is_some_and(|entries| entries.is_empty())
    }

    /// Whether the keys are `1..=n` and nothing else. An empty table counts as a sequence unless it was made as a mapping.
    fn is_sequence(&self, table: Gc<Table>) -> bool {
        let entries = self.vm.table_entries(table).unwrap_or_default();
        let count = i64::try_from(entries.len()).unwrap_or(i64::MAX);
        if entries.is_empty() {
            return self.vm.table_shape(table) != Some(TableShape::Mapping);
        }
        entries.iter().all(|(key, _)| matches!(key, RawValue::Int(n) if (1..=count).contains(n)))
    }
}

/// Whether a value stands for nothing.
fn is_null(value: RawValue) -> bool {
    matches!(value, RawValue::Nil) || matches!(value, RawValue::LightUserdata(p) if p.is_null())
}

/// The integer a float is, if it is one.
fn whole(x: f64) -> Option<i64> {
    let limit = 9_223_372_036_854_775_808.0;
    (x.fract() == 0.0 && (-limit..limit).contains(&x)).then_some(x as i64)
}

/// One value.
#[derive(Clone, Copy, Debug)]
pub(super) struct ValueReader<'r, 'v> {
    reader: &'r Reader<'v>,
    value: RawValue,
}

impl<'r, 'v> ValueReader<'r, 'v> {
    /// The problem that the value is not what is expected.
    fn mismatch(self, expected: &dyn Expected) -> Problem {
        let got = match self.value {
            value if is_null(value) => Unexpected::Unit,
            RawValue::Bool(b) => Unexpected::Bool(b),
            RawValue::Int(n) => Unexpected::Signed(n),
            RawValue::Float(x) => Unexpected::Float(x),
            RawValue::Str(_) => match self.reader.vm.str_utf8(self.value) {
                Some(text) => Unexpected::Str(text),
                None => Unexpected::Bytes(&[]),
            },
            RawValue::Table(table) if self.reader.is_empty(table) => {
                Unexpected::Other("an empty table")
            }
            RawValue::Table(table) if self.reader.is_sequence(table) => Unexpected::Seq,
            RawValue::Table(_) => Unexpected::Map,
            other => Unexpected::Other(other.type_name()),
        };
        Problem::invalid_type(got, expected)
    }

    /// A number for an integer type.
    fn integer<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.value {
            RawValue::Int(n) => visitor.visit_i64(n),
            RawValue::Float(x) => match whole(x) {
                Some(n) => visitor.visit_i64(n),
                None => Err(self.mismatch(&visitor)),
            },
            _ => Err(self.mismatch(&visitor)),
        }
    }

    /// An integer that may be too large for Lua and was therefore written as digits.
    fn digits<T: std::str::FromStr>(self) -> Option<T> {
        let text = self.reader.vm.str_utf8(self.value)?;
        let plain = !text.starts_with('+') && text.parse::<i64>().is_err();
        plain.then(|| text.parse().ok()).flatten()
    }

    /// The items of a sequence.
    fn items<'de, V: Visitor<'de>>(self, table: Gc<Table>, visitor: V) -> Result<V::Value> {
        self.reader.within(table, |entries| {
            let count = entries.len();
            for (at, (key, _)) in entries.iter().enumerate() {
                if !matches!(key, RawValue::Int(n) if usize::try_from(*n) == Ok(at + 1)) {
                    let step = self.reader.step(*key);
                    let what = match step {
                        Step::Index(n) => format!("a table with the key {n} and {count} entries"),
                        Step::Name(name) => format!("a table with the key '{name}'"),
                        Step::Other(text) => format!("a table with the key {text}"),
                    };
                    return Err(Problem::new(format!("expected a sequence, got {what}")));
                }
            }
            let mut items = Items { reader: self.reader, entries: entries.into_iter(), next: 1 };
            let value = visitor.visit_seq(&mut items)?;
            match items.entries.len() {
                0 => Ok(value),
                extra => Err(Problem::new(format!(
                    "expected a sequence of {} elements, got {count}",
                    count - extra
                ))),
            }
        })
    }

    /// The entries of a table with keys.
    fn entries<'de, V: Visitor<'de>>(self, table: Gc<Table>, visitor: V) -> Result<V::Value> {
        self.reader.within(table, |entries| {
            visitor.visit_map(Entries {
                reader: self.reader,
                entries: entries.into_iter(),
                current: None,
            })
        })
    }
}

/// Integer types.
macro_rules! integers {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
            self.integer(visitor)
        })*
    };
}

impl<'de> Deserializer<'de> for ValueReader<'_, '_> {
    type Error = Problem;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.value {
            value if is_null(value) => visitor.visit_unit(),
            RawValue::Bool(b) => visitor.visit_bool(b),
            RawValue::Int(n) => visitor.visit_i64(n),
            RawValue::Float(x) => visitor.visit_f64(x),
            RawValue::Str(_) => match self.reader.vm.str_utf8(self.value) {
                Some(text) => visitor.visit_str(text),
                None => {
                    visitor.visit_bytes(self.reader.vm.str_bytes(self.value).unwrap_or_default())
                }
            },
            RawValue::Table(table) if self.reader.is_sequence(table) => self.items(table, visitor),
            RawValue::Table(table) => self.entries(table, visitor),
            _ => Err(self.mismatch(&visitor)),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.value {
            RawValue::Bool(b) => visitor.visit_bool(b),
            _ => Err(self.mismatch(&visitor)),
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
        match self.value {
            RawValue::Float(x) if x.is_finite() && !(x as f32).is_finite() => {
                Err(Problem::new(format!("number {x:?} out of range for f32")))
            }
            RawValue::Int(n) if whole(f64::from(n as f32)) != Some(n) => {
                Err(Problem::new(format!("the integer {n} has no exact f32 representation")))
            }
            _ => self.deserialize_f64(visitor),
        }
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.value {
            RawValue::Float(x) => visitor.visit_f64(x),
            RawValue::Int(n) if whole(n as f64) == Some(n) => visitor.visit_f64(n as f64),
            RawValue::Int(n) => {
                Err(Problem::new(format!("the integer {n} has no exact float representation")))
            }
            _ => Err(self.mismatch(&visitor)),
        }
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_str(visitor)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.reader.vm.str_utf8(self.value) {
            Some(text) => visitor.visit_str(text),
            None => Err(self.mismatch(&visitor)),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.value {
            RawValue::Str(_) => {
                visitor.visit_bytes(self.reader.vm.str_bytes(self.value).unwrap_or_default())
            }
            RawValue::Table(table) => self.items(table, visitor),
            _ => Err(self.mismatch(&visitor)),
        }
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        if is_null(self.value) {
            return visitor.visit_none();
        }
        self.reader.wrapped(|| visitor.visit_some(self))
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.value {
            value if is_null(value) => visitor.visit_unit(),
            RawValue::Table(table) if self.reader.is_empty(table) => visitor.visit_unit(),
            _ => Err(self.mismatch(&visitor)),
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
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value> {
        self.reader.wrapped(|| visitor.visit_newtype_struct(self))
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.value {
            RawValue::Table(table) => self.items(table, visitor),
            _ => Err(self.mismatch(&visitor)),
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
        match self.value {
            RawValue::Table(table) => self.entries(table, visitor),
            _ => Err(self.mismatch(&visitor)),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        match self.value {
            RawValue::Str(_) => match self.reader.vm.str_utf8(self.value) {
                Some(text) => visitor.visit_enum(Variant {
                    reader: self.reader,
                    name: text.to_owned(),
                    value: None,
                }),
                None => Err(self.mismatch(&visitor)),
            },
            RawValue::Table(table) => self.reader.within(table, |entries| {
                let [(key, value)] = entries[..] else {
                    let count = entries.len();
                    return Err(Problem::new(format!(
                        "expected enum {name}: a string or a table with one field, got a table with {count} fields"
                    )));
                };
                match self.reader.vm.str_utf8(key) {
                    Some(text) => visitor.visit_enum(Variant {
                        reader: self.reader,
                        name: text.to_owned(),
                        value: Some(value),
                    }),
                    None => Err(self.reader.value(key).mismatch(&"the name of a variant")),
                }
            }),
            _ => Err(self.mismatch(&visitor)),
        }
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.value {
            RawValue::Str(_) => self.deserialize_str(visitor),
            _ => Err(self.mismatch(&"a field name")),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_unit()
    }
}

/// The items of a sequence.
#[derive(Debug)]
struct Items<'r, 'v> {
    reader: &'r Reader<'v>,
    entries: std::vec::IntoIter<(RawValue, RawValue)>,
    next: i64,
}

impl<'de> SeqAccess<'de> for &mut Items<'_, '_> {
    type Error = Problem;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>> {
        let Some((_, value)) = self.entries.next() else { return Ok(None) };
        let index = self.next;
        self.next += 1;
        let item = seed.deserialize(self.reader.value(value));
        item.map(Some).map_err(|e| e.at(Step::Index(index)))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.entries.len())
    }
}

/// The entries of a table.
#[derive(Debug)]
struct Entries<'r, 'v> {
    reader: &'r Reader<'v>,
    entries: std::vec::IntoIter<(RawValue, RawValue)>,
    current: Option<(RawValue, RawValue)>,
}

impl<'de> MapAccess<'de> for Entries<'_, '_> {
    type Error = Problem;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        self.current = self.entries.next();
        match self.current {
            Some((key, _)) => {
                let name = seed.deserialize(self.reader.value(key));
                name.map(Some).map_err(|e| e.about(self.reader.step(key)))
            }
            None => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value> {
        let (key, value) = self.current.take().unwrap_or((RawValue::Nil, RawValue::Nil));
        let value = seed.deserialize(self.reader.value(value));
        value.map_err(|e| e.at(self.reader.step(key)))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.entries.len())
    }
}

/// A variant of an enum, with its content if it has one.
#[derive(Debug)]
struct Variant<'r, 'v> {
    reader: &'r Reader<'v>,
    name: String,
    value: Option<RawValue>,
}

impl<'de, 'r, 'v> EnumAccess<'de> for Variant<'r, 'v> {
    type Error = Problem;
    type Variant = Content<'r, 'v>;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self::Variant)> {
        let name: StringDeserializer<Problem> = self.name.clone().into_deserializer();
        let variant = seed.deserialize(name)?;
        Ok((variant, Content { reader: self.reader, name: self.name, value: self.value }))
    }
}

/// The content of a variant.
#[derive(Debug)]
struct Content<'r, 'v> {
    reader: &'r Reader<'v>,
    name: String,
    value: Option<RawValue>,
}

impl<'r, 'v> Content<'r, 'v> {
    /// Reads the content, which must be there.
    fn read<R>(self, read: impl FnOnce(ValueReader<'r, 'v>) -> Result<R>) -> Result<R> {
        match self.value {
            Some(value) => read(self.reader.value(value)).map_err(|e| e.at(Step::Name(self.name))),
            None => Err(Problem::new(format!(
                "the variant '{0}' has content: expected {{ {0} = .. }}",
                self.name
            ))),
        }
    }
}

impl<'de> VariantAccess<'de> for Content<'_, '_> {
    type Error = Problem;

    fn unit_variant(self) -> Result<()> {
        match self.value {
            None => Ok(()),
            Some(value) if is_null(value) => Ok(()),
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
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        self.read(|value| value.deserialize_map(visitor))
    }
}
