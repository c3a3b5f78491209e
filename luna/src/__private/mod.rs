//! What generated code calls.

mod calls;
mod fields;
mod lent;
mod operators;
mod parts;

pub use calls::{Named, deprecated, describe_functions, nil_err};
pub use fields::{Fields, number_of, one_of};
pub use lent::{LentBlock, compare_lent, optional, optional_mut};
pub use operators::{
    Attempt, Operand, OperandByCopy, OperandFromLua, Position, apply, assign, change, compare,
    equal, look, operator, order,
};
pub(crate) use parts::invalid;
pub use parts::{has_part, part, part_mut, valid, valid_entry};
#[cfg(feature = "serde")]
pub use parts::{make_data, read_table};

use std::marker::PhantomData;

pub use luna_core::Vm;
pub use luna_core::runtime::Value as RawValue;
pub use luna_core::vm::{
    ClassInfo, FieldInfo, FunctionInfo, FunctionKind, OperatorInfo, ParamInfo, TypeInfo, TypeShape,
    VariantInfo,
};
pub use luna_core::vm::{
    ConvError, FromLuaValue as FromLua, IntoValue as IntoLua, LuaError, LuaUserdata, Made, Maker,
    MetaMethod, SameObject, Ud, UserdataMarker, UserdataMethods,
};

pub use crate::lend::{Lend, LendFamily};
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

    /// Describes them.
    fn describe_block(_info: &mut ClassInfo) {}
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

    /// Describes them.
    fn describe(&self, info: &mut ClassInfo);
}

impl<T: MethodBlock> HasBlock<T> for Block<T> {
    fn register<M: UserdataMethods<T>>(&self, methods: &mut M) {
        T::register(methods);
    }

    fn describe(&self, info: &mut ClassInfo) {
        T::describe_block(info);
    }
}

/// Of all types.
pub trait NoBlock<T: LuaUserdata> {
    /// Registers nothing.
    fn register<M: UserdataMethods<T>>(&self, _methods: &mut M) {}

    /// Describes nothing.
    fn describe(&self, _info: &mut ClassInfo) {}
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
