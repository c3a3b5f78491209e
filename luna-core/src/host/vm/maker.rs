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
use crate::value::table::{KeyError, Node, Table};
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
    record: Record,
    /// How many fields are to come.
    foreseen: usize,
    brand: Brand<'id>,
}

impl Filling<'_> {
    /// Something else than the fields of a form is added, which may move them.
    #[inline(always)]
    fn leave_form(&mut self) {
        if !matches!(self.record, Record::First(_)) {
            self.record = Record::No;
        }
    }
}

/// What is known of a table's fields.
#[derive(Debug)]
enum Record {
    /// They are no record's.
    No,
    /// None has come.
    Empty,
    /// The first of their kind: their names.
    First(Vec<&'static str>),
    /// They have their places already: which form it is, and how many of its fields are done with.
    Known(usize, usize),
}

/// The form of records that have the same fields: where in the node part each of them is.
#[derive(Debug)]
struct Form {
    /// How many were to come.
    len: usize,
    /// Names and the index of their nodes, in the order in which they came.
    fields: Vec<(&'static str, usize)>,
    /// The node part with keys and without values.
    nodes: Vec<Node>,
    last_free: u32,
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

/// Forms of records that a maker remembers.
const FORMS: usize = 32;
/// Most nodes of a form.
const FORM_NODES: usize = 64;

/// Makes values of a Vm.
#[derive(Debug)]
pub struct Maker<'id> {
    l: *mut State,
    /// By where in the program it lies.
    names: [Option<(&'static str, *mut Str)>; NAMES],
    forms: Vec<Form>,
    brand: Brand<'id>,
}

impl Vm {
    /// Runs with a maker.
    pub fn make<R>(&mut self, body: impl for<'id> FnOnce(&mut Maker<'id>) -> R) -> R {
        // SAFETY: V1; the Vm is borrowed exclusively as long as this is there.
        body(&mut unsafe { Maker::beside(self.state()) })
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
    /// A maker of a state.
    ///
    /// # Safety
    /// The state is live, and nothing refers to its heap or collects as long as this is there.
    pub(super) unsafe fn beside(l: *mut State) -> Maker<'id> {
        Maker { l, names: [None; NAMES], forms: Vec::new(), brand: PhantomData }
    }

    /// What was made, as the Vm holds it.
    pub(super) fn raw(&self, made: Made<'id>) -> RawValue {
        made.0
    }

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
        Filling {
            table,
            items: 0,
            record: Record::No,
            foreseen: entries as usize,
            brand: PhantomData,
        }
    }

    /// An empty table that is to get so many fields: those of records of one kind come faster by [`Maker::field`].
    pub fn record(&mut self, len: usize) -> Filling<'id> {
        let table = self.table(TableShape::Mapping, 0, 0);
        Filling { record: Record::Empty, foreseen: len, ..table }
    }

    /// Adds a field to a record.
    ///
    /// # Errors
    /// As [`Maker::insert`].
    #[inline]
    pub fn field(
        &mut self,
        to: &mut Filling<'id>,
        name: &'static str,
        value: Made<'id>,
    ) -> Result<(), FillError> {
        if let Record::Empty = to.record {
            self.begin_record(to, to.foreseen, name);
        }
        match &mut to.record {
            Record::Known(form, done) => {
                let fields = &self.forms[*form].fields;
                let rest = &fields[(*done).min(fields.len())..];
                if let Some(at) = rest.iter().position(|(known, _)| std::ptr::eq(*known, name)) {
                    let node = rest[at].1;
                    *done += at + 1;
                    // SAFETY: E2, T3; the node part is that of the form, whose index this is, as long as nothing else is added.
                    let node = unsafe { &mut *(*to.table).node.add(node) };
                    if node.tag != tag::NIL {
                        return Err(FillError::Duplicate);
                    }
                    node.set_value(value.0);
                    return Ok(());
                }
            }
            Record::First(names) => names.push(name),
            Record::No | Record::Empty => {}
        }
        let key = self.name(name);
        self.insert(to, key, value)
    }

    /// Gives a record that gets its first field the places of its form, if it has one.
    fn begin_record(&mut self, to: &mut Filling<'id>, len: usize, first: &'static str) {
        let known = self.forms.iter().position(|form| {
            form.len == len
                && form.fields.first().is_some_and(|(name, _)| std::ptr::eq(*name, first))
        });
        let Some(at) = known else {
            let small = len.clamp(1, FORM_NODES) as u32;
            // SAFETY: E2, T3; the node part is still empty.
            unsafe { Table::set_nodes(to.table, self.heap(), small) };
            to.record = Record::First(Vec::new());
            return;
        };
        let count = self.forms[at].nodes.len();
        // SAFETY: E2, T3; the node part is still empty. The keys are live strings: the maker has made them.
        unsafe {
            Table::set_nodes(to.table, self.heap(), count as u32);
            (*to.table).node.copy_from_nonoverlapping(self.forms[at].nodes.as_ptr(), count);
            (*to.table).last_free = self.forms[at].last_free;
        }
        to.record = Record::Known(at, 0);
    }

