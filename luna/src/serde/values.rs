//! Lua's own values as what a serializer makes.

use luna_core::vm::{FillError, Filling, Made, Maker, TableShape};

use super::error::{Problem, Step};
use super::handles::take_offered;
use super::options::SerializeOptions;
use super::ser::{Build, Result};

/// Makes values of a Vm.
#[derive(Debug)]
pub(super) struct Values<'m, 'id> {
    maker: &'m mut Maker<'id>,
    options: SerializeOptions,
}

impl<'m, 'id> Values<'m, 'id> {
    /// Makes values with `maker`.
    pub(super) fn new(maker: &'m mut Maker<'id>, options: SerializeOptions) -> Values<'m, 'id> {
        Values { maker, options }
    }
}

/// Why an entry was not added.
#[cold]
pub(super) fn refused(error: FillError) -> Problem {
    Problem::new(match error {
        FillError::Duplicate => "two keys of the map are the same key in Lua",
        FillError::Refused(reason) => reason,
    })
}

impl<'id> Build for Values<'_, 'id> {
    type Value = Made<'id>;
    type Table = Filling<'id>;

    fn nil(&mut self) -> Made<'id> {
        self.maker.nil()
    }
    fn is_nil(value: &Made<'id>) -> bool {
        value.is_nil()
    }
    fn null(&mut self) -> Made<'id> {
        self.maker.light(std::ptr::null())
    }
    fn unit(&mut self) -> Made<'id> {
        self.null()
    }
    fn boolean(&mut self, v: bool) -> Made<'id> {
        self.maker.boolean(v)
    }
    fn integer(&mut self, v: i64) -> Made<'id> {
        self.maker.integer(v)
    }
    fn big(&mut self, digits: String) -> Result<Made<'id>> {
        if self.options.big_integers_as_strings {
            return Ok(self.text(&digits));
        }
        Err(Problem::new(format!("{digits} does not fit into an integer of Lua")))
    }
    fn single(&mut self, v: f32) -> Made<'id> {
        self.maker.float(v.into())
    }
    fn float(&mut self, v: f64) -> Made<'id> {
        self.maker.float(v)
    }
    fn text(&mut self, v: &str) -> Made<'id> {
        self.maker.string(v.as_bytes())
    }
    fn name(&mut self, v: &'static str) -> Made<'id> {
        self.maker.name(v)
    }
    fn bytes(&mut self, v: &[u8]) -> Made<'id> {
        self.maker.string(v)
    }
    fn adopt(&mut self) -> Option<Made<'id>> {
        self.maker.admit(&take_offered()?)
    }
    fn open(&mut self, shape: TableShape, len: usize) -> Filling<'id> {
        match shape {
            TableShape::Sequence => self.maker.table(shape, len, 0),
            TableShape::Mapping => self.maker.table(shape, 0, len),
        }
    }
    fn record(&mut self, len: usize) -> Filling<'id> {
        self.maker.record(len)
    }
    fn field(
        &mut self,
        table: &mut Filling<'id>,
        name: &'static str,
        value: Made<'id>,
    ) -> Result<()> {
        self.maker.field(table, name, value).map_err(refused)
    }
    fn item(&mut self, table: &mut Filling<'id>, value: Made<'id>) -> Result<()> {
        self.maker.push(table, value).map_err(refused)
    }
    fn entry(&mut self, table: &mut Filling<'id>, key: Made<'id>, value: Made<'id>) -> Result<()> {
        self.maker.insert(table, key, value).map_err(refused)
    }
    fn step(&self, key: &Made<'id>) -> Step {
        Step::of(self.maker.look(*key))
    }
    fn close(&mut self, table: Filling<'id>, _by_key: bool) -> Made<'id> {
        self.maker.filled(table)
    }
}
