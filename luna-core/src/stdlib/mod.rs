//! The standard library.

pub(crate) mod base;
pub(crate) mod chunk;
pub(crate) mod codepoint;
pub(crate) mod collector;
pub(crate) mod debug;
pub(crate) mod io;
pub(crate) mod io_error;
pub(crate) mod math;
pub(crate) mod os;
pub(crate) mod package;
pub(crate) mod pattern;
pub(crate) mod string;
pub(crate) mod table;
pub(crate) mod utf8;

#[cfg(test)]
mod tests;

use crate::dialect::library::has_function;
use crate::host::native::buffer::Buffer;
use crate::host::native::view::TableRef;
use crate::host::native::{Cx, Raise, Ret, StdFn};
use crate::value::number::Number;
use crate::value::numfmt::{FloatText, push_number};

/// From this size on a result is announced before it is built.
pub(crate) const LARGE: usize = 4096;

/// Which libraries to open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Libraries(u16);

impl Libraries {
    /// None of them.
    pub(crate) const NONE: Libraries = Libraries(0);
    /// The basic functions.
    pub(crate) const BASE: Libraries = Libraries(1);
    /// `string`, with the metatable of strings.
    pub(crate) const STRING: Libraries = Libraries(2);
    /// `table`
    pub(crate) const TABLE: Libraries = Libraries(4);
    /// `math`
    pub(crate) const MATH: Libraries = Libraries(8);
    /// `utf8`
    pub(crate) const UTF8: Libraries = Libraries(16);
    /// `os`
    pub(crate) const OS: Libraries = Libraries(32);
    /// `io`
    pub(crate) const IO: Libraries = Libraries(64);
    /// `os` and `io`
    pub(crate) const OS_IO: Libraries = Libraries(96);
    /// `package` and `require`
    pub(crate) const PACKAGE: Libraries = Libraries(128);
    /// All of them.
    pub(crate) const ALL: Libraries = Libraries(1023);
    /// `debug`
    pub(crate) const DEBUG: Libraries = Libraries(256);
    /// `coroutine`, whose natives the Vm registers.
    pub(crate) const COROUTINE: Libraries = Libraries(512);

    /// These and those.
    pub(crate) fn union(self, other: Libraries) -> Libraries {
        Libraries(self.0 | other.0)
    }

    /// Whether all of `other` are among these.
    pub(crate) fn contains(self, other: Libraries) -> bool {
        self.0 & other.0 == other.0
    }
}

/// Opens libraries: sets their globals and enters them in `package.loaded`.
pub(crate) fn open_libs(cx: &mut Cx<'_>, which: Libraries) -> Result<(), Raise> {
    let cx = &*cx;
    let loaded = loaded_table(cx)?;
    if which.contains(Libraries::BASE) {
        open_base(cx, loaded)?;
    }
    let open = |library: Libraries, name: &'static str, functions: &[(&'static str, StdFn)]| {
        if which.contains(library) {
            open_library(cx, loaded, name, functions).map(Some)
        } else {
            Ok(None)
        }
    };
    if let Some(lib) = open(Libraries::STRING, "string", string::FUNCTIONS)? {
        let meta = cx.new_table(0, string::METAMETHODS.len() + 1);
        meta.set_name(cx, "__index", lib.val())?;
        for &(name, function) in string::METAMETHODS {
            meta.set_name(cx, name, cx.new_native(name, function, &[]))?;
        }
        cx.set_string_metatable(meta);
    }
    open(Libraries::TABLE, "table", table::FUNCTIONS)?;
    open(Libraries::DEBUG, "debug", debug::FUNCTIONS)?;
    if which.contains(Libraries::COROUTINE) {
        loaded.set_name(cx, "coroutine", cx.globals().get_name(cx, "coroutine"))?;
    }
    if let Some(lib) = open(Libraries::MATH, "math", math::FUNCTIONS)? {
        math::open(cx, lib)?;
        let (first, second) = math::random_seeds(cx)?;
        let generator = math::random::Random::new(first.cast_unsigned(), second.cast_unsigned());
        cx.set_random_state(generator.state());
    }
    if let Some(lib) = open(Libraries::UTF8, "utf8", utf8::FUNCTIONS)? {
        utf8::open(cx, lib)?;
    }
    open(Libraries::OS, "os", os::FUNCTIONS)?;
    if let Some(lib) = open(Libraries::IO, "io", io::FUNCTIONS)? {
        io::open(cx, lib)?;
    }
    if let Some(lib) = open(Libraries::PACKAGE, "package", package::FUNCTIONS)? {
        package::open(cx, lib)?;
    }
    for name in ["coroutine", "debug"] {
        let library = cx.globals().get_name(cx, name);
        if library.as_table().is_some() {
            loaded.set_name(cx, name, library)?;
        }
    }
    Ok(())
}

