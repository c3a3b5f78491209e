//! The io library.

mod file;
mod read;
mod stream;

use std::io;

use super::{io_error, os};
use crate::host::native::view::{Kind, TableRef, Val};
use crate::host::native::{Cx, Raise, Ret, StdFn};
use stream::{Raw, Stream};

/// The functions of the library.
pub(crate) const FUNCTIONS: &[(&str, StdFn)] = &[
    ("close", close),
    ("flush", flush),
    ("input", |cx| default_file(cx, INPUT, "r")),
    ("lines", lines),
    ("open", open_file),
    ("output", |cx| default_file(cx, OUTPUT, "w")),
    ("popen", popen),
    ("read", read),
    ("tmpfile", tmpfile),
    ("type", file_type),
    ("write", write),
];

/// Registry key of the metatable of files, also their type's name.
const FILE: &str = "FILE*";
/// Registry key of the default input.
const INPUT: &str = "_IO_input";
/// Registry key of the default output.
const OUTPUT: &str = "_IO_output";
/// Most formats of `lines`.
const MAX_FORMATS: usize = 250;

/// What a file's userdata owns; nothing once it is closed.
#[derive(Debug)]
struct Handle(Option<Stream>);

/// Sets the standard files and the metatable of files.
pub(crate) fn open(cx: &Cx<'_>, lib: TableRef<'_>) -> Result<(), Raise> {
    let meta = super::registry_table(cx, FILE)?;
    let methods = cx.new_table(0, file::METHODS.len());
    for &(name, function) in file::METHODS {
        methods.set_name(cx, name, cx.new_native(name, function, &[]))?;
    }
    meta.set_name(cx, "__index", methods.val())?;
    meta.set_name(cx, "__name", cx.str(FILE.as_bytes()))?;
    for &(name, function) in file::METAMETHODS {
        meta.set_name(cx, name, cx.new_native(name, function, &[]))?;
    }
    let standard = [
        ("stdin", Raw::Stdin, true, Some(INPUT)),
        ("stdout", Raw::Stdout, false, Some(OUTPUT)),
        ("stderr", Raw::Stderr, false, None),
    ];
    for (name, raw, readable, default) in standard {
        let file = new_file(cx, Stream::new(raw, readable, !readable))?;
        lib.set_name(cx, name, file)?;
        if let Some(key) = default {
            cx.registry().set_name(cx, key, file)?;
        }
    }
    Ok(())
}

/// A file of a stream.
fn new_file<'c>(cx: &'c Cx<'_>, stream: Stream) -> Result<Val<'c>, Raise> {
    let meta = super::registry_table(cx, FILE)?;
    Ok(cx.new_userdata(Handle(Some(stream)), meta))
}

/// Works on the open stream of the file at a position.
fn with_stream<R>(cx: &Cx<'_>, i: usize, work: impl FnOnce(&mut Stream) -> R) -> Result<R, Raise> {
    match cx.with_payload(i, |handle: &mut Handle| handle.0.as_mut().map(work)) {
        Some(Some(result)) => Ok(result),
        Some(None) => Err(cx.error_bytes(b"attempt to use a closed file")),
        None => Err(cx.type_error(i, FILE)),
    }
}

/// Pushes a default file, which has to be open; its position.
fn push_default(cx: &Cx<'_>, key: &str) -> Result<usize, Raise> {
    let at = cx.count();
    cx.push(cx.registry().get_name(cx, key))?;
    if cx.with_payload(at, |handle: &mut Handle| handle.0.is_some()) != Some(true) {
        let name = key.trim_start_matches("_IO_");
        return Err(cx.error(format_args!("default {name} file is closed")));
    }
    Ok(at)
}

/// Opens a file by the mode of C.
fn open_stream(cx: &Cx<'_>, path: &[u8], mode: &[u8]) -> io::Result<Stream> {
    let (kind, plus) = (mode.first(), mode.contains(&b'+'));
    let file = cx.io(|io| io.open(path, mode))?;
    Ok(Stream::new(Raw::File(file), kind == Some(&b'r') || plus, kind != Some(&b'r') || plus))
}

/// Writes out what the open files hold back: the process may end.
pub(crate) fn flush_all(cx: &Cx<'_>) {
    cx.for_each_payload(|handle: &mut Handle| {
        if let Some(stream) = &mut handle.0 {
            // Nobody is left to tell of a failure.
            let _ = stream.flush_own();
        }
    });
}

