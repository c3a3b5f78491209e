//! What generated code calls.

use std::marker::PhantomData;

pub use luna_core::vm::{LuaUserdata, MetaMethod, Ud, UserdataMethods};

/// The methods of a type's `#[lua_methods]` block.
pub trait MethodBlock: LuaUserdata {
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
