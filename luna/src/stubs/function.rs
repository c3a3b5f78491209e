//! Parameters and results of functions.

use luna_core::vm::{ClassInfo, FunctionInfo, ParamInfo};

use super::lua_type::{Returned, Types};
use super::names;
use super::rust_type::RustType;

/// A parameter.
#[derive(Clone, Debug)]
pub(super) struct Param {
    /// Its name; `...` for all further arguments.
    pub(super) name: String,
    /// It may be left out.
    pub(super) optional: bool,
    /// Its type, without nil.
    pub(super) ty: String,
    /// What is said about it.
    pub(super) note: String,
}

/// What is called, and what it gives.
#[derive(Clone, Debug)]
pub(super) struct Signature {
    /// Its parameters.
    pub(super) params: Vec<Param>,
    /// Its results.
    pub(super) results: Vec<Returned>,
}

impl Param {
    /// As in a function's type: `name?: type`.
    fn inline(&self) -> String {
        format!("{}{}: {}", self.name, if self.optional { "?" } else { "" }, self.ty)
    }
}

impl Signature {
    /// That of a function that derives describe.
    pub(super) fn of(types: &Types, function: &FunctionInfo) -> Signature {
        let last = function.params.len().saturating_sub(1);
        let param = |(at, info): (usize, &ParamInfo)| {
            if function.variadic && at == last {
                return further(types.element(info.ty));
            }
            param(types, info.name, at, &RustType::parse(info.ty), info.default)
        };
        let mut params: Vec<Param> = function.params.iter().enumerate().map(param).collect();
        if function.named {
            let optional = params.iter().all(|param| param.optional);
            // The names of fields need not be those of parameters.
            for (param, info) in params.iter_mut().zip(function.params) {
                param.name = names::field(info.name);
            }
            let fields: Vec<String> = params.iter().map(Param::inline).collect();
            let ty = format!("{{ {} }}", fields.join(", "));
            params =
                vec![Param { name: "arguments".to_owned(), optional, ty, note: String::new() }];
        }
        Signature { params, results: types.results(function.result, function.nil_err) }
    }

    /// That of a function whose type is given as text.
    pub(super) fn parse(types: &Types, text: &str) -> Signature {
        let RustType::Function(params, result) = RustType::parse(text) else {
            return Signature { params: vec![further("any".to_owned())], results: Vec::new() };
        };
        let params = params
            .iter()
            .enumerate()
            .map(|(at, (name, ty))| param(types, name, at, ty, None))
            .collect();
        Signature { params, results: types.results_of(&result) }
    }

    /// That of the function which makes a class's objects.
    pub(super) fn constructor(types: &Types, class: &ClassInfo) -> Option<Signature> {
        let new = class.functions.iter().find(|function| function.name == "new")?;
        Some(Signature::of(types, new))
    }

    /// The names of the parameters, with commas.
    pub(super) fn names(&self) -> String {
        self.params.iter().map(|param| &*param.name).collect::<Vec<&str>>().join(", ")
    }

    /// The function's type.
    pub(super) fn inline(&self) -> String {
        let params: Vec<String> = self.params.iter().map(Param::inline).collect();
        let results: Vec<&str> = self.results.iter().map(|result| &*result.ty).collect();
        let results =
            if results.is_empty() { String::new() } else { format!(": {}", results.join(", ")) };
        format!("fun({}){results}", params.join(", "))
    }
}

/// All further arguments.
fn further(ty: String) -> Param {
    Param { name: "...".to_owned(), optional: false, ty, note: String::new() }
}

/// A parameter.
fn param(
    types: &Types,
    name: &str,
    at: usize,
    rust: &RustType<'_>,
    default: Option<&str>,
) -> Param {
    if let RustType::Named("Variadic" | "Varargs", _) = rust {
        return further(types.value(rust));
    }
    let ty = types.value(rust);
    let optional = default.is_some() || matches!(rust, RustType::Named("Option", _));
    let ty = ty.strip_suffix('?').filter(|_| optional).map_or(ty.clone(), str::to_owned);
    let note = default.map_or_else(String::new, |default| format!("Default: `{default}`."));
    Param { name: names::param(name, at), optional, ty, note }
}
