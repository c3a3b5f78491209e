//! Values as natives see them: copies that live no longer than the shared borrow of [`Cx`] they came from.
//!
//! A collection needs `&mut Cx` ([`Cx::call`], [`Cx::reserve`]), so nothing a [`Val`] points to can be freed while it exists.

use std::marker::PhantomData;

use crate::host::native::{Cx, Raise};
use crate::value::repr::{RawValue, tag};
use crate::value::string::Str;
use crate::value::table::{KeyError, Table};
use crate::vm::barriers;

/// A value, valid while the [`Cx`] is only borrowed shared.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Val<'c> {
    pub(in crate::host) raw: RawValue,
    pub(in crate::host) life: PhantomData<&'c ()>,
}

/// What a value is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind<'c> {
    /// `nil`
    Nil,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A float.
    Float(f64),
    /// The bytes of a string.
    Str(&'c [u8]),
    /// A table.
    Table(TableRef<'c>),
    /// A function of either kind.
    Function,
    /// A coroutine.
    Thread,
    /// A full userdata.
    Userdata,
    /// A light userdata.
    Light,
}

impl<'c> Val<'c> {
    /// `nil`
    pub(crate) const NIL: Val<'static> = Val { raw: RawValue::NIL, life: PhantomData };

    pub(in crate::host) fn new(raw: RawValue) -> Val<'c> {
        Val { raw, life: PhantomData }
    }

    /// An integer.
    pub(crate) fn int(i: i64) -> Val<'c> {
        Val::new(RawValue::int(i))
    }
    /// A float.
    pub(crate) fn float(f: f64) -> Val<'c> {
        Val::new(RawValue::float(f))
    }
    /// A boolean.
    pub(crate) fn bool(b: bool) -> Val<'c> {
        Val::new(RawValue::bool(b))
    }
    /// What the value is.
    #[inline]
    pub(crate) fn kind(self) -> Kind<'c> {
        match self.raw.tag {
            tag::NIL => Kind::Nil,
            tag::FALSE => Kind::Bool(false),
            tag::TRUE => Kind::Bool(true),
            tag::INT => Kind::Int(self.raw.as_int()),
            tag::FLOAT => Kind::Float(self.raw.as_float()),
            // SAFETY: N2; the tag says that it is a string, live during 'c.
            tag::STR => Kind::Str(unsafe { Str::bytes(self.raw.as_ptr()) }),
            tag::TABLE => Kind::Table(TableRef { table: self.raw.as_ptr(), life: PhantomData }),
            tag::LCLOSURE | tag::NATIVE => Kind::Function,
            tag::CORO => Kind::Thread,
            tag::USERDATA => Kind::Userdata,
            _ => Kind::Light,
        }
    }
    /// Whether the value is `nil`.
    pub(crate) fn is_nil(self) -> bool {
        self.raw.is_nil()
    }
    /// Lua truth.
    pub(crate) fn truthy(self) -> bool {
        !self.raw.is_falsy()
    }
    /// The bytes of a string; `None` for anything else, numbers included.
    pub(crate) fn as_str(self) -> Option<&'c [u8]> {
        if let Kind::Str(s) = self.kind() { Some(s) } else { None }
    }
    /// The table, if it is one.
    pub(crate) fn as_table(self) -> Option<TableRef<'c>> {
        if let Kind::Table(t) = self.kind() { Some(t) } else { None }
    }
    /// Name of the basic type.
    pub(crate) fn type_name(self) -> &'static str {
        self.raw.type_name()
    }
    /// Primitive equality.
    pub(crate) fn raw_equal(self, other: Val<'_>) -> bool {
        // SAFETY: N2; both are live during their borrows.
        unsafe { crate::vm::compare_slow::raw_equal(self.raw, other.raw) }
    }
}

/// A table, valid as long as [`Val`]. Everything here is raw access.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TableRef<'c> {
    pub(in crate::host) table: *mut Table,
    pub(in crate::host) life: PhantomData<&'c ()>,
}

impl<'c> TableRef<'c> {
    /// The table as a value.
    pub(crate) fn val(self) -> Val<'c> {
        Val::new(RawValue::table(self.table))
    }
    /// `t[i]`
    #[inline]
    pub(crate) fn get_int(self, i: i64) -> Val<'c> {
        // SAFETY: N2; the table is live during 'c.
        Val::new(unsafe { Table::get_int(self.table, i) })
    }
    /// `t[key]`
    pub(crate) fn get(self, cx: &'c Cx<'_>, key: Val<'_>) -> Val<'c> {
        // SAFETY: N1, N2; the table is live during 'c, and the state as long as the Cx.
        Val::new(unsafe { Table::get(self.table, &(*cx.l).heap, key.raw) })
    }
    /// `t[name]`
    pub(crate) fn get_name(self, cx: &'c Cx<'_>, name: &str) -> Val<'c> {
        self.get(cx, cx.str(name.as_bytes()))
    }
    /// `t[i] = v`
    #[inline]
    pub(crate) fn set_int(self, cx: &Cx<'_>, i: i64, value: Val<'_>) -> Result<(), Raise> {
        self.set(cx, Val::int(i), value)
    }
    /// `t[key] = v`; raises for a nil or NaN key and for a table that would grow too large.
    pub(crate) fn set(self, cx: &Cx<'_>, key: Val<'_>, value: Val<'_>) -> Result<(), Raise> {
        // SAFETY: N2, H4; table, key and value are live during the borrow, and the barrier follows the store.
        unsafe {
            let heap = &mut (*cx.l).heap;
            let mut done = Table::set(self.table, heap, key.raw, value.raw);
            if let Err(KeyError::Memory(_)) = done {
                // Nothing here may collect: the next safe point sees that the cap is passed.
                let cap = heap.cap();
                heap.set_cap(None);
                done = Table::set(self.table, heap, key.raw, value.raw);
                heap.set_cap(cap);
            }
            barriers::after_table_store(cx.l, self.table);
            done.map_err(|e| match e {
                KeyError::Memory(_) => cx.out_of_memory(),
                e => cx.raise(cx.str(e.text().as_bytes())),
            })
        }
    }
    /// `t[name] = v`
    pub(crate) fn set_name(self, cx: &Cx<'_>, name: &str, value: Val<'_>) -> Result<(), Raise> {
        self.set(cx, cx.str(name.as_bytes()), value)
    }
    /// A border, without metamethods.
    pub(crate) fn raw_len(self) -> i64 {
        // SAFETY: N2; the table is live during 'c, and looking for a border runs nothing.
        unsafe { Table::len(self.table) }
    }
    /// Whether the table has no metatable: then raw access is all access.
    pub(crate) fn is_plain(self) -> bool {
        // SAFETY: N2; the table is live during 'c, and only a word of it is read.
        unsafe { (*self.table).meta.is_null() }
    }
    /// The entry after `key` (nil: the first); raises for a key that is not in the table.
    pub(crate) fn next(
        self,
        cx: &'c Cx<'_>,
        key: Val<'_>,
    ) -> Result<Option<(Val<'c>, Val<'c>)>, Raise> {
        // SAFETY: N1, N2; as `get`; a key that is not there is answered with an error.
        match unsafe { Table::next(self.table, &(*cx.l).heap, key.raw) } {
            Ok(entry) => Ok(entry.map(|(k, v)| (Val::new(k), Val::new(v)))),
            Err(()) => Err(cx.raise(cx.str(b"invalid key to 'next'"))),
        }
    }
}
