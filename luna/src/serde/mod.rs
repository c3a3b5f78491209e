//! The bridge to serde: Rust values to Lua values and back, and config files.
//!
//! | Rust | Lua |
//! |---|---|
//! | integers | integer; beyond `i64` an error, or a string of digits if asked for |
//! | floats | float; reading, integers with an exact float value pass, and whole floats pass as integers |
//! | `bool`, `char`, strings, bytes | boolean, string |
//! | sequences, tuples | sequence: the keys `1..=n` and nothing else |
//! | structs | table with the fields' names as keys; a field that is `None` is absent |
//! | maps | table with whatever keys |
//! | `None` in a sequence or map, `()` | [`Lua::null`] |
//! | `enum E { A, B(T), C { .. } }` | `"A"`, `{ B = .. }`, `{ C = { .. } }`; the other representations as serde derives them |
//!
//! An empty table is whatever the target wants; where serde asks what it is (untagged and internally tagged enums, `flatten`), what Rust made
//! keeps its shape, and any other is a sequence.
//!
//! Nothing is lost silently: a table with other keys than a sequence has is no sequence, and two Rust keys that Lua would take for one are
//! an error. Errors name the path: `at config.servers[3].port: expected u16, got string "x"`.

mod de;
mod error;
mod handles;
mod options;
mod ser;
mod source;
mod taken;
mod values;

use std::path::Path;

use luna_core::Vm;
use luna_core::frontend::{FieldKey, field_lines};
use luna_core::runtime::Value as RawValue;
use luna_core::vm::{Made, Maker};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Error, Result};
use crate::value::Value;
use crate::{IntoLua, Lua};

use de::Reader;
pub use de::ValueReader;
pub use error::Problem;
use error::Step;
pub use handles::Serializable;
pub use options::{DeserializeOptions, Formless, SerializeOptions};
use ser::Ser;
pub use source::to_source;
use values::Values;

impl Lua {
    /// What stands for `None` and `()` where Lua's nil cannot: inside sequences, as the value of a map.
    #[must_use]
    pub fn null(&self) -> Value {
        Value::LightUserdata(std::ptr::null())
    }

    /// A Lua value from a Rust one.
    ///
    /// ```
    /// use luna::{Lua, Table};
    /// use serde::Serialize;
    ///
    /// #[derive(Serialize)]
    /// struct Server { host: String, ports: Vec<u16> }
    ///
    /// # fn main() -> luna::Result<()> {
    /// let lua = Lua::new();
    /// let server = Server { host: "localhost".into(), ports: vec![80, 443] };
    /// lua.globals().set("server", lua.to_value(&server)?)?;
    /// let text: String = lua.load("return server.host .. ':' .. server.ports[2]").eval()?;
    /// assert_eq!(text, "localhost:443");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// An integer beyond Lua's, or what the value's own code says.
    pub fn to_value<T: Serialize + ?Sized>(&self, value: &T) -> Result<Value> {
        self.to_value_with(value, SerializeOptions::default())
    }

    /// As [`Lua::to_value`], with options.
    ///
    /// # Errors
    /// As [`Lua::to_value`].
    pub fn to_value_with<T: Serialize + ?Sized>(
        &self,
        value: &T,
        options: SerializeOptions,
    ) -> Result<Value> {
        self.with(|vm| {
            // What a host makes in a loop must not pile up until Lua runs.
            vm.collect_if_due();
            let made = vm.make(|maker| {
                let values = Values::new(&mut *maker, options);
                let made = value.serialize(&mut Ser::new(values, options.max_depth));
                made.map(|made| maker.value(made))
            });
            let raw = made.map_err(|problem| Error::new(problem.text(None)))?;
            Ok(Value::new(vm, raw))
        })?
    }

