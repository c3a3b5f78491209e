//! What serde asks of a serializer, over a [`Build`] that makes the values.

use luna_core::vm::TableShape;
use serde::Serialize;
use serde::ser::{
    SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};

use super::error::{Problem, Step};
use super::handles::{is_handle, placing};
use super::options::WRAPPERS_PER_LEVEL;

/// A result of this module.
pub(super) type Result<T> = std::result::Result<T, Problem>;

/// Makes the values: Lua's own, or their source.
pub(super) trait Build {
    /// A value.
    type Value;
    /// A table in the making.
    type Table;

    /// Nothing: as a field it is left out.
    fn nil(&mut self) -> Self::Value;
    /// Whether a value is [`Build::nil`].
    fn is_nil(value: &Self::Value) -> bool;
    /// What stands for nothing where it must be something.
    fn null(&mut self) -> Self::Value;
    /// `()`
    fn unit(&mut self) -> Self::Value;
    /// A boolean.
    fn boolean(&mut self, v: bool) -> Self::Value;
    /// An integer.
    fn integer(&mut self, v: i64) -> Self::Value;
    /// An integer that Lua has not, by its digits.
    fn big(&mut self, digits: String) -> Result<Self::Value>;
    /// A 32-bit float.
    fn single(&mut self, v: f32) -> Self::Value;
    /// A float.
    fn float(&mut self, v: f64) -> Self::Value;
    /// A string.
    fn text(&mut self, v: &str) -> Self::Value;
    /// A string of the program's own text.
    fn name(&mut self, v: &'static str) -> Self::Value {
        self.text(v)
    }
    /// A string of any bytes.
    fn bytes(&mut self, v: &[u8]) -> Self::Value;
    /// The value of the handle that is being offered, as it is.
    fn adopt(&mut self) -> Option<Self::Value> {
        None
    }
    /// An empty table, to get about `len` entries.
    fn open(&mut self, shape: TableShape, len: usize) -> Self::Table;
    /// An empty table, to get about `len` fields.
    fn record(&mut self, len: usize) -> Self::Table {
        self.open(TableShape::Mapping, len)
    }
    /// Adds a field to a table made by [`Build::record`].
    fn field(
        &mut self,
        table: &mut Self::Table,
        name: &'static str,
        value: Self::Value,
    ) -> Result<()> {
        let key = self.name(name);
        self.entry(table, key, value)
    }
    /// Adds an item.
    fn item(&mut self, table: &mut Self::Table, value: Self::Value) -> Result<()>;
    /// Adds an entry.
    fn entry(
        &mut self,
        table: &mut Self::Table,
        key: Self::Value,
        value: Self::Value,
    ) -> Result<()>;
    /// How a key shows in a path.
    fn step(&self, key: &Self::Value) -> Step;
    /// The finished table; `by_key`: the order of its entries is to be that of their keys.
    fn close(&mut self, table: Self::Table, by_key: bool) -> Self::Value;
}

/// The serializer over a builder.
#[derive(Debug)]
pub(super) struct Ser<B> {
    build: B,
    depth: usize,
    /// Wrappers without a table of their own around the value at hand.
    wrapped: usize,
    max_depth: usize,
}

impl<B: Build> Ser<B> {
    /// A serializer that refuses deeper nesting.
    pub(super) fn new(build: B, max_depth: usize) -> Ser<B> {
        Ser { build, depth: 0, wrapped: 0, max_depth }
    }

    /// What must be something.
    fn something(&mut self, value: B::Value) -> B::Value {
        if B::is_nil(&value) { self.build.null() } else { value }
    }

