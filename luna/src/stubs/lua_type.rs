//! What Rust types are to Lua, in the language of annotations.

use std::collections::BTreeMap;

use super::names;
use super::rust_type::RustType;

/// The types a text may name.
#[derive(Clone, Debug, Default)]
pub(super) struct Types {
    /// Names in Lua, by Rust types without paths.
    known: BTreeMap<String, String>,
    /// What `Self` is; empty outside a class.
    this: String,
}

/// A result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Returned {
    /// Its type.
    pub(super) ty: String,
    /// There may be any number of it.
    pub(super) many: bool,
}

impl Types {
    /// Makes a type known by its path in Rust and its name in Lua.
    pub(super) fn add(&mut self, path: &str, name: &str) {
        let simple = RustType::parse(path).simple();
        if let Some((rust, _)) = simple.split_once('<') {
            // A type with parameters may be written without them, as inside its own block.
            self.known.entry(rust.to_owned()).or_insert_with(|| name.to_owned());
        }
        self.known.insert(simple, name.to_owned());
        self.known.entry(name.to_owned()).or_insert_with(|| name.to_owned());
    }

    /// The same types within a class.
    pub(super) fn within(&self, class: &str) -> Types {
        Types { known: self.known.clone(), this: class.to_owned() }
    }

    /// One value of a type that is written in Rust.
    pub(super) fn text(&self, rust: &str) -> String {
        self.value(&RustType::parse(rust))
    }

    /// The elements of a list that takes all further arguments.
    pub(super) fn element(&self, rust: &str) -> String {
        match RustType::parse(rust) {
            RustType::Slice(element) | RustType::Array(element) => self.value(&element),
            RustType::Named(_, given) => self.first(&given),
            _ => "any".to_owned(),
        }
    }

    /// The results of a function.
    pub(super) fn results(&self, rust: &str, nil_err: bool) -> Vec<Returned> {
        if rust.is_empty() {
            return Vec::new();
        }
        let mut results = self.results_of(&RustType::parse(rust));
        if nil_err {
            if results.is_empty() {
                results.push(Returned { ty: "nil".to_owned(), many: false });
            }
            for result in &mut results {
                result.ty = optional(&result.ty);
            }
            results.truncate(1);
            results.push(Returned { ty: "string?".to_owned(), many: false });
        }
        results
    }

    /// The results that a type stands for.
    pub(super) fn results_of(&self, ty: &RustType<'_>) -> Vec<Returned> {
        let mut results = Vec::new();
        self.add_results(ty, false, &mut results);
        results
    }

    /// Adds what a type is as result.
    fn add_results(&self, ty: &RustType<'_>, may_be_nil: bool, to: &mut Vec<Returned>) {
        let nothing = RustType::Tuple(Vec::new());
        match ty {
            RustType::Named("Result", given) => {
                self.add_results(given.first().unwrap_or(&nothing), may_be_nil, to);
            }
            RustType::Named("Option", given) => {
                self.add_results(given.first().unwrap_or(&nothing), true, to);
            }
            RustType::Named("Variadic" | "Varargs", given) => {
                to.push(Returned { ty: self.first(given), many: true });
            }
            RustType::Tuple(parts) => {
                parts.iter().for_each(|part| self.add_results(part, may_be_nil, to));
            }
            ty => {
                let ty = self.value(ty);
                let ty = if may_be_nil { optional(&ty) } else { ty };
                to.push(Returned { ty, many: false });
            }
        }
    }

