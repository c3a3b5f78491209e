//! What the source of a class says about it, for tools that write it down.

use super::LuaUserdata;
use super::methods::MetaMethod;
use crate::host::value::{Gc, Value};
use crate::host::vm::Vm;
use crate::value::table::Table;

/// A class: names and types as they are written in Rust.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClassInfo {
    /// Its name.
    pub name: &'static str,
    /// Path of the Rust type; empty for a module.
    pub path: &'static str,
    /// Its documentation, a line for each of the source.
    pub docs: &'static str,
    /// Names of the classes whose members are also its own.
    pub bases: Vec<&'static str>,
    /// What is known about these classes.
    pub base_classes: Vec<ClassInfo>,
    /// Its fields.
    pub fields: Vec<FieldInfo>,
    /// Its constants.
    pub constants: Vec<FieldInfo>,
    /// Its methods, functions, getters, setters and handlers.
    pub functions: Vec<FunctionInfo>,
    /// The operators that stand for Rust traits.
    pub operators: Vec<OperatorInfo>,
}

/// A field or a constant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldInfo {
    /// Its name.
    pub name: &'static str,
    /// Its documentation.
    pub docs: &'static str,
    /// Its type.
    pub ty: &'static str,
    /// Whether it can be read.
    pub readable: bool,
    /// Whether it can be written.
    pub writable: bool,
    /// The note, if it is deprecated.
    pub deprecated: Option<&'static str>,
}

/// A function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FunctionInfo {
    /// Its name; that of the event for a handler.
    pub name: &'static str,
    /// Its documentation.
    pub docs: &'static str,
    /// What it is to Lua.
    pub kind: FunctionKind,
    /// Its parameters, without receiver and state.
    pub params: &'static [ParamInfo],
    /// The type of its result; empty without one.
    pub result: &'static str,
    /// The last parameter takes all further arguments.
    pub variadic: bool,
    /// The parameters are fields of one table.
    pub named: bool,
    /// A failure gives nil and a message.
    pub nil_err: bool,
    /// It is said to have no side effects.
    pub pure: bool,
    /// A script waits for it.
    pub waits: bool,
    /// The note, if it is deprecated.
    pub deprecated: Option<&'static str>,
}

/// What a function is to Lua.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FunctionKind {
    /// `object:name(..)`
    Method,
    /// `Class.name(..)`
    Function,
    /// `Class.name(..)`, which makes an object.
    Constructor,
    /// `object.name`
    Getter,
    /// `object.name = value`
    Setter,
    /// A handler of an event.
    Meta,
}

/// A parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ParamInfo {
    /// Its name; empty if it has none.
    pub name: &'static str,
    /// Its type.
    pub ty: &'static str,
    /// What nil stands for, as it is written.
    pub default: Option<&'static str>,
}

/// An operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperatorInfo {
    /// The event.
    pub event: MetaMethod,
    /// The types on its right.
    pub operands: &'static [&'static str],
    /// The types on its left, with the class on its right.
    pub reversed: &'static [&'static str],
    /// Paths of the types of the results, for the types on its right, then those on its left; empty if Lua says what they are.
    pub results: Vec<&'static str>,
}

/// A type that is converted by value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeInfo {
    /// Its name.
    pub name: &'static str,
    /// Path of the Rust type.
    pub path: &'static str,
    /// Its documentation, a line for each of the source.
    pub docs: &'static str,
    /// What it is to Lua.
    pub shape: TypeShape,
}

/// What a type that is converted by value is to Lua.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TypeShape {
    /// A table with fields.
    Table(Vec<FieldInfo>),
    /// What it wraps: a type as it is written in Rust.
    Wraps(&'static str),
    /// One of these strings, each with its documentation.
    Strings(Vec<(&'static str, &'static str)>),
    /// One of these numbers, each with its name and documentation.
    Numbers(Vec<(i64, &'static str, &'static str)>),
    /// A table whose field of the first name tells which of the variants it is.
    Tagged(&'static str, Vec<VariantInfo>),
}

/// A variant of a tagged enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariantInfo {
    /// Its name.
    pub name: &'static str,
    /// Its documentation.
    pub docs: &'static str,
    /// Its fields; those without a name have their positions from 1.
    pub fields: Vec<FieldInfo>,
}

impl ClassInfo {
    /// What is known about a class.
    #[must_use]
    pub fn of<T: LuaUserdata>() -> ClassInfo {
        let mut info = ClassInfo {
            name: T::type_name(),
            path: std::any::type_name::<T>(),
            ..ClassInfo::default()
        };
        T::describe_class(&mut info);
        info
    }

    /// Adds a class whose members are also its own: its name, the path of its type, and what describes it.
    pub fn add_base(
        &mut self,
        name: &'static str,
        path: &'static str,
        describe: impl FnOnce(&mut ClassInfo),
    ) {
        let mut base = ClassInfo { name, path, ..ClassInfo::default() };
        describe(&mut base);
        self.bases.push(name);
        self.base_classes.push(base);
    }
}

impl Vm {
    /// What is known about the classes that have been used, by name.
    #[must_use]
    pub fn describe_classes(&self) -> Vec<ClassInfo> {
        let mut classes: Vec<ClassInfo> =
            self.read().host.classes.values().map(|class| class.info()).collect();
        classes.sort_by_key(|info| info.name);
        classes
    }

    /// What is known about the class whose table this is.
    #[must_use]
    pub fn describe_table(&self, table: Gc<Table>) -> Option<ClassInfo> {
        let raw = self.checked(Value::Table(table))?;
        let of_class = |members: *mut crate::value::userdata::Members| {
            // SAFETY: V1; the members belong to a class of the list, which keeps them.
            let own = unsafe { (*members).table };
            std::ptr::eq(own, raw.as_ptr::<Table>())
        };
        let classes = &self.read().host.classes;
        let class = classes.values().find(|class| of_class(class.members))?;
        Some(class.info())
    }
}