    /// A table one level down.
    fn open(
        &mut self,
        shape: TableShape,
        len: usize,
        variant: Option<&'static str>,
        by_key: bool,
    ) -> Result<Growing<'_, B>> {
        self.check_depth()?;
        self.depth += 1;
        let table = match (shape, by_key) {
            (TableShape::Mapping, false) => self.build.record(len),
            _ => self.build.open(shape, len),
        };
        Ok(Growing { ser: self, table, next: 1, key: None, variant, by_key })
    }

    /// Serializes what a value wraps, one level down.
    fn inner<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<B::Value> {
        self.check_depth()?;
        self.wrapped += 1;
        let value = value.serialize(&mut *self);
        self.wrapped -= 1;
        value
    }

    /// Refuses one level too many.
    fn check_depth(&self) -> Result<()> {
        if self.depth.max(self.wrapped / WRAPPERS_PER_LEVEL) >= self.max_depth {
            return Err(Problem::new(format!("more than {} levels of nesting", self.max_depth)));
        }
        Ok(())
    }

    /// `{ variant = value }`
    fn tagged(&mut self, variant: &'static str, value: B::Value) -> Result<B::Value> {
        let mut outer = self.build.open(TableShape::Mapping, 1);
        let (key, value) = (self.build.name(variant), self.something(value));
        self.build.entry(&mut outer, key, value)?;
        Ok(self.build.close(outer, false))
    }

    /// An integer that Lua may not have.
    fn wide(&mut self, small: Option<i64>, digits: impl ToString) -> Result<B::Value> {
        match small {
            Some(n) => Ok(self.build.integer(n)),
            None => self.build.big(digits.to_string()),
        }
    }
}

/// Methods that hand a value to the builder.
macro_rules! plain {
    ($($method:ident $type:ty => $make:ident;)*) => {
        $(fn $method(self, v: $type) -> Result<B::Value> { Ok(self.build.$make(v.into())) })*
    };
}

/// Methods for integers that may be too large for Lua.
macro_rules! wide {
    ($($method:ident $type:ty;)*) => {
        $(fn $method(self, v: $type) -> Result<B::Value> { self.wide(i64::try_from(v).ok(), v) })*
    };
}

impl<'w, B: Build> Serializer for &'w mut Ser<B> {
    type Ok = B::Value;
    type Error = Problem;
    type SerializeSeq = Growing<'w, B>;
    type SerializeTuple = Growing<'w, B>;
    type SerializeTupleStruct = Growing<'w, B>;
    type SerializeTupleVariant = Growing<'w, B>;
    type SerializeMap = Growing<'w, B>;
    type SerializeStruct = Growing<'w, B>;
    type SerializeStructVariant = Growing<'w, B>;

    plain! {
        serialize_bool bool => boolean;
        serialize_i8 i8 => integer;
        serialize_i16 i16 => integer;
        serialize_i32 i32 => integer;
        serialize_i64 i64 => integer;
        serialize_u8 u8 => integer;
        serialize_u16 u16 => integer;
        serialize_u32 u32 => integer;
        serialize_f32 f32 => single;
        serialize_f64 f64 => float;
        serialize_str &str => text;
        serialize_bytes &[u8] => bytes;
    }
    wide! {
        serialize_u64 u64;
        serialize_i128 i128;
        serialize_u128 u128;
    }
    fn serialize_char(self, v: char) -> Result<B::Value> {
        self.serialize_str(v.encode_utf8(&mut [0; 4]))
    }
    fn serialize_none(self) -> Result<B::Value> {
        Ok(self.build.nil())
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<B::Value> {
        let value = self.inner(value)?;
        // `Some(None)` is not `None`.
        Ok(self.something(value))
    }
    fn serialize_unit(self) -> Result<B::Value> {
        Ok(self.build.unit())
    }
    fn serialize_unit_struct(self, _name: &'static str) -> Result<B::Value> {
        self.serialize_unit()
    }
    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<B::Value> {
        Ok(self.build.name(variant))
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<B::Value> {
        if is_handle(name) {
            if let Some(adopted) = self.build.adopt() {
                return Ok(adopted);
            }
            return placing(|| self.inner(value));
        }
        self.inner(value)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<B::Value> {
        let value = self.inner(value).map_err(|e| e.at(Step::Name(variant.to_owned())))?;
        self.tagged(variant, value)
    }
    fn serialize_seq(self, len: Option<usize>) -> Result<Growing<'w, B>> {
        self.open(TableShape::Sequence, len.unwrap_or(0), None, false)
    }
    fn serialize_tuple(self, len: usize) -> Result<Growing<'w, B>> {
        self.open(TableShape::Sequence, len, None, false)
    }
    fn serialize_tuple_struct(self, _name: &'static str, len: usize) -> Result<Growing<'w, B>> {
        self.open(TableShape::Sequence, len, None, false)
    }
    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Growing<'w, B>> {
        self.open(TableShape::Sequence, len, Some(variant), false)
    }
    fn serialize_map(self, len: Option<usize>) -> Result<Growing<'w, B>> {
        self.open(TableShape::Mapping, len.unwrap_or(0), None, true)
    }
    fn serialize_struct(self, _name: &'static str, len: usize) -> Result<Growing<'w, B>> {
        self.open(TableShape::Mapping, len, None, false)
    }
    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Growing<'w, B>> {
        self.open(TableShape::Mapping, len, Some(variant), false)
    }
}