    /// The first type that another is given.
    fn first(&self, given: &[RustType<'_>]) -> String {
        given.first().map_or_else(|| "any".to_owned(), |ty| self.value(ty))
    }

    /// One value of a type.
    pub(super) fn value(&self, ty: &RustType<'_>) -> String {
        match ty {
            RustType::Named(name, given) => {
                let known = self.known.get(&ty.simple());
                if let Some(known) = known {
                    return known.clone();
                }
                if *name == "Self" && !self.this.is_empty() {
                    return self.this.clone();
                }
                self.named(name, given)
            }
            RustType::Slice(element) | RustType::Array(element) => self.list(element),
            RustType::Tuple(parts) if parts.is_empty() => "nil".to_owned(),
            RustType::Function(params, result) => self.function(params, result),
            RustType::Tuple(_) | RustType::Unknown => "any".to_owned(),
        }
    }

    /// A type that Rust or luna brings.
    fn named(&self, name: &str, given: &[RustType<'_>]) -> String {
        let text = match name {
            "i8" | "i16" | "i32" | "i64" | "i128" | "isize" | "u8" | "u16" | "u32" | "u64"
            | "u128" | "usize" => "integer",
            "f32" | "f64" => "number",
            "bool" => "boolean",
            "String" | "str" | "char" | "Path" | "PathBuf" | "OsStr" | "OsString" | "CStr"
            | "CString" | "LuaString" => "string",
            "Function" => "function",
            "Table" => "table",
            "AnyUserdata" => "userdata",
            "Coroutine" => "thread",
            "Option" => return optional(&self.first(given)),
            "Vec" | "VecDeque" => {
                return given.first().map_or_else(|| "any[]".to_owned(), |ty| self.list(ty));
            }
            "HashSet" | "BTreeSet" => return format!("table<{}, true>", self.first(given)),
            "HashMap" | "BTreeMap" => {
                let value = given.get(1).map_or_else(|| "any".to_owned(), |ty| self.value(ty));
                return format!("table<{}, {value}>", self.first(given));
            }
            "Box" | "Rc" | "Arc" | "Cow" | "Ud" | "Userdata" | "UserdataRef" | "UserdataRefMut"
            | "Foreign" | "Lent" | "Traced" | "Weak" | "Result" | "Variadic" | "Varargs" => {
                return self.first(given);
            }
            _ => match self.known.get(name) {
                Some(known) => known,
                None => "any",
            },
        };
        text.to_owned()
    }

    /// A list; bytes are a string.
    fn list(&self, element: &RustType<'_>) -> String {
        if *element == RustType::Named("u8", Vec::new()) {
            return "string".to_owned();
        }
        let element = self.value(element);
        if is_compound(&element) { format!("({element})[]") } else { format!("{element}[]") }
    }

    /// A function.
    fn function(&self, params: &[(&str, RustType<'_>)], result: &RustType<'_>) -> String {
        let params: Vec<String> = params
            .iter()
            .enumerate()
            .map(|(i, (name, ty))| format!("{}: {}", names::param(name, i), self.value(ty)))
            .collect();
        let results: Vec<String> =
            self.results_of(result).into_iter().map(|result| result.ty).collect();
        let results =
            if results.is_empty() { String::new() } else { format!(": {}", results.join(", ")) };
        format!("fun({}){results}", params.join(", "))
    }
}

/// Whether a type needs parentheses before something is added to it.
fn is_compound(ty: &str) -> bool {
    ty.contains('|') || ty.ends_with('?') || ty.starts_with("fun(")
}

/// A type, or nil.
fn optional(ty: &str) -> String {
    match ty {
        "any" | "nil" => ty.to_owned(),
        ty if ty.ends_with('?') => ty.to_owned(),
        ty if is_compound(ty) => format!("({ty})?"),
        ty => format!("{ty}?"),
    }
}

#[cfg(test)]
mod tests {
    use super::Types;

    #[test]
    fn types_are_those_of_lua() {
        let mut types = Types::default();
        types.add("game::Soldier", "Unit");
        types.add("game::Vec2<f64>", "Vec2d");
        let types = types.within("Unit");
        for (rust, lua) in [
            ("u8", "integer"),
            ("&str", "string"),
            ("&[u8]", "string"),
            ("Option<Vec<Option<f32>>>", "(number?)[]?"),
            ("Option<Option<Value>>", "any"),
            ("[bool; 2]", "boolean[]"),
            ("HashMap<String, &Soldier>", "table<string, Unit>"),
            ("BTreeSet<i64>", "table<integer, true>"),
            ("Rc<Self>", "Unit"),
            ("Vec2<f64>", "Vec2d"),
            ("Vec2<f32>", "Vec2d"),
            (
                "Vec<fn(a: &Soldier, end: u8) -> (bool, Option<f64>)>",
                "(fun(a: Unit, end_: integer): boolean, number?)[]",
            ),
            ("Unheard", "any"),
            ("()", "nil"),
        ] {
            assert_eq!(types.text(rust), lua, "{rust}");
        }
        let results = |rust: &str, nil_err| {
            let results = types.results(rust, nil_err).into_iter();
            results.map(|r| r.ty + if r.many { " ..." } else { "" }).collect::<Vec<_>>().join(", ")
        };
        assert_eq!(results("", false), "");
        assert_eq!(results("()", false), "");
        assert_eq!(results("Result<(), String>", false), "");
        assert_eq!(results("luna::Result<(Self, Option<u8>)>", false), "Unit, integer?");
        assert_eq!(results("Option<(u8, bool)>", false), "integer?, boolean?");
        assert_eq!(results("Result<Vec<u8>, String>", true), "string?, string?");
        assert_eq!(results("(bool, Variadic<String>)", false), "boolean, string ...");
    }
}