    /// A Rust value from a Lua one. It owns what it is made of; for a type that borrows, such as one with `&str` fields, there is
    /// [`Lua::with_value`].
    ///
    /// ```
    /// use luna::{Lua, Table};
    /// use serde::Deserialize;
    ///
    /// #[derive(Deserialize)]
    /// struct Server { host: String, ports: Vec<u16> }
    ///
    /// # fn main() -> luna::Result<()> {
    /// let lua = Lua::new();
    /// let table: Table = lua.load("return { host = 'localhost', ports = { 80, 443 } }").eval()?;
    /// let server: Server = lua.from_value(table)?;
    /// assert_eq!(server.ports, [80, 443]);
    ///
    /// let table: Table = lua.load("return { host = 'localhost', ports = { 80, 'x' } }").eval()?;
    /// let error = lua.from_value::<Server>(table).err().unwrap();
    /// assert_eq!(error.message(), "at ports[2]: expected u16, got string \"x\"");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// What does not fit, and the path to it.
    pub fn from_value<T: DeserializeOwned>(&self, value: impl IntoLua) -> Result<T> {
        self.from_value_with(value, &DeserializeOptions::default())
    }

    /// As [`Lua::from_value`], with options.
    ///
    /// # Errors
    /// As [`Lua::from_value`].
    pub fn from_value_with<T: DeserializeOwned>(
        &self,
        value: impl IntoLua,
        options: &DeserializeOptions,
    ) -> Result<T> {
        self.try_with(|vm| {
            let raw = value.try_into_value(vm)?;
            Ok(read(vm, raw, options)
                .map_err(|problem| Error::new(problem.text(options.root.as_deref()))))
        })?
    }

    /// Reads a Lua value with a deserializer, whose strings may be borrowed: `&str`, `&[u8]` and `Cow` targets point into Lua's memory for as
    /// long as `read` runs. The state is busy meanwhile.
    ///
    /// ```
    /// use luna::{Lua, Table};
    /// use serde::Deserialize;
    ///
    /// #[derive(Deserialize)]
    /// struct Server<'a> { host: &'a str, port: u16 }
    ///
    /// # fn main() -> luna::Result<()> {
    /// let lua = Lua::new();
    /// let table: Table = lua.load("return { host = 'localhost', port = 80 }").eval()?;
    /// let shown = lua.with_value(&table, |value| {
    ///     let server = Server::deserialize(value)?;
    ///     Ok(format!("{}:{}", server.host, server.port))
    /// })?;
    /// assert_eq!(shown, "localhost:80");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// What does not fit, and the path to it; or the error that `read` returned.
    pub fn with_value<R>(
        &self,
        value: impl IntoLua,
        read: impl FnOnce(ValueReader<'_, '_>) -> std::result::Result<R, Problem>,
    ) -> Result<R> {
        self.try_with(|vm| {
            let raw = value.try_into_value(vm)?;
            let Some(value) = vm.look_at(raw) else { return Ok(Err(Error::new(STALE))) };
            let reader = Reader::new(vm, &DeserializeOptions::default());
            Ok(read(reader.value(value)).map_err(|problem| Error::new(problem.text(None))))
        })?
    }

    /// A Rust value from a file that returns a table.
    ///
    /// The file is Lua, so it may compute; it sees the globals and `null`, and what it defines stays its own. Errors name file, line and path:
    /// `config.lua:4: at config.servers[3].port: expected u16, got string "x"`.
    ///
    /// # Errors
    /// The file cannot be read, does not compile, raises, or does not fit.
    pub fn load_config<T: DeserializeOwned>(&self, path: impl AsRef<Path>) -> Result<T> {
        let path = path.as_ref();
        let shown = path.display().to_string();
        let source =
            std::fs::read(path).map_err(|e| Error::new(format!("cannot read {shown}: {e}")))?;
        self.load_config_from(&source, &shown)
    }

