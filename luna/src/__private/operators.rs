//! Events that stand for Rust traits: which types of operands fit, and what is said if none does.

use std::cmp::Ordering;
use std::marker::PhantomData;

use luna_core::Vm;
use luna_core::runtime::Value as RawValue;
use luna_core::vm::{
    ConvError, FromLuaValue as FromLua, IntoValue as IntoLua, LuaError, LuaUserdata, MetaMethod,
};

/// Tries one type of operand: the value itself, the other operand, and what is assigned, if anything is. Fails if the other operand is no
/// such type.
pub type Attempt<R> = fn(&mut Vm, RawValue, RawValue, RawValue) -> Result<R, ConvError>;

/// A result on its way to Lua.
type Outcome = Result<RawValue, LuaError>;

/// Gets an operand: [`OperandFromLua`] is found before [`OperandByCopy`], which needs one more reference.
#[derive(Debug)]
pub struct Operand<T>(PhantomData<T>);

impl<T> Operand<T> {
    /// The question.
    pub const OF: Operand<T> = Operand(PhantomData);
}

/// Of types that come from Lua by value.
pub trait OperandFromLua<T> {
    /// The operand.
    ///
    /// # Errors
    /// It is of another type.
    fn take(&self, vm: &mut Vm, value: RawValue) -> Result<T, ConvError>;
}

impl<T: FromLua> OperandFromLua<T> for Operand<T> {
    fn take(&self, vm: &mut Vm, value: RawValue) -> Result<T, ConvError> {
        T::from_lua_value(value, vm)
    }
}

/// Of userdata that can be copied.
pub trait OperandByCopy<T> {
    /// The operand.
    ///
    /// # Errors
    /// It is of another type.
    fn take(&self, vm: &mut Vm, value: RawValue) -> Result<T, ConvError>;
}

impl<T: LuaUserdata + Clone> OperandByCopy<T> for &Operand<T> {
    fn take(&self, vm: &mut Vm, value: RawValue) -> Result<T, ConvError> {
        vm.clone_userdata(value)
    }
}

/// A position, counted from 1 in Lua and from 0 in Rust.
#[derive(Debug)]
pub struct Position(pub usize);

impl FromLua for Position {
    fn from_lua_value(value: RawValue, vm: &mut Vm) -> Result<Position, ConvError> {
        let position = usize::from_lua_value(value, vm)?;
        position
            .checked_sub(1)
            .map(Position)
            .ok_or_else(|| ConvError::message("positions count from 1"))
    }
}

/// Runs an operator on a copy of the value.
///
/// # Errors
/// The value cannot be borrowed.
pub fn apply<T: LuaUserdata + Clone, O: IntoLua>(
    vm: &mut Vm,
    this: RawValue,
    operator: impl FnOnce(T) -> O,
) -> Result<Outcome, ConvError> {
    let this = vm.clone_userdata::<T>(this)?;
    let output = vm.unlocked(|| operator(this));
    Ok(output.try_into_value(vm))
}

/// Looks at the value.
///
/// # Errors
/// The value cannot be borrowed.
pub fn look<T: LuaUserdata, R>(
    vm: &mut Vm,
    this: RawValue,
    read: impl FnOnce(&T) -> R,
) -> Result<R, ConvError> {
    vm.read_userdata(this, |vm, this: &T| vm.unlocked(|| read(this)))
}

/// Assigns to a part of the value.
///
/// # Errors
/// The value cannot be borrowed, or what is assigned is of another type.
pub fn change<T: LuaUserdata, V: FromLua>(
    vm: &mut Vm,
    this: RawValue,
    value: RawValue,
    write: impl FnOnce(&mut T, V),
) -> Result<Result<(), ConvError>, ConvError> {
    let value = match V::from_lua_value(value, vm) {
        Ok(value) => value,
        Err(error) => return Ok(Err(error)),
    };
    vm.write_userdata(this, |vm, this: &mut T| vm.unlocked(|| write(this, value))).map(Ok)
}

/// Looks at two values.
///
/// # Errors
/// One of them is of another type, or cannot be borrowed.
pub fn compare<T: LuaUserdata, R>(
    vm: &mut Vm,
    this: RawValue,
    other: RawValue,
    read: impl FnOnce(&T, &T) -> R,
) -> Result<R, ConvError> {
    vm.read_userdata(other, |vm, other: &T| look(vm, this, |this| read(this, other)))?
}