/// A table in the making.
#[derive(Debug)]
pub(super) struct Growing<'w, B: Build> {
    ser: &'w mut Ser<B>,
    table: B::Table,
    next: i64,
    key: Option<B::Value>,
    variant: Option<&'static str>,
    by_key: bool,
}

impl<B: Build> Growing<'_, B> {
    /// Adds an item.
    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        let step = Step::Index(self.next);
        self.next += 1;
        let value = value.serialize(&mut *self.ser).map_err(|e| e.at(step))?;
        let value = self.ser.something(value);
        self.ser.build.item(&mut self.table, value)
    }

    /// Adds a field, unless it is nothing.
    fn field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<()> {
        let value =
            value.serialize(&mut *self.ser).map_err(|e| e.at(Step::Name(name.to_owned())))?;
        if B::is_nil(&value) {
            return Ok(());
        }
        self.ser.build.field(&mut self.table, name, value)
    }

    /// The table, under its variant's name if it has one.
    fn close(self) -> Result<B::Value> {
        self.ser.depth -= 1;
        let table = self.ser.build.close(self.table, self.by_key);
        match self.variant {
            Some(variant) => self.ser.tagged(variant, table),
            None => Ok(table),
        }
    }
}

/// The traits of sequences, which differ in the name of the adding method.
macro_rules! items {
    ($($trait:ident $add:ident)*) => {
        $(impl<B: Build> $trait for Growing<'_, B> {
            type Ok = B::Value;
            type Error = Problem;
            fn $add<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
                self.item(value)
            }
            fn end(self) -> Result<B::Value> {
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

/// The traits of what has named fields.
macro_rules! fields {
    ($($trait:ident)*) => {
        $(impl<B: Build> $trait for Growing<'_, B> {
            type Ok = B::Value;
            type Error = Problem;
            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> Result<()> {
                self.field(name, value)
            }
            fn end(self) -> Result<B::Value> {
                self.close()
            }
        })*
    };
}
fields! { SerializeStruct SerializeStructVariant }

impl<B: Build> SerializeMap for Growing<'_, B> {
    type Ok = B::Value;
    type Error = Problem;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<()> {
        let key = key.serialize(&mut *self.ser)?;
        if B::is_nil(&key) {
            return Err(Problem::new("None cannot be a key"));
        }
        self.key = Some(key);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        let Some(key) = self.key.take() else {
            return Err(Problem::new("a value of a map comes before its key"));
        };
        let value = match value.serialize(&mut *self.ser) {
            Ok(value) => value,
            Err(e) => return Err(e.at(self.ser.build.step(&key))),
        };
        let value = self.ser.something(value);
        self.ser.build.entry(&mut self.table, key, value)
    }

    fn end(self) -> Result<B::Value> {
        self.close()
    }
}
