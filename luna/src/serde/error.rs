//! What a conversion stumbled over, and the path to it.

use std::fmt::{self, Display, Write};

use luna_core::vm::Look;
use serde::de::{Expected, Unexpected};

use crate::keys::is_identifier;

/// A step on the way to a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A string key.
    Name(String),
    /// An integer key.
    Index(i64),
    /// Any other key, as it shows.
    Other(String),
}

impl Step {
    /// The step that a key is.
    #[cold]
    pub(super) fn of(key: Look<'_>) -> Step {
        match key {
            Look::Int(n) => Step::Index(n),
            Look::Float(x) => Step::Other(format!("{x:?}")),
            Look::Bool(b) => Step::Other(b.to_string()),
            Look::Str(bytes) => Step::Name(String::from_utf8_lossy(bytes).into_owned()),
            Look::Nil => Step::Other("nil".to_owned()),
            Look::Table(_) => Step::Other("table".to_owned()),
            Look::Light(_) => Step::Other("userdata".to_owned()),
            Look::Other => Step::Other("object".to_owned()),
        }
    }
}

/// What does not fit in a conversion, and the path to it.
#[derive(Debug)]
pub struct Problem(Box<Parts>);

/// The parts of a [`Problem`].
#[derive(Debug)]
struct Parts {
    message: String,
    /// Innermost step first.
    steps: Vec<Step>,
    /// The key in the table at hand that it is about.
    key: Option<Step>,
}

impl Problem {
    /// A problem with the value at hand.
    #[cold]
    pub(super) fn new(message: impl Into<String>) -> Problem {
        Problem(Box::new(Parts { message: message.into(), steps: Vec::new(), key: None }))
    }

    /// The same, seen from the table in which `step` leads to it.
    #[cold]
    pub(super) fn at(mut self, step: Step) -> Problem {
        self.0.steps.push(step);
        self
    }

    /// The same, about a key of the table at hand.
    #[cold]
    pub(super) fn about(mut self, key: Step) -> Problem {
        self.0.key = Some(key);
        self
    }

    /// The steps from the outermost value on to what the problem is about.
    pub(super) fn path(&self) -> impl Iterator<Item = &Step> {
        self.0.steps.iter().rev().chain(&self.0.key)
    }

    /// The text, with the path told from the value that is called `root`.
    pub(super) fn text(&self, root: Option<&str>) -> String {
        let mut place = root.unwrap_or_default().to_owned();
        for step in self.0.steps.iter().rev() {
            push_step(&mut place, step);
        }
        if place.is_empty() {
            return self.0.message.clone();
        }
        format!("at {place}: {}", self.0.message)
    }
}

/// Adds a step as Lua would write it.
pub(super) fn push_step(place: &mut String, step: &Step) {
    // Writing to a string cannot fail.
    let _ = match step {
        Step::Name(name) if is_identifier(name) => {
            let dot = if place.is_empty() { "" } else { "." };
            write!(place, "{dot}{name}")
        }
        Step::Name(name) => write!(place, "[{name:?}]"),
        Step::Index(index) => write!(place, "[{index}]"),
        Step::Other(text) => write!(place, "[{text}]"),
    };
}

impl Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(None))
    }
}

impl std::error::Error for Problem {}

impl serde::ser::Error for Problem {
    fn custom<T: Display>(message: T) -> Problem {
        Problem::new(message.to_string())
    }
}

/// What a value is, as messages show it.
fn describe(value: &Unexpected<'_>) -> String {
    match value {
        Unexpected::Bool(b) => format!("boolean {b}"),
        Unexpected::Unsigned(n) => format!("integer {n}"),
        Unexpected::Signed(n) => format!("integer {n}"),
        Unexpected::Float(x) => format!("number {x:?}"),
        Unexpected::Char(c) => format!("string {:?}", c.to_string()),
        Unexpected::Str(s) if s.chars().count() > MAX_SHOWN => {
            format!("string {:?}...", s.chars().take(MAX_SHOWN).collect::<String>())
        }
        Unexpected::Str(s) => format!("string {s:?}"),
        Unexpected::Bytes(_) => "a string that is not UTF-8".to_owned(),
        Unexpected::Unit | Unexpected::Option => "nil".to_owned(),
        Unexpected::Map | Unexpected::NewtypeStruct | Unexpected::StructVariant => {
            "a table".to_owned()
        }
        Unexpected::Seq | Unexpected::TupleVariant => "a sequence".to_owned(),
        other => other.to_string(),
    }
}

/// Characters of a string that a message shows.
const MAX_SHOWN: usize = 40;

/// ` (did you mean 'x'?)`, or what there is to choose from.
fn suggestion(name: &str, known: &[&str]) -> String {
    let near = luna_core::did_you_mean(name, known);
    if !near.is_empty() {
        return near;
    }
    match known {
        [] => String::new(),
        [one] => format!(", expected '{one}'"),
        many => format!(", expected one of '{}'", many.join("', '")),
    }
}

impl serde::de::Error for Problem {
    fn custom<T: Display>(message: T) -> Problem {
        Problem::new(message.to_string())
    }

    fn invalid_type(got: Unexpected<'_>, expected: &dyn Expected) -> Problem {
        Problem::new(format!("expected {expected}, got {}", describe(&got)))
    }

    fn invalid_value(got: Unexpected<'_>, expected: &dyn Expected) -> Problem {
        Self::invalid_type(got, expected)
    }

    fn invalid_length(count: usize, expected: &dyn Expected) -> Problem {
        Problem::new(format!("expected {expected}, got {count} elements"))
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Problem {
        Problem::new(format!("unknown variant '{variant}'{}", suggestion(variant, expected)))
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Problem {
        Problem::new(format!("unknown field '{field}'{}", suggestion(field, expected)))
    }

    fn missing_field(field: &'static str) -> Problem {
        Problem::new(format!("missing field '{field}'"))
    }

    fn duplicate_field(field: &'static str) -> Problem {
        Problem::new(format!("field '{field}' is given twice"))
    }
}