    /// Remembers where the fields of a record are.
    #[cold]
    fn remember(&mut self, table: *mut Table, len: usize, names: Vec<&'static str>) {
        let mut fields = Vec::with_capacity(names.len());
        for name in names {
            let key = self.name(name).0.as_ptr();
            // SAFETY: E2, T3; the table is a live one of this maker, and a found node is one of its.
            unsafe {
                let node = match Str::is_short(key) {
                    true => Table::find_short_str(table, key),
                    false => return,
                };
                if node.is_null() {
                    return;
                }
                fields.push((name, node.offset_from((*table).node).unsigned_abs()));
            }
        }
        // SAFETY: E2, T3; as above.
        let (nodes, last_free) = unsafe {
            let nodes = Table::nodes(table).map(|node| Node {
                tag: tag::NIL,
                key_tag: (*node).key_tag,
                next: (*node).next,
                bits: 0,
                key_bits: (*node).key_bits,
            });
            (nodes.collect::<Vec<_>>(), (*table).last_free)
        };
        if nodes.len() <= FORM_NODES {
            self.forms.push(Form { len, fields, nodes, last_free });
        }
    }

    /// Adds an item behind those that were added so.
    ///
    /// # Errors
    /// The table would become too large.
    #[inline]
    pub fn push(&mut self, to: &mut Filling<'id>, item: Made<'id>) -> Result<(), FillError> {
        to.leave_form();
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
        to.leave_form();
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
    #[inline]
    #[must_use]
    pub fn filled(&mut self, table: Filling<'id>) -> Made<'id> {
        if let Record::First(names) = table.record
            && self.forms.len() < FORMS
        {
            self.remember(table.table, table.foreseen, names);
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::LuaVersion;

    /// Fields of one record after the other, as `name value` pairs; what Lua finds in them.
    fn made(records: &[&[(&'static str, i64)]]) -> String {
        let mut vm = Vm::new(LuaVersion::Lua55);
        let list = vm.make(|maker| {
            let mut list = maker.table(TableShape::Sequence, 1, 0);
            for record in records {
                let mut table = maker.record(2);
                for (name, value) in *record {
                    let value = maker.integer(*value);
                    if *name == "[1]" {
                        maker.push(&mut table, value).unwrap();
                    } else if maker.field(&mut table, name, value).is_err() {
                        let (key, value) = (maker.name("twice"), maker.boolean(true));
                        maker.insert(&mut table, key, value).unwrap();
                    }
                }
                let table = maker.filled(table);
                maker.push(&mut list, table).unwrap();
            }
            let list = maker.filled(list);
            maker.value(list)
        });
        vm.set_global("list", list).unwrap();
        let text = vm.eval(
            "local out = {}
             for i, t in ipairs(list) do
                local names = {}
                for k, v in pairs(t) do names[#names + 1] = k .. tostring(v) t[k] = v end
                table.sort(names)
                t.x, t.y, t.z = 1, 2, 3
                assert(t.z == 3)
                out[i] = table.concat(names, ' ')
             end
             collectgarbage()
             return table.concat(out, ', ')",
        );
        let text = text.unwrap()[0];
        vm.str_utf8(text).unwrap().to_owned()
    }

    #[test]
    fn records_of_one_form_have_their_own_fields() {
        assert_eq!(made(&[&[("a", 1), ("b", 2)], &[("a", 3), ("b", 4)]]), "a1 b2, a3 b4");
        assert_eq!(made(&[&[], &[("a", 1)], &[("a", 2), ("b", 3)]]), ", a1, a2 b3");
        assert_eq!(
            made(&[
                &[("a", 1), ("b", 2), ("c", 3)],
                &[("a", 4), ("c", 5)],
                &[("a", 6), ("c", 7), ("b", 8)]
            ]),
            "a1 b2 c3, a4 c5, a6 b8 c7"
        );
        assert_eq!(
            made(&[&[("a", 1), ("b", 2)], &[("a", 3), ("a", 4), ("b", 5)]]),
            "a1 b2, a3 b5 twicetrue"
        );
        assert_eq!(
            made(&[&[("a", 1)], &[("a", 2), ("b", 3), ("c", 4), ("d", 5), ("e", 6)], &[("a", 7)]]),
            "a1, a2 b3 c4 d5 e6, a7"
        );
        assert_eq!(
            made(&[&[("a", 1), ("b", 2)], &[("[1]", 9), ("a", 3), ("b", 4)]]),
            "a1 b2, 19 a3 b4"
        );
        assert_eq!(
            made(&[&[("a", 1), ("b", 2)], &[("a", 3), ("[1]", 9), ("b", 4)]]),
            "a1 b2, 19 a3 b4"
        );
    }
}
