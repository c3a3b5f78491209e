//! Values made in bulk: what serializers build from Rust data.
//!
//! A [`Maker`] has the Vm to itself, so nothing is collected while it is there (E2), and what it made is known to be live without a check.
//! The brand `'id` is different for each maker: what one has made cannot be given to another, nor kept.

use std::marker::PhantomData;

use crate::heap::Heap;
use crate::heap::header::flag;
use crate::host::roots::handles::Handle;
use crate::host::value::Value;
use crate::host::vm::Vm;
use crate::host::vm::reading::{Look, ValueRef};
use crate::host::vm::serial::TableShape;
use crate::value::repr::{RawValue, tag};
use crate::value::string::Str;
use crate::value::table::{KeyError, Table};
use crate::vm::{State, safepoint};

/// Makes a brand that fits no other.
type Brand<'id> = PhantomData<fn(&'id ()) -> &'id ()>;

/// A value that a [`Maker`] has made.
#[derive(Clone, Copy, Debug)]
pub struct Made<'id>(RawValue, Brand<'id>);

impl Made<'_> {
    /// Whether it is nil.
    #[inline(always)]
    #[must_use]
    pub fn is_nil(&self) -> bool {
        self.0.is_nil()
    }
}

/// A table that a [`Maker`] is filling.
#[derive(Debug)]
pub struct Filling<'id> {
    table: *mut Table,
    items: i64,
    brand: Brand<'id>,
}

/// Why an entry cannot be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FillError {
    /// The key is there already.
    Duplicate,
    /// The key is nil or NaN, or the table would become too large.
    Refused(&'static str),
}

impl From<KeyError> for FillError {
    fn from(error: KeyError) -> FillError {
        FillError::Refused(error.text())
    }
}

/// Strings of a program's own text that a maker remembers.
const NAMES: usize = 64;
/// Most entries that a table is given room for on somebody's word.
const MOST_FORESEEN: usize = 1 << 12;

/// Makes values of a Vm.
#[derive(Debug)]
pub struct Maker<'id> {
    l: *mut State,
    /// By where in the program it lies.
    names: [Option<(&'static str, *mut Str)>; NAMES],
    brand: Brand<'id>,
}

impl Vm {
    /// Runs with a maker.
    pub fn make<R>(&mut self, body: impl for<'id> FnOnce(&mut Maker<'id>) -> R) -> R {
        body(&mut Maker { l: self.state(), names: [None; NAMES], brand: PhantomData })
    }

    /// Collects if it is time, for what the host makes in between its entries. Whoever calls this has rooted what he needs.
    pub fn collect_if_due(&mut self) {
        // SAFETY: V1; only numbers are looked at.
        if unsafe { safepoint::is_due(self.state()) } {
            // SAFETY: H3; where the host has control everything live is rooted. A Vm that is poisoned collects nothing.
            let _ = self.enter(|l| unsafe { safepoint::poll(l) });
        }
    }
}

impl<'id> Maker<'id> {
    /// The heap.
    #[inline(always)]
    fn heap(&mut self) -> &mut Heap {
        // SAFETY: V1; the Vm is borrowed exclusively as long as this is there.
        unsafe { &mut (*self.l).heap }
    }

