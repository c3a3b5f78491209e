//! What generated code calls.

mod calls;
mod operators;
mod parts;

pub use calls::{Named, deprecated, nil_err};
pub use operators::{
    Attempt, Operand, OperandByCopy, OperandFromLua, Position, apply, assign, change, compare,
    equal, look, operator, order,
};
#[cfg(feature = "serde")]
pub use parts::read_table;
pub use parts::{has_part, part, part_mut, valid, valid_entry};

use std::marker::PhantomData;

pub use luna_core::Vm;
pub use luna_core::runtime::Value as RawValue;
pub use luna_core::vm::{
    ConvError, FromLuaValue as FromLua, IntoValue as IntoLua, LuaError, LuaUserdata, MetaMethod,
    Ud, UserdataMarker, UserdataMethods,
};

use luna_core::vm::{Handle, Nested};

pub use crate::traced::Trace;

use crate::error::{Error, Result};
use crate::lua::Lua;
use crate::userdata::AnyUserdata;

/// The methods of a type's `#[lua_methods]` block.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no function `new` that could be called",
    label = "no block of methods without a name",
    note = "write `#[lua(new)]` on the type, or `#[lua_methods]` on an `impl` block with an `fn new`"
)]
pub trait MethodBlock: LuaUserdata {
    /// Whether there is a function `new`.
    const NEW: bool = false;

    /// Registers them.
    fn register<M: UserdataMethods<Self>>(methods: &mut M);
}

/// Finds out whether a type has a block: [`HasBlock`] is found before [`NoBlock`], which needs one more reference.
#[derive(Debug)]
pub struct Block<T>(PhantomData<T>);

impl<T> Block<T> {
    /// The question.
    pub const OF: Block<T> = Block(PhantomData);
}

/// Of types with a block.
pub trait HasBlock<T: LuaUserdata> {
    /// Registers the block's methods.
    fn register<M: UserdataMethods<T>>(&self, methods: &mut M);
}

impl<T: MethodBlock> HasBlock<T> for Block<T> {
    fn register<M: UserdataMethods<T>>(&self, methods: &mut M) {
        T::register(methods);
    }
}

/// Of all types.
pub trait NoBlock<T: LuaUserdata> {
    /// Registers nothing.
    fn register<M: UserdataMethods<T>>(&self, _methods: &mut M) {}
}

impl<T: LuaUserdata> NoBlock<T> for &Block<T> {}

/// Gets a receiver by value: [`ByCopy`] is found before [`ByTaking`], which needs one more reference.
#[derive(Debug)]
pub struct Receiver<T>(PhantomData<T>);

impl<T> Receiver<T> {
    /// The question.
    pub const OF: Receiver<T> = Receiver(PhantomData);
}

/// Of types that come from Lua by value.
pub trait ByCopy<T> {
    /// A copy.
    ///
    /// # Errors
    /// Another type, or a borrow in conflict.
    fn receive(&self, lua: &Lua, this: &AnyUserdata) -> Result<T>;
}

impl<T: FromLua> ByCopy<T> for Receiver<T> {
    fn receive(&self, lua: &Lua, this: &AnyUserdata) -> Result<T> {
        lua.convert(this).map_err(placed)
    }
}

/// Of all types.
pub trait ByTaking<T> {
    /// The value itself; the userdata is destroyed.
    ///
    /// # Errors
    /// Another type, or a borrow in conflict.
    fn receive(&self, lua: &Lua, this: &AnyUserdata) -> Result<T>;
}

impl<T: LuaUserdata> ByTaking<T> for &Receiver<T> {
    fn receive(&self, _lua: &Lua, this: &AnyUserdata) -> Result<T> {
        this.take().map_err(placed)
    }
}

/// An error of the binding's own making as one of the method's, which has the position of the call.
fn placed(error: Error) -> Error {
    Error::new(error.message())
}

/// A field's value.
pub fn copy<T: Clone>(field: &T) -> T {
    field.clone()
}

/// The table that a struct comes from or goes to; pinned meanwhile.
#[derive(Debug)]
pub struct Fields(Handle, Option<Nested>);

