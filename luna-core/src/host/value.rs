//! Values as the host holds them: Copy handles, checked whenever they come back in.

use std::fmt;
use std::marker::PhantomData;

use crate::heap::Heap;
use crate::value::function::{LuaClosure, NativeClosure};
use crate::value::repr::{RawValue, tag};
use crate::value::string::Str;
use crate::value::table::Table;
use crate::value::thread::Coro;
use crate::value::userdata::UserdataObj;

/// A handle to an object of a Vm's heap.
///
/// It is a plain address: there is no safe way to read through it. Every function of [`Vm`](crate::Vm) that takes one checks that it names a
/// live object of that heap and of that kind.
pub struct Gc<T> {
    address: u64,
    kind: PhantomData<*mut T>,
}

impl<T> Clone for Gc<T> {
    fn clone(&self) -> Gc<T> {
        *self
    }
}
impl<T> Copy for Gc<T> {}

impl<T> fmt::Debug for Gc<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#x}", self.address)
    }
}

impl<T> Gc<T> {
    pub(crate) fn new(object: *mut T) -> Gc<T> {
        Gc { address: object.expose_provenance() as u64, kind: PhantomData }
    }

    /// The object's address.
    ///
    /// Reading through it is up to the caller: the object must be live and nothing may run in its Vm meanwhile.
    #[must_use]
    pub fn as_ptr(self) -> *mut T {
        std::ptr::with_exposed_provenance_mut(self.address as usize)
    }

    /// Whether both name the same object.
    #[must_use]
    pub fn ptr_eq(self, other: Gc<T>) -> bool {
        self.address == other.address
    }
}

/// A Lua value.
///
/// ```
/// use luna_core::{LuaVersion, Vm, runtime::Value};
/// let mut vm = Vm::new(LuaVersion::Lua54);
/// let values = vm.eval("return 6 * 7, 'x', nil").unwrap();
/// assert!(matches!(values[0], Value::Int(42)));
/// assert_eq!(values[1].type_name(), "string");
/// assert!(values[2].is_nil());
/// ```
#[derive(Clone, Copy, Debug)]
pub enum Value {
    /// `nil`
    Nil,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A float.
    Float(f64),
    /// A string.
    Str(Gc<Str>),
    /// A table.
    Table(Gc<Table>),
    /// A Lua function.
    Closure(Gc<LuaClosure>),
    /// A native function.
    Native(Gc<NativeClosure>),
    /// A coroutine.
    Coro(Gc<Coro>),
    /// A full userdata.
    Userdata(Gc<UserdataObj>),
    /// A light userdata.
    LightUserdata(*const ()),
}

impl Value {
    /// The type's name, as `type` gives it.
    #[must_use]
    pub fn type_name(self) -> &'static str {
        self.to_raw().type_name()
    }

    /// Whether the value is `nil`.
    #[must_use]
    pub fn is_nil(self) -> bool {
        matches!(self, Value::Nil)
    }

    /// Whether the value counts as true.
    #[must_use]
    pub fn truthy(self) -> bool {
        !matches!(self, Value::Nil | Value::Bool(false))
    }

    /// Whether the value is a function; what a metatable makes callable is not seen here.
    #[must_use]
    pub fn is_callable(self) -> bool {
        matches!(self, Value::Closure(_) | Value::Native(_))
    }

    /// Primitive equality: numbers by value, all else by identity.
    #[must_use]
    pub fn same(self, other: Value) -> bool {
        let (a, b) = (self.to_raw(), other.to_raw());
        match (self, other) {
            (Value::Int(_) | Value::Float(_), Value::Int(_) | Value::Float(_)) => {
                // SAFETY: H1; numbers name no object, so none is looked at.
                unsafe { crate::vm::compare_slow::raw_equal(a, b) }
            }
            _ => a.tag == b.tag && a.bits == b.bits,
        }
    }

    /// The value as the Vm holds it, unchecked.
    pub(crate) fn to_raw(self) -> RawValue {
        match self {
            Value::Nil => RawValue::NIL,
            Value::Bool(b) => RawValue::bool(b),
            Value::Int(i) => RawValue::int(i),
            Value::Float(f) => RawValue::float(f),
            Value::Str(g) => RawValue { tag: tag::STR, bits: g.address },
            Value::Table(g) => RawValue { tag: tag::TABLE, bits: g.address },
            Value::Closure(g) => RawValue { tag: tag::LCLOSURE, bits: g.address },
            Value::Native(g) => RawValue { tag: tag::NATIVE, bits: g.address },
            Value::Coro(g) => RawValue { tag: tag::CORO, bits: g.address },
            Value::Userdata(g) => RawValue { tag: tag::USERDATA, bits: g.address },
            Value::LightUserdata(p) => RawValue::light(p),
        }
    }

    /// A live value of the Vm as the host holds it.
    pub(crate) fn from_raw(raw: RawValue) -> Value {
        match raw.tag {
            tag::NIL => Value::Nil,
            tag::FALSE => Value::Bool(false),
            tag::TRUE => Value::Bool(true),
            tag::INT => Value::Int(raw.as_int()),
            tag::FLOAT => Value::Float(raw.as_float()),
            tag::STR => Value::Str(Gc::new(raw.as_ptr())),
            tag::TABLE => Value::Table(Gc::new(raw.as_ptr())),
            tag::LCLOSURE => Value::Closure(Gc::new(raw.as_ptr())),
            tag::NATIVE => Value::Native(Gc::new(raw.as_ptr())),
            tag::CORO => Value::Coro(Gc::new(raw.as_ptr())),
            tag::USERDATA => Value::Userdata(Gc::new(raw.as_ptr())),
            _ => Value::LightUserdata(raw.as_ptr::<()>().cast_const()),
        }
    }

    /// The value for the heap's use, if it is live there.
    pub(crate) fn checked(self, heap: &Heap) -> Option<RawValue> {
        let raw = self.to_raw();
        (!raw.is_object() || heap.is_object(raw.bits as usize, raw.tag)).then_some(raw)
    }
}
