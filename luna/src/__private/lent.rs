//! Types with a lifetime, which Lua holds as tickets.

use luna_core::Vm;
use luna_core::runtime::Value as RawValue;
use luna_core::vm::{ClassInfo, ConvError, UserdataMethods};

use super::{MethodBlock, compare};
use crate::error::Result;
use crate::lend::LendFamily;
use crate::scope::Lent;

/// The methods of the `#[lua_methods]` block of a type with a lifetime.
pub trait LentBlock: LendFamily {
    /// Registers them.
    fn register<M: UserdataMethods<Lent<Self>>>(methods: &mut M);

    /// Describes them.
    fn describe_block(_info: &mut ClassInfo) {}
}

impl<F: LentBlock> MethodBlock for Lent<F> {
    fn register<M: UserdataMethods<Self>>(methods: &mut M) {
        F::register(methods);
    }

    fn describe_block(info: &mut ClassInfo) {
        F::describe_block(info);
    }
}

/// Looks at a value that may be missing.
///
/// # Errors
/// As [`Lent::with`].
pub fn optional<F: LendFamily, R>(
    lent: Option<&Lent<F>>,
    look: impl for<'x> FnOnce(Option<&F::Of<'x>>) -> R,
) -> Result<R> {
    match lent {
        Some(lent) => lent.with(|value| look(Some(value))),
        None => Ok(look(None)),
    }
}

/// Changes a value that may be missing.
///
/// # Errors
/// As [`Lent::with_mut`].
pub fn optional_mut<F: LendFamily, R>(
    lent: Option<&mut Lent<F>>,
    change: impl for<'x> FnOnce(Option<&mut F::Of<'x>>) -> R,
) -> Result<R> {
    match lent {
        Some(lent) => lent.with_mut(|value| change(Some(value))),
        None => Ok(change(None)),
    }
}

/// Looks at two values.
///
/// # Errors
/// One of them is of another type, cannot be borrowed, or has expired.
pub fn compare_lent<F: LendFamily, R>(
    vm: &mut Vm,
    this: RawValue,
    other: RawValue,
    read: impl for<'x, 'y> FnOnce(&F::Of<'x>, &F::Of<'y>) -> R,
) -> std::result::Result<R, ConvError> {
    compare(vm, this, other, |this: &Lent<F>, other: &Lent<F>| {
        this.with(|this| other.with(|other| read(this, other)))
    })?
    .and_then(|result| result)
    .map_err(|error| ConvError::message(error.message().to_owned()))
}