/// Runs the first operator whose operand fits.
///
/// # Errors
/// What it raises, or that none fits.
pub fn operator<T: LuaUserdata, R>(
    vm: &mut Vm,
    event: MetaMethod,
    operands: [RawValue; 2],
    forward: &[Attempt<Result<R, LuaError>>],
    reversed: &[Attempt<Result<R, LuaError>>],
) -> Result<R, LuaError> {
    first_fit::<T, _>(vm, event, operands, RawValue::Nil, forward, reversed)?
}

/// Whether a value can stand where the type itself is.
fn is<T: LuaUserdata>(vm: &mut Vm, value: RawValue) -> bool {
    vm.is_userdata::<T>(value) || vm.read_userdata(value, |_, _: &T| ()).is_ok()
}

/// The first that fits of several.
fn first_fit<T: LuaUserdata, R>(
    vm: &mut Vm,
    event: MetaMethod,
    [a, b]: [RawValue; 2],
    value: RawValue,
    forward: &[Attempt<R>],
    reversed: &[Attempt<R>],
) -> Result<R, LuaError> {
    let left = is::<T>(vm, a);
    let (attempts, this, other) = if left { (forward, a, b) } else { (reversed, b, a) };
    let mut failure: Option<ConvError> = None;
    for attempt in attempts {
        match attempt(vm, this, other, value) {
            Ok(result) => return Ok(result),
            Err(error) => failure = Some(join(failure, error)),
        }
    }
    if !left && failure.as_ref().is_none_or(|failure| !failure.got.is_empty()) {
        let own = ConvError::expected(vm.class_name::<T>(), other, vm);
        failure = Some(failure.map_or(own.clone(), |failure| join(Some(own), failure)));
    }
    let place = if left { 2 } else { 1 };
    let failure = failure.unwrap_or_else(|| {
        let name = vm.class_name::<T>();
        ConvError::message(format!("{name} stands only on the right of this operator"))
    });
    Err(vm.error(format_args!("bad argument #{place} to '{}' ({failure})", event.name())))
}

/// Two failures as one: what is expected is the one or the other, unless one says more.
fn join(first: Option<ConvError>, second: ConvError) -> ConvError {
    match first {
        None => second,
        Some(first) if first.got.is_empty() => first,
        Some(_) if second.got.is_empty() => second,
        Some(first) if first.expected == second.expected => first,
        Some(first) => ConvError {
            expected: format!("{} or {}", first.expected, second.expected).into(),
            ..first
        },
    }
}

/// Whether two values are equal; those of other types are not.
///
/// # Errors
/// A borrow in conflict.
pub fn equal(
    vm: &mut Vm,
    [a, b]: [RawValue; 2],
    attempts: &[Attempt<bool>],
) -> Result<bool, LuaError> {
    for attempt in attempts {
        for (this, other) in [(a, b), (b, a)] {
            match attempt(vm, this, other, RawValue::Nil) {
                Ok(equal) => return Ok(equal),
                Err(error) if error.got.is_empty() => return Err(vm.error(error)),
                Err(_) => {}
            }
        }
    }
    Ok(false)
}

/// How two values compare, whichever of them is the type's.
///
/// # Errors
/// None of the types fits, or a borrow in conflict.
pub fn order<T: LuaUserdata>(
    vm: &mut Vm,
    event: MetaMethod,
    [a, b]: [RawValue; 2],
    attempts: &[Attempt<Option<Ordering>>],
    test: fn(Ordering) -> bool,
) -> Result<bool, LuaError> {
    let left = is::<T>(vm, a);
    let order = first_fit::<T, _>(vm, event, [a, b], RawValue::Nil, attempts, attempts)?;
    let order = if left { order } else { order.map(Ordering::reverse) };
    Ok(order.is_some_and(test))
}

/// Assigns by the first key that fits.
///
/// # Errors
/// None fits, or what is assigned does not.
pub fn assign<T: LuaUserdata>(
    vm: &mut Vm,
    [this, key, value]: [RawValue; 3],
    attempts: &[Attempt<Result<(), ConvError>>],
) -> Result<(), LuaError> {
    let event = MetaMethod::NewIndex;
    first_fit::<T, _>(vm, event, [this, key], value, attempts, &[])?
        .map_err(|e| vm.error(format_args!("bad argument #3 to '{}' ({e})", event.name())))
}