    /// A value that is no object.
    #[inline(always)]
    #[must_use]
    pub fn nil(&self) -> Made<'id> {
        Made(RawValue::NIL, PhantomData)
    }

    /// A boolean.
    #[inline(always)]
    #[must_use]
    pub fn boolean(&self, b: bool) -> Made<'id> {
        Made(RawValue::bool(b), PhantomData)
    }

    /// An integer.
    #[inline(always)]
    #[must_use]
    pub fn integer(&self, i: i64) -> Made<'id> {
        Made(RawValue::int(i), PhantomData)
    }

    /// A float.
    #[inline(always)]
    #[must_use]
    pub fn float(&self, x: f64) -> Made<'id> {
        Made(RawValue::float(x), PhantomData)
    }

    /// A light userdata.
    #[inline(always)]
    #[must_use]
    pub fn light(&self, p: *const ()) -> Made<'id> {
        Made(RawValue::light(p), PhantomData)
    }

    /// A string.
    #[inline]
    pub fn string(&mut self, bytes: &[u8]) -> Made<'id> {
        // SAFETY: E2; nothing collects while this is there.
        Made(RawValue::str(unsafe { Str::new(self.heap(), bytes) }), PhantomData)
    }

    /// A string of the program's own text, which is remembered.
    #[inline]
    pub fn name(&mut self, name: &'static str) -> Made<'id> {
        let at = (name.as_ptr().addr().wrapping_mul(0x9E37_79B9) >> 8) % NAMES;
        if let Some((known, string)) = self.names[at]
            && std::ptr::eq(known, name)
        {
            return Made(RawValue::str(string), PhantomData);
        }
        let made = self.string(name.as_bytes());
        self.names[at] = Some((name, made.0.as_ptr()));
        made
    }

    /// What a handle of the same Vm pins; `None` if it is another's.
    #[must_use]
    pub fn admit(&self, handle: &Handle) -> Option<Made<'id>> {
        let value = handle.peek().filter(|_| handle.table().is_of(self.l))?;
        Some(Made(value.to_raw(), PhantomData))
    }

    /// An empty table with room for so many items and other entries.
    pub fn table(&mut self, shape: TableShape, items: usize, entries: usize) -> Filling<'id> {
        let (items, entries) = (items.min(MOST_FORESEEN), entries.min(MOST_FORESEEN));
        let heap = self.heap();
        // What does not fit is refused when it is really there.
        let fits = !heap.exceeds_cap(items.max(entries) * 2 * size_of::<[u64; 3]>());
        #[expect(clippy::cast_possible_truncation, reason = "both are small")]
        let (items, entries) = if fits { (items as u32, entries as u32) } else { (0, 0) };
        // SAFETY: E2; nothing collects while this is there, and the sizes are below the limits.
        let table = unsafe {
            let table = Table::with_capacity(heap, items, entries);
            (*table).header.flags |= match shape {
                TableShape::Sequence => flag::SEQUENCE,
                TableShape::Mapping => flag::MAPPING,
            };
            table
        };
        Filling { table, items: 0, brand: PhantomData }
    }

    /// Adds an item behind those that were added so.
    ///
    /// # Errors
    /// The table would become too large.
    #[inline]
    pub fn push(&mut self, to: &mut Filling<'id>, item: Made<'id>) -> Result<(), FillError> {
        to.items += 1;
        // SAFETY: E2; both were made here, and no black object is: nothing was marked since.
        let stored = unsafe { Table::set_int(to.table, self.heap(), to.items, item.0) };
        Ok(stored?)
    }

    /// Adds an entry under a new key; nil is none.
    ///
    /// # Errors
    /// There is one already, the key is nil or NaN, or the table would become too large.
    #[inline]
    pub fn insert(
        &mut self,
        to: &mut Filling<'id>,
        key: Made<'id>,
        value: Made<'id>,
    ) -> Result<(), FillError> {
        let (table, heap) = (to.table, self.heap());
        // SAFETY: E2; as `push`.
        unsafe {
            if key.0.tag == tag::STR && Str::is_short(key.0.as_ptr()) {
                let node = Table::find_short_str(table, key.0.as_ptr());
                if node.is_null() {
                    return Ok(Table::insert(table, heap, key.0, value.0)?);
                }
            }
            if !Table::get(table, heap, key.0).is_nil() {
                return Err(FillError::Duplicate);
            }
            Ok(Table::set(table, heap, key.0, value.0)?)
        }
    }

    /// The filled table as a value.
    #[inline(always)]
    #[must_use]
    pub fn filled(&self, table: Filling<'id>) -> Made<'id> {
        Made(RawValue::table(table.table), PhantomData)
    }

    /// What a value is.
    #[must_use]
    pub fn look(&self, made: Made<'id>) -> Look<'_> {
        ValueRef::of(made.0).look()
    }

    /// The value as the host holds it. It is to be rooted before the Vm is entered again.
    #[must_use]
    pub fn value(&self, made: Made<'id>) -> Value {
        Value::from_raw(made.0)
    }
}
