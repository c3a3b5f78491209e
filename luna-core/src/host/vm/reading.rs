//! Values read in bulk: what deserializers take apart.
//!
//! While the Vm is borrowed no entry begins and nothing is stored, so what one check has found live stays so and as it is (E2), and with it
//! all it leads to.

use std::marker::PhantomData;

use crate::host::roots::handles::Handle;
use crate::host::userdata::part;
use crate::host::value::{Gc, Value};
use crate::host::vm::Vm;
use crate::host::vm::maker::Maker;
use crate::value::repr::{RawValue, tag};
use crate::value::string::{MAX_SHORT, Str};
use crate::value::table::Table;

/// A live value of a borrowed Vm.
#[derive(Clone, Copy, Debug)]
pub struct ValueRef<'v> {
    raw: RawValue,
    vm: PhantomData<&'v Vm>,
}

/// A live table of a borrowed Vm.
#[derive(Clone, Copy, Debug)]
pub struct TableRef<'v> {
    table: *mut Table,
    vm: PhantomData<&'v Vm>,
}

/// What a value is.
#[derive(Clone, Copy, Debug)]
pub enum Look<'v> {
    /// `nil`
    Nil,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A float.
    Float(f64),
    /// The bytes of a string.
    Str(&'v [u8]),
    /// A table.
    Table(TableRef<'v>),
    /// A light userdata.
    Light(*const ()),
    /// Anything else.
    Other,
}

/// Keys that are looked for in many tables.
#[derive(Debug)]
pub struct KeyNames<'v> {
    /// Null for a string that the Vm has not, and which is thus no key.
    strings: Vec<*mut Str>,
    vm: PhantomData<&'v Vm>,
}

impl KeyNames<'_> {
    /// Number of names.
    #[must_use]
    pub fn len(&self) -> usize {
        self.strings.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.strings.is_empty()
    }
}

impl Vm {
    /// A value to be read; `None` if it is stale.
    #[inline]
    #[must_use]
    pub fn look_at(&self, value: Value) -> Option<ValueRef<'_>> {
        self.checked(value).map(ValueRef::of)
    }

    /// Pins a value that was looked at.
    ///
    /// # Panics
    /// If it is of another Vm.
    #[must_use]
    pub fn pin(&self, value: ValueRef<'_>) -> Handle {
        let value = Value::from_raw(value.raw);
        assert!(self.checked(value).is_some(), "a value of another Vm was pinned");
        Handle::of_live(&self.handle_table(), value)
    }

    /// What the class of a userdata makes of its data; `None` if the value is no userdata or its class makes nothing.
    ///
    /// # Errors
    /// The userdata cannot be borrowed, or what its class says.
    #[must_use]
    pub fn data_of<'v>(&'v self, value: ValueRef<'v>) -> Option<Result<ValueRef<'v>, String>> {
        let raw =
            self.checked(Value::from_raw(value.raw)).filter(|raw| raw.tag == tag::USERDATA)?;
        // SAFETY: E2; the check found the object live. What the maker makes is kept as long as the Vm is borrowed, since nothing collects, and
        // nothing that was lent of the Vm points into what the maker changes.
        unsafe {
            let mut maker = Maker::beside(self.state());
            let made = part::data(raw.as_ptr(), &mut maker)?;
            Some(made.map(|made| ValueRef::of(maker.raw(made))))
        }
    }

    /// Prepares to look for names; `None` if one of them is too long for that.
    #[must_use]
    pub fn look_for(&self, names: &[&str]) -> Option<KeyNames<'_>> {
        if names.iter().any(|name| name.len() > MAX_SHORT) {
            return None;
        }
        // SAFETY: E2; the strings are only found, and compared by their addresses.
        let find = |name: &&str| unsafe { self.read().heap.strings.find(name.as_bytes()) };
        Some(KeyNames { strings: names.iter().map(find).collect(), vm: PhantomData })
    }
}

