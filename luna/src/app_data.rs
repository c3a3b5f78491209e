//! Rust values that are kept with a state, one of each type.

use std::any::type_name;
use std::cell::RefCell;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::rc::Rc;

use crate::error::{Error, Result};
use crate::lua::Lua;

/// Where the value of a type is kept.
enum Kept<T> {
    /// There is none.
    Nothing,
    /// It is borrowed mutably.
    Lent,
    /// Borrows count as references.
    Here(Rc<T>),
}

/// The place of a type's value.
struct Slot<T>(RefCell<Kept<T>>);

impl<T> Slot<T> {
    /// Takes the value out, if it is not borrowed, and leaves `instead`.
    fn take(&self, instead: Kept<T>) -> Result<Option<Rc<T>>> {
        let mut kept = self.0.borrow_mut();
        match &*kept {
            Kept::Lent => return Err(borrowed::<T>("mutably borrowed")),
            Kept::Here(data) if Rc::strong_count(data) > 1 => {
                return Err(borrowed::<T>("borrowed"));
            }
            Kept::Here(_) | Kept::Nothing => {}
        }
        match std::mem::replace(&mut *kept, instead) {
            Kept::Here(data) => Ok(Some(data)),
            Kept::Nothing | Kept::Lent => Ok(None),
        }
    }
}

/// The error of a value that cannot be borrowed so.
fn borrowed<T>(how: &str) -> Error {
    Error::new(format!("cannot borrow the app data '{}': already {how}", type_name::<T>()))
}

/// A value kept with a state, borrowed.
pub struct AppDataRef<T>(Rc<T>);

impl<T> Deref for AppDataRef<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: fmt::Debug> fmt::Debug for AppDataRef<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

/// A value kept with a state, borrowed mutably.
pub struct AppDataRefMut<T> {
    slot: Rc<Slot<T>>,
    /// The only reference; there until this is dropped.
    data: Option<Rc<T>>,
}

impl<T> Deref for AppDataRefMut<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.data.as_ref().expect("there until this is dropped")
    }
}

impl<T> DerefMut for AppDataRefMut<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.data.as_mut().and_then(Rc::get_mut).expect("there until this is dropped, and unique")
    }
}

impl<T: fmt::Debug> fmt::Debug for AppDataRefMut<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T> Drop for AppDataRefMut<T> {
    fn drop(&mut self) {
        if let Some(data) = self.data.take() {
            *self.slot.0.borrow_mut() = Kept::Here(data);
        }
    }
}

impl Lua {
    /// Keeps a value with the state, one of each type, which callbacks find by their `&Lua`. The one before, if there is one, is given back.
    ///
    /// It is dropped with the state, so it must not own a [`Lua`]; a [`WeakLua`](crate::WeakLua) and handles are fine.
    ///
    /// ```
    /// use luna::Lua;
    ///
    /// struct Score(i64);
    ///
    /// # fn main() -> luna::Result<()> {
    /// let lua = Lua::new();
    /// lua.set_app_data(Score(0))?;
    /// let add = lua.create_function(|lua: &Lua, n: i64| -> luna::Result<()> {
    ///     if let Some(mut score) = lua.app_data_mut::<Score>()? {
    ///         score.0 += n;
    ///     }
    ///     Ok(())
    /// })?;
    /// add.call::<()>(3)?;
    /// assert_eq!(lua.app_data_ref::<Score>()?.map(|score| score.0), Some(3));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The state is closed or busy, or the value before is borrowed.
    pub fn set_app_data<T: 'static>(&self, data: T) -> Result<Option<T>> {
        let data = Kept::Here(Rc::new(data));
        let Some(slot) = self.app_data_slot::<T>()? else {
            let slot = Rc::new(Slot(RefCell::new(data)));
            self.with(|vm| vm.set_app_data(slot))?;
            return Ok(None);
        };
        Ok(slot.take(data)?.and_then(Rc::into_inner))
    }

    /// Borrows the value of its type that is kept with the state.
    ///
    /// # Errors
    /// The state is closed or busy, or the value is borrowed mutably.
    pub fn app_data_ref<T: 'static>(&self) -> Result<Option<AppDataRef<T>>> {
        let Some(slot) = self.app_data_slot::<T>()? else { return Ok(None) };
        match &*slot.0.borrow() {
            Kept::Nothing => Ok(None),
            Kept::Lent => Err(borrowed::<T>("mutably borrowed")),
            Kept::Here(data) => Ok(Some(AppDataRef(Rc::clone(data)))),
        }
    }

    /// Borrows the value of its type that is kept with the state, mutably.
    ///
    /// # Errors
    /// The state is closed or busy, or the value is borrowed.
    pub fn app_data_mut<T: 'static>(&self) -> Result<Option<AppDataRefMut<T>>> {
        let Some(slot) = self.app_data_slot::<T>()? else { return Ok(None) };
        let Some(data) = slot.take(Kept::Lent)? else {
            *slot.0.borrow_mut() = Kept::Nothing;
            return Ok(None);
        };
        Ok(Some(AppDataRefMut { slot, data: Some(data) }))
    }

    /// Takes the value of its type that is kept with the state.
    ///
    /// # Errors
    /// The state is closed or busy, or the value is borrowed.
    pub fn remove_app_data<T: 'static>(&self) -> Result<Option<T>> {
        let Some(slot) = self.app_data_slot::<T>()? else { return Ok(None) };
        Ok(slot.take(Kept::Nothing)?.and_then(Rc::into_inner))
    }

    /// Where the value of a type is kept.
    fn app_data_slot<T: 'static>(&self) -> Result<Option<Rc<Slot<T>>>> {
        self.with(|vm| vm.app_data::<Slot<T>>())
    }
}