impl Fields {
    /// An empty one.
    #[must_use]
    pub fn new(vm: &mut Vm) -> Fields {
        let table = RawValue::Table(vm.new_table().build());
        Fields(Handle::new(vm, table), Nested::enter().ok())
    }

    /// The table that a value is.
    ///
    /// # Errors
    /// It is none.
    pub fn of(value: RawValue, vm: &mut Vm) -> std::result::Result<Fields, ConvError> {
        match value {
            RawValue::Table(_) if vm.is_live(value) => {
                let level = Nested::enter()?;
                Ok(Fields(Handle::new(vm, value), Some(level)))
            }
            _ => Err(ConvError::expected("table", value, vm)),
        }
    }

    /// Refuses other names than these.
    ///
    /// # Errors
    /// There is another.
    pub fn only<T: LuaUserdata>(
        &self,
        names: &[&str],
        vm: &mut Vm,
    ) -> std::result::Result<(), ConvError> {
        let Some(RawValue::Table(table)) = self.0.peek() else { return Ok(()) };
        let mut at = RawValue::Nil;
        while let Ok(Some((key, _))) = vm.next(table, at) {
            at = key;
            let name = match vm.str_bytes(key) {
                Some(name) => String::from_utf8_lossy(name).into_owned(),
                None => format!("({})", key.type_name()),
            };
            if !names.contains(&&*name) {
                let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
                let hint = luna_core::closest_name(&name, &names);
                let hint =
                    hint.map_or_else(String::new, |name| format!(" (did you mean '{name}'?)"));
                let class = T::type_name();
                return Err(ConvError::message(format!("{class} has no field '{name}'{hint}")));
            }
        }
        Ok(())
    }

    /// A field, converted.
    ///
    /// # Errors
    /// It does not convert; the path says where.
    pub fn get<T: FromLua>(&self, name: &str, vm: &mut Vm) -> std::result::Result<T, ConvError> {
        let Some(RawValue::Table(table)) = self.0.peek() else {
            return Err(ConvError::message("the table is gone"));
        };
        let key = name.into_value(vm);
        let value = vm.raw_get(table, key);
        T::from_lua_value(value, vm).map_err(|e| e.within(format_args!("table field '{name}'")))
    }

    /// Sets a field.
    ///
    /// # Errors
    /// The value does not convert.
    pub fn set<T: IntoLua>(
        &self,
        name: &str,
        value: T,
        vm: &mut Vm,
    ) -> std::result::Result<(), LuaError> {
        if self.1.is_none() {
            return Err(ConvError::message("table nesting too deep").into_error(vm));
        }
        let value = value.try_into_value(vm)?;
        let key = name.into_value(vm);
        match self.0.peek() {
            Some(RawValue::Table(table)) => vm.raw_set(table, key, value),
            _ => Ok(()),
        }
    }

    /// The table.
    ///
    /// # Errors
    /// It belongs to another Vm.
    pub fn value(self, vm: &mut Vm) -> std::result::Result<RawValue, LuaError> {
        crate::handle::value_in(&self.0, vm)
    }
}

/// Which of some names a string is.
///
/// # Errors
/// It is none of them, or no string.
pub fn one_of(
    value: RawValue,
    names: &[&str],
    vm: &mut Vm,
) -> std::result::Result<usize, ConvError> {
    let Some(text) = vm.str_bytes(value) else {
        return Err(ConvError::expected("string", value, vm));
    };
    names.iter().position(|name| name.as_bytes() == text).ok_or_else(|| {
        let names: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
        ConvError {
            expected: format!("one of {}", names.join(", ")).into(),
            got: format!("'{}'", String::from_utf8_lossy(text)).into(),
            path: String::new(),
        }
    })
}

/// A value that goes to Lua where there is no place for an error.
///
/// # Panics
/// If it does not convert.
pub fn expect(value: impl IntoLua, vm: &mut Vm) -> RawValue {
    match value.try_into_value(vm) {
        Ok(value) => value,
        Err(error) => panic!("{}", vm.error_text(&error)),
    }
}
