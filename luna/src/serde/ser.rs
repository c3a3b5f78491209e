//! From Rust to Lua.

use luna_core::Vm;
use luna_core::runtime::{Gc, Table, Value as RawValue};
use luna_core::vm::TableShape;
use serde::Serialize;
use serde::ser::{
    SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};

use super::error::Problem;
use super::null;
use super::options::SerializeOptions;

/// Makes Lua values. Nothing is collected meanwhile: that happens only while Lua runs.
#[derive(Debug)]
pub(super) struct Writer<'v> {
    vm: &'v mut Vm,
    options: SerializeOptions,
    depth: usize,
}

type Result<T> = std::result::Result<T, Problem>;

impl<'v> Writer<'v> {
    /// Makes values in `vm`.
    pub(super) fn new(vm: &'v mut Vm, options: SerializeOptions) -> Writer<'v> {
        Writer { vm, options, depth: 0 }
    }

    /// A string.
    fn text(&mut self, text: &str) -> RawValue {
        RawValue::Str(self.vm.intern_str(text))
    }

    /// The table of a value one level down.
    fn open(&mut self, shape: TableShape) -> Result<Gc<Table>> {
        self.depth += 1;
        if self.depth > self.options.max_depth {
            return Err(Problem::new(format!(
                "more than {} levels of nesting",
                self.options.max_depth
            )));
        }
        let table = self.vm.new_table().build();
        self.vm.set_table_shape(table, shape);
        Ok(table)
    }

    /// Stores an entry; what would be nil is kept as null, for a nil entry is none.
    fn store(&mut self, table: Gc<Table>, key: RawValue, value: RawValue) -> Result<()> {
        let value = if value.is_nil() { null() } else { value };
        self.vm.raw_set(table, key, value).map_err(|e| Problem::new(self.vm.error_text(&e)))
    }

    /// `{ variant = value }`
    fn tagged(&mut self, variant: &str, value: RawValue) -> Result<RawValue> {
        let outer = self.vm.new_table().build();
        let key = self.text(variant);
        self.store(outer, key, value)?;
        Ok(RawValue::Table(outer))
    }

    /// An integer that may be too large.
    fn big(&mut self, small: Option<i64>, digits: impl ToString) -> Result<RawValue> {
        match small {
            Some(n) => Ok(RawValue::Int(n)),
            None if self.options.big_integers_as_strings => Ok(self.text(&digits.to_string())),
            None => Err(Problem::new(format!(
                "{} does not fit into an integer of Lua",
                digits.to_string()
            ))),
        }
    }
}

/// Plain conversions to an integer.
macro_rules! integers {
    ($($method:ident $type:ty)*) => {
        $(fn $method(self, v: $type) -> Result<RawValue> { Ok(RawValue::Int(v.into())) })*
    };
}

impl<'w, 'v> Serializer for &'w mut Writer<'v> {
    type Ok = RawValue;
    type Error = Problem;
    type SerializeSeq = Items<'w, 'v>;
    type SerializeTuple = Items<'w, 'v>;
    type SerializeTupleStruct = Items<'w, 'v>;
    type SerializeTupleVariant = Items<'w, 'v>;
    type SerializeMap = Entries<'w, 'v>;
    type SerializeStruct = Entries<'w, 'v>;
    type SerializeStructVariant = Entries<'w, 'v>;

