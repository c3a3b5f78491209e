//! Lua's own values as what a serializer makes.

use luna_core::Vm;
use luna_core::runtime::{Gc, Table, Value as RawValue};
use luna_core::vm::{IntoValue, TableShape};

use super::error::{Problem, Step};
use super::null;
use super::options::SerializeOptions;
use super::ser::{Build, Result};

/// Makes values of a Vm. Nothing is collected meanwhile: that happens only while Lua runs.
#[derive(Debug)]
pub(super) struct Values<'v> {
    vm: &'v mut Vm,
    options: SerializeOptions,
}

impl<'v> Values<'v> {
    /// Makes values of `vm`.
    pub(super) fn new(vm: &'v mut Vm, options: SerializeOptions) -> Values<'v> {
        Values { vm, options }
    }
}

/// A table in the making, and its length.
#[derive(Debug)]
pub(super) struct Items(Gc<Table>, i64);

impl Build for Values<'_> {
    type Value = RawValue;
    type Table = Items;

    fn nil(&mut self) -> RawValue {
        RawValue::Nil
    }
    fn is_nil(value: &RawValue) -> bool {
        value.is_nil()
    }
    fn null(&mut self) -> RawValue {
        null()
    }
    fn unit(&mut self) -> RawValue {
        null()
    }
    fn boolean(&mut self, v: bool) -> RawValue {
        RawValue::Bool(v)
    }
    fn integer(&mut self, v: i64) -> RawValue {
        RawValue::Int(v)
    }
    fn big(&mut self, digits: String) -> Result<RawValue> {
        if self.options.big_integers_as_strings {
            return Ok(self.text(&digits));
        }
        Err(Problem::new(format!("{digits} does not fit into an integer of Lua")))
    }
    fn single(&mut self, v: f32) -> RawValue {
        RawValue::Float(v.into())
    }
    fn float(&mut self, v: f64) -> RawValue {
        RawValue::Float(v)
    }
    fn text(&mut self, v: &str) -> RawValue {
        RawValue::Str(self.vm.intern_str(v))
    }
    fn bytes(&mut self, v: &[u8]) -> RawValue {
        v.into_value(self.vm)
    }
    fn open(&mut self, shape: TableShape) -> Items {
        let table = self.vm.new_table().build();
        self.vm.set_table_shape(table, shape);
        Items(table, 0)
    }
    fn item(&mut self, table: &mut Items, value: RawValue) -> Result<()> {
        table.1 += 1;
        let stored = self.vm.raw_set(table.0, RawValue::Int(table.1), value);
        stored.map_err(|e| Problem::new(self.vm.error_text(&e)))
    }
    fn entry(&mut self, table: &mut Items, key: RawValue, value: RawValue) -> Result<()> {
        if !self.vm.raw_get(table.0, key).is_nil() {
            return Err(Problem::new("two keys of the map are the same key in Lua"));
        }
        let stored = self.vm.raw_set(table.0, key, value);
        stored.map_err(|e| Problem::new(self.vm.error_text(&e)))
    }
    fn step(&self, key: &RawValue) -> Step {
        Step::of(self.vm, *key)
    }
    fn close(&mut self, table: Items, _by_key: bool) -> RawValue {
        RawValue::Table(table.0)
    }
}