    /// As [`Lua::load_config`], from text that messages call `name`.
    ///
    /// ```
    /// use luna::Lua;
    /// use serde::Deserialize;
    ///
    /// #[derive(Debug, Deserialize)]
    /// struct Config { size: u8 }
    ///
    /// let lua = Lua::new();
    /// let config: Config = lua.load_config_from(b"return { size = 3 }", "config.lua").unwrap();
    /// assert_eq!(config.size, 3);
    /// let error = lua.load_config_from::<Config>(b"return {\n  size = 300\n}", "config.lua").unwrap_err();
    /// assert_eq!(error.message(), "config.lua:2: at config.size: expected u8, got integer 300");
    /// ```
    ///
    /// # Errors
    /// As [`Lua::load_config`].
    pub fn load_config_from<T: DeserializeOwned>(&self, source: &[u8], name: &str) -> Result<T> {
        let root = Path::new(name).file_stem().map(|stem| stem.to_string_lossy().into_owned());
        let env = self.create_table()?;
        let inherit = self.create_table()?;
        inherit.set("__index", self.globals())?;
        env.set("null", self.null())?;
        env.set_metatable(Some(&inherit))?;
        let chunk = self.load(without_first_line(source)).name(format!("@{name}")).env(&env);
        let value: Value = chunk.eval()?;
        self.try_with(|vm| {
            let raw = value.try_into_value(vm)?;
            let version = vm.version();
            Ok(read(vm, raw, &DeserializeOptions::default()).map_err(|problem| {
                let place =
                    match line_of(&problem, &field_lines(without_first_line(source), version)) {
                        Some(line) => format!("{name}:{line}"),
                        None => name.to_owned(),
                    };
                if raw.is_nil() {
                    return Error::new(format!(
                        "{name}: it returns nothing: write `return {{ .. }}`"
                    ));
                }
                Error::new(format!("{place}: {}", problem.text(root.as_deref())))
            }))
        })?
    }
}

/// Source as a file has it: a byte order mark is skipped, and a first line that starts with `#` is empty.
fn without_first_line(source: &[u8]) -> &[u8] {
    let source = source.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(source);
    if source.first() != Some(&b'#') {
        return source;
    }
    let end = source.iter().position(|byte| *byte == b'\n').unwrap_or(source.len());
    &source[end..]
}

/// The error of a value that is no longer there.
const STALE: &str = "the value is stale";

/// Reads a value.
fn read<T: DeserializeOwned>(
    vm: &Vm,
    value: RawValue,
    options: &DeserializeOptions,
) -> std::result::Result<T, Problem> {
    let Some(value) = vm.look_at(value) else { return Err(Problem::new(STALE)) };
    let reader = Reader::new(vm, options);
    T::deserialize(reader.value(value))
}

/// Reads a value as the conversions of derived types do; what does not fit, in words.
pub(crate) fn read_from<T: DeserializeOwned>(
    vm: &Vm,
    value: RawValue,
) -> std::result::Result<T, String> {
    read(vm, value, &DeserializeOptions::default()).map_err(|problem| problem.text(None))
}

/// Makes a value of a type's data, as [`Lua::to_value`] does; what does not fit, in words.
pub(crate) fn make_data<'id, T: Serialize>(
    value: &T,
    maker: &mut Maker<'id>,
) -> std::result::Result<Made<'id>, String> {
    let options = SerializeOptions::default();
    let made = value.serialize(&mut Ser::new(Values::new(maker, options), options.max_depth));
    made.map_err(|problem| problem.text(None))
}

/// The line of the field that a problem is about, or of the innermost one around it that the source shows.
fn line_of(problem: &Problem, lines: &[(Vec<FieldKey>, u32)]) -> Option<u32> {
    let mut path = Vec::new();
    for step in problem.path() {
        path.push(match step {
            Step::Name(name) => FieldKey::Name(name.as_bytes().into()),
            Step::Index(index) => FieldKey::Index(*index),
            Step::Other(_) => break,
        });
    }
    while !path.is_empty() {
        // What is written last for a key is what counts.
        if let Some((_, line)) = lines.iter().rev().find(|(at, _)| *at == path) {
            return Some(*line);
        }
        path.pop();
    }
    None
}
