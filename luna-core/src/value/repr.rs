//! The bit layout of a value inside the Vm: a tag byte and eight payload bytes.
//!
//! A `RawValue` is a scalar pair, so the compiler copies it field by field: a sixteen-byte copy right after
//! separate writes of tag and payload would stall on store forwarding.

use crate::heap::header::Header;
use crate::value::function::{LuaClosure, NativeClosure};
use crate::value::string::Str;
use crate::value::table::Table;
use crate::value::thread::Coro;
use crate::value::userdata::UserdataObj;

/// Tags. Falsy tags are at most [`tag::FALSE`]; from [`tag::STR`] on the payload points to a heap object whose header kind equals the
/// tag.
pub(crate) mod tag {
    /// `nil`; also an empty slot of a table.
    pub(crate) const NIL: u8 = 0;
    /// `false`
    pub(crate) const FALSE: u8 = 1;
    /// `true`
    pub(crate) const TRUE: u8 = 2;
    /// An integer.
    pub(crate) const INT: u8 = 3;
    /// A float.
    pub(crate) const FLOAT: u8 = 4;
    /// A light userdata.
    pub(crate) const LIGHT: u8 = 5;
    /// A string.
    pub(crate) const STR: u8 = 6;
    /// A table.
    pub(crate) const TABLE: u8 = 7;
    /// A Lua closure.
    pub(crate) const LCLOSURE: u8 = 8;
    /// A native function.
    pub(crate) const NATIVE: u8 = 9;
    /// A coroutine.
    pub(crate) const CORO: u8 = 10;
    /// A full userdata.
    pub(crate) const USERDATA: u8 = 11;
    /// Kind of a prototype; never the tag of a value.
    pub(crate) const PROTO: u8 = 12;
    /// Kind of an upvalue cell; never the tag of a value.
    pub(crate) const UPVAL: u8 = 13;
    /// Tag of a key whose object may be gone; compared by address only.
    pub(crate) const DEAD_KEY: u8 = 14;
}

/// A value inside the Vm. Whoever holds one with a pointer payload vouches that the object is reachable from a root
/// until the next safe point.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct RawValue {
    /// One of [`tag`].
    pub(crate) tag: u8,
    /// Integer, float bits, or object address.
    pub(crate) bits: u64,
}

impl RawValue {
    /// `nil`
    pub(crate) const NIL: RawValue = RawValue { tag: tag::NIL, bits: 0 };

    /// A boolean.
    #[inline(always)]
    pub(crate) const fn bool(b: bool) -> RawValue {
        RawValue { tag: if b { tag::TRUE } else { tag::FALSE }, bits: 0 }
    }

    /// An integer.
    #[inline(always)]
    pub(crate) const fn int(i: i64) -> RawValue {
        RawValue { tag: tag::INT, bits: i.cast_unsigned() }
    }

    /// A float.
    #[inline(always)]
    pub(crate) const fn float(f: f64) -> RawValue {
        RawValue { tag: tag::FLOAT, bits: f.to_bits() }
    }

    /// A light userdata.
    #[inline(always)]
    pub(crate) fn light(p: *const ()) -> RawValue {
        RawValue { tag: tag::LIGHT, bits: p.expose_provenance() as u64 }
    }

    /// A value of the kind `tag` whose object is at `p`.
    #[inline(always)]
    pub(crate) fn object<T>(tag: u8, p: *mut T) -> RawValue {
        RawValue { tag, bits: p.expose_provenance() as u64 }
    }

    /// A string.
    #[inline(always)]
    pub(crate) fn str(p: *mut Str) -> RawValue {
        RawValue::object(tag::STR, p)
    }

    /// A table.
    #[inline(always)]
    pub(crate) fn table(p: *mut Table) -> RawValue {
        RawValue::object(tag::TABLE, p)
    }

    /// A Lua closure.
    #[inline(always)]
    pub(crate) fn closure(p: *mut LuaClosure) -> RawValue {
        RawValue::object(tag::LCLOSURE, p)
    }

    /// A native function.
    #[inline(always)]
    pub(crate) fn native(p: *mut NativeClosure) -> RawValue {
        RawValue::object(tag::NATIVE, p)
    }

    /// A coroutine.
    #[inline(always)]
    pub(crate) fn coro(p: *mut Coro) -> RawValue {
        RawValue::object(tag::CORO, p)
    }

    /// A full userdata.
    #[inline(always)]
    pub(crate) fn userdata(p: *mut UserdataObj) -> RawValue {
        RawValue::object(tag::USERDATA, p)
    }

    /// The payload as an integer.
    #[inline(always)]
    pub(crate) const fn as_int(self) -> i64 {
        self.bits.cast_signed()
    }

    /// The payload as a float.
    #[inline(always)]
    pub(crate) const fn as_float(self) -> f64 {
        f64::from_bits(self.bits)
    }

    /// The payload as a pointer to an object of type `T`.
    #[inline(always)]
    pub(crate) fn as_ptr<T>(self) -> *mut T {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "an address that fitted a pointer when it was stored"
        )]
        std::ptr::with_exposed_provenance_mut(self.bits as usize)
    }

    /// The header of the object.
    #[inline(always)]
    pub(crate) fn as_header(self) -> *mut Header {
        self.as_ptr()
    }

    /// Whether the value is `nil`.
    #[inline(always)]
    pub(crate) const fn is_nil(self) -> bool {
        self.tag == tag::NIL
    }

    /// Whether the value is `nil` or `false`.
    #[inline(always)]
    pub(crate) const fn is_falsy(self) -> bool {
        self.tag <= tag::FALSE
    }

    /// Whether the payload points to a heap object.
    #[inline(always)]
    pub(crate) const fn is_object(self) -> bool {
        self.tag >= tag::STR
    }

    /// Whether the value is a function of either kind.
    #[inline(always)]
    pub(crate) const fn is_function(self) -> bool {
        self.tag == tag::LCLOSURE || self.tag == tag::NATIVE
    }

    /// The type's name as Lua's `type` gives it.
    pub(crate) const fn type_name(self) -> &'static str {
        match self.tag {
            tag::NIL => "nil",
            tag::FALSE | tag::TRUE => "boolean",
            tag::INT | tag::FLOAT => "number",
            tag::STR => "string",
            tag::TABLE => "table",
            tag::LCLOSURE | tag::NATIVE => "function",
            tag::CORO => "thread",
            _ => "userdata",
        }
    }
}

const _: () = assert!(size_of::<RawValue>() == 16);