    fn serialize_bool(self, v: bool) -> Result<RawValue> {
        Ok(RawValue::Bool(v))
    }
    integers! {
        serialize_i8 i8 serialize_i16 i16 serialize_i32 i32 serialize_i64 i64
        serialize_u8 u8 serialize_u16 u16 serialize_u32 u32
    }
    fn serialize_u64(self, v: u64) -> Result<RawValue> {
        self.big(i64::try_from(v).ok(), v)
    }
    fn serialize_i128(self, v: i128) -> Result<RawValue> {
        self.big(i64::try_from(v).ok(), v)
    }
    fn serialize_u128(self, v: u128) -> Result<RawValue> {
        self.big(i64::try_from(v).ok(), v)
    }
    fn serialize_f32(self, v: f32) -> Result<RawValue> {
        Ok(RawValue::Float(v.into()))
    }
    fn serialize_f64(self, v: f64) -> Result<RawValue> {
        Ok(RawValue::Float(v))
    }
    fn serialize_char(self, v: char) -> Result<RawValue> {
        Ok(self.text(v.encode_utf8(&mut [0; 4])))
    }
    fn serialize_str(self, v: &str) -> Result<RawValue> {
        Ok(self.text(v))
    }
    fn serialize_bytes(self, v: &[u8]) -> Result<RawValue> {
        Ok(luna_core::vm::IntoValue::into_value(v, self.vm))
    }
    fn serialize_none(self) -> Result<RawValue> {
        Ok(RawValue::Nil)
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<RawValue> {
        let value = value.serialize(self)?;
        // `Some(None)` is not `None`.
        Ok(if value.is_nil() { null() } else { value })
    }
    fn serialize_unit(self) -> Result<RawValue> {
        Ok(null())
    }
    fn serialize_unit_struct(self, _name: &'static str) -> Result<RawValue> {
        Ok(null())
    }
    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<RawValue> {
        Ok(self.text(variant))
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &T,
    ) -> Result<RawValue> {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<RawValue> {
        let value = value.serialize(&mut *self)?;
        self.tagged(variant, value)
    }
    fn serialize_seq(self, _len: Option<usize>) -> Result<Items<'w, 'v>> {
        let table = self.open(TableShape::Sequence)?;
        Ok(Items { writer: self, table, next: 1, variant: None })
    }
    fn serialize_tuple(self, _len: usize) -> Result<Items<'w, 'v>> {
        self.serialize_seq(None)
    }
    fn serialize_tuple_struct(self, _name: &'static str, _len: usize) -> Result<Items<'w, 'v>> {
        self.serialize_seq(None)
    }
    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _len: usize,
    ) -> Result<Items<'w, 'v>> {
        let table = self.open(TableShape::Sequence)?;
        Ok(Items { writer: self, table, next: 1, variant: Some(variant) })
    }
    fn serialize_map(self, _len: Option<usize>) -> Result<Entries<'w, 'v>> {
        let table = self.open(TableShape::Mapping)?;
        Ok(Entries { writer: self, table, key: RawValue::Nil, variant: None })
    }
    fn serialize_struct(self, _name: &'static str, _len: usize) -> Result<Entries<'w, 'v>> {
        self.serialize_map(None)
    }
    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _len: usize,
    ) -> Result<Entries<'w, 'v>> {
        let table = self.open(TableShape::Mapping)?;
        Ok(Entries { writer: self, table, key: RawValue::Nil, variant: Some(variant) })
    }
}

/// A sequence in the making.
#[derive(Debug)]
pub(super) struct Items<'w, 'v> {
    writer: &'w mut Writer<'v>,
    table: Gc<Table>,
    next: i64,
    variant: Option<&'static str>,
}

impl Items<'_, '_> {
    fn push<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        let index = super::error::Step::Index(self.next);
        let value = value.serialize(&mut *self.writer).map_err(|e| e.at(index))?;
        self.writer.store(self.table, RawValue::Int(self.next), value)?;
        self.next += 1;
        Ok(())
    }

    fn close(self) -> Result<RawValue> {
        self.writer.depth -= 1;
        let value = RawValue::Table(self.table);
        match self.variant {
            Some(variant) => self.writer.tagged(variant, value),
            None => Ok(value),
        }
    }
}

/// The sequence traits, which differ in the name of the adding method.
macro_rules! items {
    ($($trait:ident $add:ident)*) => {
        $(impl $trait for Items<'_, '_> {
            type Ok = RawValue;
            type Error = Problem;
            fn $add<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
                self.push(value)
            }
            fn end(self) -> Result<RawValue> {
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

/// A table with keys in the making.
#[derive(Debug)]
pub(super) struct Entries<'w, 'v> {
    writer: &'w mut Writer<'v>,
    table: Gc<Table>,
    key: RawValue,
    variant: Option<&'static str>,
}

impl Entries<'_, '_> {
    /// A field: absent if it is `None`.
    fn field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<()> {
        let step = super::error::Step::Name(name.to_owned());
        let value = value.serialize(&mut *self.writer).map_err(|e| e.at(step))?;
        if value.is_nil() {
            return Ok(());
        }
        let key = self.writer.text(name);
        self.writer.store(self.table, key, value)
    }

    fn close(self) -> Result<RawValue> {
        self.writer.depth -= 1;
        let value = RawValue::Table(self.table);
        match self.variant {
            Some(variant) => self.writer.tagged(variant, value),
            None => Ok(value),
        }
    }
}

impl SerializeMap for Entries<'_, '_> {
    type Ok = RawValue;
    type Error = Problem;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<()> {
        self.key = key.serialize(&mut *self.writer)?;
        if self.key.is_nil() {
            return Err(Problem::new("None cannot be a key"));
        }
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        let value = value.serialize(&mut *self.writer)?;
        if !self.writer.vm.raw_get(self.table, self.key).is_nil() {
            return Err(Problem::new("two keys of the map are the same key in Lua"));
        }
        self.writer.store(self.table, self.key, value)
    }

    fn end(self) -> Result<RawValue> {
        self.close()
    }
}

impl SerializeStruct for Entries<'_, '_> {
    type Ok = RawValue;
    type Error = Problem;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<()> {
        self.field(name, value)
    }

    fn end(self) -> Result<RawValue> {
        self.close()
    }
}

impl SerializeStructVariant for Entries<'_, '_> {
    type Ok = RawValue;
    type Error = Problem;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<()> {
        self.field(name, value)
    }

    fn end(self) -> Result<RawValue> {
        self.close()
    }
}
