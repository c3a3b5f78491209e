//! Parts of values, and how values come about.

use std::any::{Any, TypeId};
use std::fmt::Display;

use luna_core::vm::{ConvError, LuaUserdata};

use crate::error::{Error, Result};

/// Whether a field is of a type, or has a part of it.
#[must_use]
pub fn has_part<B: LuaUserdata>(of: TypeId) -> bool {
    of == TypeId::of::<B>() || B::has_part(of)
}

/// A field, if it is of a type, or the part of it that is.
pub fn part<B: LuaUserdata>(field: &B, of: TypeId) -> Option<&dyn Any> {
    if of == TypeId::of::<B>() { Some(field) } else { field.part(of) }
}

/// As [`part`], to be changed.
pub fn part_mut<B: LuaUserdata>(field: &mut B, of: TypeId) -> Option<&mut dyn Any> {
    if of == TypeId::of::<B>() { Some(field) } else { field.part_mut(of) }
}

/// A value for a field, if the type's own check lets it pass.
///
/// # Errors
/// It does not.
pub fn valid<T: LuaUserdata, V, E: Display>(
    name: &str,
    value: V,
    check: impl FnOnce(&V) -> std::result::Result<(), E>,
) -> Result<V> {
    match check(&value) {
        Ok(()) => Ok(value),
        Err(error) => Err(invalid(T::type_name(), name, &error)),
    }
}

/// The error of a value that a field's check does not let pass.
pub(crate) fn invalid(class: &str, name: &str, error: &dyn Display) -> Error {
    Error::new(format!("field '{name}' of {class}: {error}"))
}

/// As [`valid`], of a table's entry.
///
/// # Errors
/// As [`valid`].
pub fn valid_entry<T: LuaUserdata, V, E: Display>(
    name: &str,
    value: V,
    check: impl FnOnce(&V) -> std::result::Result<(), E>,
) -> std::result::Result<V, ConvError> {
    valid::<T, V, E>(name, value, check)
        .map_err(|error| ConvError::message(error.message().to_owned()))
}

/// A value that a table describes, by way of serde.
///
/// # Errors
/// What does not fit.
#[cfg(feature = "serde")]
pub fn read_table<T: serde::de::DeserializeOwned>(
    value: luna_core::runtime::Value,
    vm: &mut luna_core::Vm,
) -> std::result::Result<T, ConvError> {
    crate::serde::read_from(vm, value).map_err(ConvError::message)
}

/// What stands for a value where its data is wanted, by way of serde.
///
/// # Errors
/// What does not fit.
#[cfg(feature = "serde")]
pub fn make_data<'id, T: serde::Serialize>(
    value: &T,
    maker: &mut luna_core::vm::Maker<'id>,
) -> std::result::Result<luna_core::vm::Made<'id>, String> {
    crate::serde::make_data(value, maker)
}