/// `package.loaded`, made if it is not there.
pub(crate) fn loaded_table<'c>(cx: &'c Cx<'_>) -> Result<TableRef<'c>, Raise> {
    registry_table(cx, "_LOADED")
}

/// A table in the registry, made if it is not there.
pub(crate) fn registry_table<'c>(cx: &'c Cx<'_>, name: &str) -> Result<TableRef<'c>, Raise> {
    if let Some(table) = cx.registry().get_name(cx, name).as_table() {
        return Ok(table);
    }
    let table = cx.new_table(0, 0);
    cx.registry().set_name(cx, name, table.val())?;
    Ok(table)
}

/// Stores the functions of a library that the dialect has.
fn set_functions(
    cx: &Cx<'_>,
    table: TableRef<'_>,
    library: &str,
    functions: &[(&'static str, StdFn)],
) -> Result<(), Raise> {
    for &(name, function) in functions {
        if has_function(cx.rules().version, library, name) {
            table.set_name(cx, name, cx.new_native(name, function, &[]))?;
        }
    }
    Ok(())
}

/// Makes a library's table, sets the global and the entry in `package.loaded`.
fn open_library<'c>(
    cx: &'c Cx<'_>,
    loaded: TableRef<'_>,
    name: &'static str,
    functions: &[(&'static str, StdFn)],
) -> Result<TableRef<'c>, Raise> {
    // With room to spare, names of functions are found where they hash to more often.
    let table = cx.new_table(0, functions.len() + functions.len() / 2);
    set_functions(cx, table, name, functions)?;
    cx.globals().set_name(cx, name, table.val())?;
    loaded.set_name(cx, name, table.val())?;
    Ok(table)
}

/// Opens the basic functions.
fn open_base(cx: &Cx<'_>, loaded: TableRef<'_>) -> Result<(), Raise> {
    let globals = cx.globals();
    set_functions(cx, globals, "_G", base::FUNCTIONS)?;
    let next = globals.get_name(cx, "next");
    globals.set_name(cx, "pairs", cx.new_native("pairs", base::pairs, &[next]))?;
    let step = cx.new_native("ipairs_aux", base::ipairs_step, &[]);
    globals.set_name(cx, "ipairs", cx.new_native("ipairs", base::ipairs, &[step]))?;
    globals.set_name(cx, "_G", globals.val())?;
    globals.set_name(cx, "_VERSION", cx.str(cx.rules().version_name.as_bytes()))?;
    loaded.set_name(cx, "_G", globals.val())
}

/// Appends a number as the dialect writes it.
pub(crate) fn push_number_text(cx: &Cx<'_>, n: Number, out: &mut Vec<u8>) {
    let style =
        if cx.rules().float_round_trip { FloatText::RoundTrip } else { FloatText::Digits14 };
    push_number(n, style, out);
}

/// A copy of a string argument, charged while it lives.
pub(crate) fn text(cx: &mut Cx<'_>, i: usize) -> Result<Buffer, Raise> {
    let (mut copy, size) = (cx.buffer(), cx.check_str(i)?.len());
    copy.write(cx, size, |cx, copy| {
        copy.extend_from_slice(cx.check_str(i)?);
        Ok(())
    })?;
    Ok(copy)
}

/// As [`text`]; `None` without the argument.
pub(crate) fn optional_text(cx: &mut Cx<'_>, i: usize) -> Result<Option<Buffer>, Raise> {
    if cx.opt_str(i)?.is_none() { Ok(None) } else { text(cx, i).map(Some) }
}

/// An empty buffer with room for `size` bytes, which the limits allow.
pub(crate) fn buffer(cx: &mut Cx<'_>, size: usize) -> Result<Vec<u8>, Raise> {
    if size >= LARGE {
        cx.reserve(size)?;
    }
    let mut out = Vec::new();
    match out.try_reserve_exact(size) {
        Ok(()) => Ok(out),
        Err(_) => Err(cx.out_of_memory()),
    }
}

/// Answers a string.
pub(crate) fn ret_bytes(cx: &mut Cx<'_>, bytes: &[u8]) -> Result<Ret, Raise> {
    if bytes.len() >= LARGE {
        cx.reserve(bytes.len())?;
    }
    Ok(cx.ret(cx.str(bytes)))
}
