//! What the source of a class says about it, for tools that write it down.

use super::LuaUserdata;
use super::methods::MetaMethod;
use crate::host::vm::Vm;

/// A class: names and types as they are written in Rust.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClassInfo {
    /// Its name.
    pub name: &'static str,
    /// Its documentation, a line for each of the source.
    pub docs: &'static str,
    /// Names of the classes whose members are also its own.
    pub bases: Vec<&'static str>,
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParamInfo {
    /// Its name; empty if it has none.
    pub name: &'static str,
    /// Its type.
    pub ty: &'static str,
    /// What nil stands for, as it is written.
    pub default: Option<&'static str>,
}

/// An operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OperatorInfo {
    /// The event.
    pub event: MetaMethod,
    /// The types on its right.
    pub operands: &'static [&'static str],
    /// The types on its left, with the class on its right.
    pub reversed: &'static [&'static str],
}

impl ClassInfo {
    /// What is known about a class.
    #[must_use]
    pub fn of<T: LuaUserdata>() -> ClassInfo {
        let mut info = ClassInfo { name: T::type_name(), ..ClassInfo::default() };
        T::describe_class(&mut info);
        info
    }
}

impl Vm {
    /// What is known about the classes that have been used, by name.
    #[must_use]
    pub fn describe_classes(&self) -> Vec<ClassInfo> {
        let mut classes: Vec<ClassInfo> =
            self.read().host.classes.values().map(|class| (class.describe)()).collect();
        classes.sort_by_key(|info| info.name);
        classes
    }
}
