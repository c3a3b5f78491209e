//! Tables that values come from and go to.

use luna_core::Vm;
use luna_core::runtime::Value as RawValue;
use luna_core::vm::{
    ConvError, FromLuaValue as FromLua, Handle, IntoValue as IntoLua, LuaError, Nested,
};

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
    pub fn of(value: RawValue, vm: &mut Vm) -> Result<Fields, ConvError> {
        match value {
            RawValue::Table(_) if vm.is_live(value) => {
                let level = Nested::enter()?;
                Ok(Fields(Handle::new(vm, value), Some(level)))
            }
            _ => Err(ConvError::expected("table", value, vm)),
        }
    }

    /// Refuses other names than these, which are those of a type.
    ///
    /// # Errors
    /// There is another.
    pub fn only(&self, ty: &str, names: &[&str], vm: &mut Vm) -> Result<(), ConvError> {
        let Some(RawValue::Table(table)) = self.0.peek() else { return Ok(()) };
        let mut at = RawValue::Nil;
        while let Ok(Some((key, _))) = vm.next(table, at) {
            at = key;
            let name = match vm.str_bytes(key) {
                Some(name) => String::from_utf8_lossy(name).into_owned(),
                None => format!("({})", key.type_name()),
            };
            if !names.contains(&&*name) {
                let hint = luna_core::did_you_mean(&name, names);
                return Err(ConvError::message(format!("{ty} has no field '{name}'{hint}")));
            }
        }
        Ok(())
    }

    /// A field, converted.
    ///
    /// # Errors
    /// It does not convert; the path says where.
    pub fn get<T: FromLua>(&self, name: &str, vm: &mut Vm) -> Result<T, ConvError> {
        let Some(RawValue::Table(table)) = self.0.peek() else {
            return Err(ConvError::message("the table is gone"));
        };
        let key = name.into_value(vm);
        let value = vm.raw_get(table, key);
        T::from_lua_value(value, vm).map_err(|e| e.within(format_args!("table field '{name}'")))
    }

    /// Which of some names a field tells.
    ///
    /// # Errors
    /// It is none of them, or no string.
    pub fn tag(&self, field: &str, names: &[&str], vm: &mut Vm) -> Result<usize, ConvError> {
        let value = self.get::<RawValue>(field, vm)?;
        one_of(value, names, vm).map_err(|e| e.within(format_args!("table field '{field}'")))
    }

    /// The element at a position, converted.
    ///
    /// # Errors
    /// As [`Fields::get`].
    pub fn at<T: FromLua>(&self, at: i64, vm: &mut Vm) -> Result<T, ConvError> {
        let Some(RawValue::Table(table)) = self.0.peek() else {
            return Err(ConvError::message("the table is gone"));
        };
        let value = vm.raw_get(table, RawValue::Int(at));
        T::from_lua_value(value, vm).map_err(|e| e.within(format_args!("table element [{at}]")))
    }

    /// Sets the element at a position.
    ///
    /// # Errors
    /// As [`Fields::set`].
    pub fn set_at<T: IntoLua>(&self, at: i64, value: T, vm: &mut Vm) -> Result<(), LuaError> {
        self.store(RawValue::Int(at), value, vm)
    }

    /// Sets a field.
    ///
    /// # Errors
    /// The value does not convert.
    pub fn set<T: IntoLua>(&self, name: &str, value: T, vm: &mut Vm) -> Result<(), LuaError> {
        let key = name.into_value(vm);
        self.store(key, value, vm)
    }

    /// Sets what is under a key, which is pinned meanwhile.
    fn store<T: IntoLua>(&self, key: RawValue, value: T, vm: &mut Vm) -> Result<(), LuaError> {
        if self.1.is_none() {
            return Err(ConvError::message("table nesting too deep").into_error(vm));
        }
        let pin = Handle::new(vm, key);
        let value = value.try_into_value(vm)?;
        drop(pin);
        match self.0.peek() {
            Some(RawValue::Table(table)) => vm.raw_set(table, key, value),
            _ => Ok(()),
        }
    }

    /// The table.
    ///
    /// # Errors
    /// It belongs to another Vm.
    pub fn value(self, vm: &mut Vm) -> Result<RawValue, LuaError> {
        crate::handle::value_in(&self.0, vm)
    }
}

/// Which of some names a string is.
///
/// # Errors
/// It is none of them, or no string.
pub fn one_of(value: RawValue, names: &[&str], vm: &mut Vm) -> Result<usize, ConvError> {
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

/// Which of some numbers a value is.
///
/// # Errors
/// It is none of them, or no integer.
pub fn number_of(value: RawValue, numbers: &[i64], vm: &mut Vm) -> Result<usize, ConvError> {
    let number = i64::from_lua_value(value, vm)?;
    numbers.iter().position(|known| *known == number).ok_or_else(|| {
        let numbers: Vec<String> = numbers.iter().map(i64::to_string).collect();
        ConvError {
            expected: format!("one of {}", numbers.join(", ")).into(),
            got: number.to_string().into(),
            path: String::new(),
        }
    })
}