impl<'v> ValueRef<'v> {
    /// A value that is live as long as the borrow.
    #[inline(always)]
    pub(super) fn of(raw: RawValue) -> ValueRef<'v> {
        ValueRef { raw, vm: PhantomData }
    }

    /// What it is.
    #[inline(always)]
    #[must_use]
    pub fn look(self) -> Look<'v> {
        match self.raw.tag {
            tag::NIL => Look::Nil,
            tag::FALSE => Look::Bool(false),
            tag::TRUE => Look::Bool(true),
            tag::INT => Look::Int(self.raw.as_int()),
            tag::FLOAT => Look::Float(self.raw.as_float()),
            // SAFETY: E2; the string is live as long as the Vm is borrowed, and strings are immutable.
            tag::STR => Look::Str(unsafe { Str::bytes(self.raw.as_ptr()) }),
            tag::TABLE => Look::Table(TableRef { table: self.raw.as_ptr(), vm: PhantomData }),
            tag::LIGHT => Look::Light(self.raw.as_ptr::<()>().cast_const()),
            _ => Look::Other,
        }
    }

    /// The type's name, as `type` gives it.
    #[must_use]
    pub fn type_name(self) -> &'static str {
        self.raw.type_name()
    }

    /// The object's address, or the bits of another value.
    #[must_use]
    pub fn address(self) -> u64 {
        self.raw.bits
    }
}

impl<'v> TableRef<'v> {
    /// The table as the host holds it.
    #[inline]
    #[must_use]
    pub fn handle(self) -> Gc<Table> {
        Gc::new(self.table)
    }

    /// Whether both are the same table.
    #[inline(always)]
    #[must_use]
    pub fn same(self, other: TableRef<'_>) -> bool {
        std::ptr::eq(self.table, other.table)
    }

    /// Number of entries.
    #[inline]
    #[must_use]
    pub fn count(self) -> usize {
        self.array_count() + self.node_count()
    }

    /// Tags of the array part.
    #[inline(always)]
    fn tags(self) -> &'v [u8] {
        // SAFETY: E2, T2; the table is live and nothing is stored in it as long as the Vm is borrowed.
        unsafe {
            match (*self.table).array_size {
                0 => &[],
                size => std::slice::from_raw_parts((*self.table).tags, size as usize),
            }
        }
    }

    /// Entries of the array part.
    #[inline(always)]
    fn array_count(self) -> usize {
        self.tags().iter().filter(|t| **t != tag::NIL).count()
    }

    /// Entries of the node part.
    #[inline(always)]
    fn node_count(self) -> usize {
        // SAFETY: E2, T3; as `tags`.
        unsafe { Table::nodes(self.table).filter(|node| (**node).tag != tag::NIL).count() }
    }

    /// Number of items, if the array part holds all entries without a gap.
    #[inline]
    #[must_use]
    pub fn dense(self) -> Option<usize> {
        let tags = self.tags();
        let items = tags.iter().position(|t| *t == tag::NIL).unwrap_or(tags.len());
        let rest = tags[items..].iter().all(|t| *t == tag::NIL);
        (rest && self.node_count() == 0).then_some(items)
    }

    /// Item `index`, from 0 on, of the array part.
    #[inline(always)]
    #[must_use]
    pub fn item(self, index: usize) -> ValueRef<'v> {
        let Some(&tag) = self.tags().get(index) else { return ValueRef::of(RawValue::NIL) };
        // SAFETY: E2, T2; the index was found below the array part's size.
        let bits = unsafe { *(*self.table).array.add(index) };
        ValueRef::of(RawValue { tag, bits })
    }

    /// The value at name `index` of `names`.
    #[inline(always)]
    #[must_use]
    pub fn named(self, names: &KeyNames<'_>, index: usize) -> ValueRef<'v> {
        let name = names.strings.get(index).copied().unwrap_or_default();
        if name.is_null() {
            return ValueRef::of(RawValue::NIL);
        }
        // SAFETY: E2; table and name are live as long as their Vms are borrowed, and a name is a short string.
        ValueRef::of(unsafe { Table::get_short_str(self.table, name) })
    }

    /// All entries, those of the array part first.
    pub fn entries(self) -> impl Iterator<Item = (ValueRef<'v>, ValueRef<'v>)> {
        let items = (0..self.tags().len()).map(move |index| {
            let key = i64::try_from(index).unwrap_or(i64::MAX).saturating_add(1);
            (ValueRef::of(RawValue::int(key)), self.item(index))
        });
        // SAFETY: E2, T3; as `tags`. A node with a value has a key that is live.
        let nodes = unsafe { Table::nodes(self.table) }
            .filter(|node| unsafe { (**node).tag != tag::NIL })
            .map(|node| unsafe { (ValueRef::of((*node).key()), ValueRef::of((*node).value())) });
        items.filter(|(_, value)| value.raw.tag != tag::NIL).chain(nodes)
    }
}