/// `io.open(filename [, mode])`
fn open_file(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let path = cx.check_str(0)?;
    let mode = cx.opt_str(1)?.unwrap_or(b"r");
    let rest = match mode {
        [b'r' | b'w' | b'a', b'+', rest @ ..] | [b'r' | b'w' | b'a', rest @ ..] => Some(rest),
        _ => None,
    };
    if !matches!(rest, Some([] | [b'b'])) {
        return Err(cx.arg_error(1, "invalid mode"));
    }
    match open_stream(cx, path, mode) {
        Ok(stream) => Ok(cx.ret(new_file(cx, stream)?)),
        Err(error) => os::failure(cx, &error, Some(path)),
    }
}

/// Opens a file or raises.
fn must_open(cx: &Cx<'_>, path: &[u8], mode: &str) -> Result<Stream, Raise> {
    open_stream(cx, path, mode.as_bytes()).map_err(|error| {
        if let Err(raise) = cx.raise_host_panic(&error) {
            return raise;
        }
        let reason = io_error::text(&error);
        cx.error_bytes(&[b"cannot open file '", path, b"' (", reason.as_bytes(), b")"].concat())
    })
}

/// `io.popen(prog [, mode])`
fn popen(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let command = cx.check_str(0)?;
    let mode = cx.opt_str(1)?.unwrap_or(b"r");
    let reads = match mode {
        b"r" => true,
        b"w" => false,
        _ => return Err(cx.arg_error(1, "invalid mode")),
    };
    match cx.io(|io| io.popen(command, mode)) {
        Ok(process) => Ok(cx.ret(new_file(cx, Stream::new(Raw::File(process), reads, !reads))?)),
        Err(error) => os::failure(cx, &error, Some(command)),
    }
}

/// `io.tmpfile()`
fn tmpfile(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    match cx.io(|io| io.temp_file()) {
        Ok(file) => Ok(cx.ret(new_file(cx, Stream::new(Raw::File(file), true, true))?)),
        Err(error) => os::failure(cx, &error, None),
    }
}

/// `io.type(obj)`
fn file_type(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    cx.check_any(0)?;
    let is_open = cx.with_payload(0, |handle: &mut Handle| handle.0.is_some());
    Ok(cx.ret(match is_open {
        Some(true) => cx.str(b"file"),
        Some(false) => cx.str(b"closed file"),
        None => Val::NIL,
    }))
}

/// `io.input` and `io.output`
fn default_file(cx: &mut Cx<'_>, key: &'static str, mode: &str) -> Result<Ret, Raise> {
    match cx.arg(0).kind() {
        Kind::Nil => {}
        Kind::Str(path) => {
            let file = new_file(cx, must_open(cx, path, mode)?)?;
            cx.registry().set_name(cx, key, file)?;
        }
        _ => {
            with_stream(cx, 0, |_| ())?;
            cx.registry().set_name(cx, key, cx.arg(0))?;
        }
    }
    Ok(cx.ret(cx.registry().get_name(cx, key)))
}

/// `io.close([file])`
fn close(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    if cx.nargs() == 0 {
        let at = cx.count();
        cx.push(cx.registry().get_name(cx, OUTPUT))?;
        return file::close_at(cx, at);
    }
    file::close_at(cx, 0)
}

/// `io.flush()`
fn flush(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let at = push_default(cx, OUTPUT)?;
    file::flush_at(cx, at)
}

/// `io.read(...)`
fn read(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let formats = cx.nargs();
    let at = push_default(cx, INPUT)?;
    file::read_at(cx, at, 0, formats)
}

/// `io.write(...)`
fn write(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let at = push_default(cx, OUTPUT)?;
    file::write_at(cx, at, 0)
}

/// `io.lines([filename, ...])`
fn lines(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let formats = cx.nargs().saturating_sub(1);
    let named = !cx.arg(0).is_nil();
    let at = if named {
        let path = cx.check_str(0)?;
        let stream = must_open(cx, path, "r")?;
        let at = cx.count();
        cx.push(new_file(cx, stream)?)?;
        at
    } else {
        let at = cx.count();
        cx.push(cx.registry().get_name(cx, INPUT))?;
        with_stream(cx, at, |_| ())?;
        at
    };
    let iterate = file::line_iterator(cx, at, 1, formats, named)?;
    if !named {
        return Ok(cx.ret(iterate));
    }
    let file = cx.get(at);
    cx.push(iterate)?;
    cx.push(Val::NIL)?;
    cx.push(Val::NIL)?;
    cx.push(file)?;
    Ok(cx.ret_top(4))
}
