//! Methods of files.

use std::io::SeekFrom;

use super::read::read_formats;
use super::stream::Buffering;
use super::{FILE, Handle, MAX_FORMATS, with_stream};
use crate::host::native::view::{Kind, Val};
use crate::host::native::{Cx, Raise, Ret, StdFn};
use crate::stdlib::base::invalid_option;
use crate::stdlib::{io_error, os, push_number_text};
use crate::value::number::Number;

/// The methods.
pub(super) const METHODS: &[(&str, StdFn)] = &[
    ("close", |cx| close_at(cx, 0)),
    ("flush", |cx| flush_at(cx, 0)),
    ("lines", lines),
    ("read", |cx| read_at(cx, 0, 1, cx.nargs().saturating_sub(1))),
    ("seek", seek),
    ("setvbuf", setvbuf),
    ("write", |cx| write_at(cx, 0, 1)),
];

/// The metamethods that are functions.
pub(super) const METAMETHODS: &[(&str, StdFn)] =
    &[("__close", collect), ("__gc", collect), ("__tostring", tostring)];

/// Closes a file that nobody needs any more.
fn collect(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let stream = cx.with_payload(0, |handle: &mut Handle| {
        let closable = handle.0.as_ref().is_some_and(|stream| !stream.is_standard());
        if closable { handle.0.take() } else { None }
    });
    match stream {
        Some(Some(stream)) => {
            // A failure has nobody to be told.
            let _ = stream.close(cx);
            Ok(cx.ret0())
        }
        Some(None) => Ok(cx.ret0()),
        None => Err(cx.type_error(0, FILE)),
    }
}

/// `tostring(file)`
fn tostring(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let is_open = cx.with_payload(0, |handle: &mut Handle| handle.0.is_some());
    let text = match is_open {
        Some(true) => format!("file (0x{:x})", cx.shown_address(0).unwrap_or(0)),
        Some(false) => "file (closed)".to_owned(),
        None => return Err(cx.type_error(0, FILE)),
    };
    Ok(cx.ret(cx.str(text.as_bytes())))
}

/// Closes the file at a position.
pub(super) fn close_at(cx: &mut Cx<'_>, i: usize) -> Result<Ret, Raise> {
    if with_stream(cx, i, |stream| stream.is_standard())? {
        with_stream(cx, i, |stream| stream.flush(cx).ok())?;
        cx.push(Val::NIL)?;
        cx.push(cx.str(b"cannot close standard file"))?;
        return Ok(cx.ret_top(2));
    }
    let stream = cx.with_payload(i, |handle: &mut Handle| handle.0.take()).flatten();
    match stream.map_or(Ok(None), |stream| stream.close(cx)) {
        Ok(Some(report)) => os::exit_report(cx, report),
        Ok(None) => Ok(cx.ret(Val::bool(true))),
        Err(error) => os::failure(cx, &error, None),
    }
}

/// Flushes the file at a position.
pub(super) fn flush_at(cx: &mut Cx<'_>, i: usize) -> Result<Ret, Raise> {
    match with_stream(cx, i, |stream| stream.flush(cx))? {
        Ok(()) => Ok(cx.ret(Val::bool(true))),
        Err(error) => os::failure(cx, &error, None),
    }
}

/// Reads from the file at a position by the `n` formats from argument `first` on.
pub(super) fn read_at(cx: &mut Cx<'_>, i: usize, first: usize, n: usize) -> Result<Ret, Raise> {
    with_stream(cx, i, |_| ())?;
    match read_formats(cx, i, first, n, first)? {
        Ok(n) => Ok(cx.ret_top(n)),
        Err(error) => os::failure(cx, &error, None),
    }
}

/// Writes the arguments from `first` on to the file at a position.
pub(super) fn write_at(cx: &mut Cx<'_>, i: usize, first: usize) -> Result<Ret, Raise> {
    with_stream(cx, i, |_| ())?;
    let mut written = 0;
    for arg in first..cx.nargs() {
        let mut number = Vec::new();
        let bytes = match cx.arg(arg).kind() {
            Kind::Str(text) => text,
            Kind::Int(n) => {
                push_number_text(cx, Number::Int(n), &mut number);
                &number
            }
            Kind::Float(f) => {
                push_number_text(cx, Number::Float(f), &mut number);
                if cx.rules().bare_floats_written && number.ends_with(b".0") {
                    number.truncate(number.len() - 2);
                }
                &number
            }
            _ => return Err(cx.type_error(arg, "string")),
        };
        cx.charge(bytes.len() as u64 / 16)?;
        if let Err(error) = with_stream(cx, i, |stream| stream.write(cx, bytes))? {
            if !cx.rules().failed_write_counts {
                return os::failure(cx, &error, None);
            }
            cx.raise_host_panic(&error)?;
            cx.push(Val::NIL)?;
            cx.push(cx.str(io_error::text(&error).as_bytes()))?;
            cx.push(Val::int(io_error::code(&error)))?;
            cx.push(Val::int(written))?;
            return Ok(cx.ret_top(4));
        }
        written += bytes.len() as i64;
    }
    Ok(cx.ret(cx.get(i)))
}

/// `file:seek([whence [, offset]])`
fn seek(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    with_stream(cx, 0, |_| ())?;
    let whence = cx.opt_str(1)?.unwrap_or(b"cur");
    let offset = cx.opt_int(2, 0)?;
    let to = match whence {
        b"set" => match u64::try_from(offset) {
            Ok(offset) => SeekFrom::Start(offset),
            Err(_) => return os::failure(cx, &std::io::Error::from_raw_os_error(22), None),
        },
        b"cur" => SeekFrom::Current(offset),
        b"end" => SeekFrom::End(offset),
        _ => return Err(invalid_option(cx, 1)),
    };
    match with_stream(cx, 0, |stream| stream.seek(cx, to))? {
        Ok(at) => Ok(cx.ret(Val::int(i64::try_from(at).unwrap_or(i64::MAX)))),
        Err(error) => os::failure(cx, &error, None),
    }
}

/// `file:setvbuf(mode [, size])`
fn setvbuf(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    with_stream(cx, 0, |_| ())?;
    let mode = cx.check_str(1)?;
    let buffering = match mode {
        b"no" => Buffering::No,
        b"full" => Buffering::Full,
        b"line" => Buffering::Line,
        _ => return Err(invalid_option(cx, 1)),
    };
    let size = usize::try_from(cx.opt_int(2, 1024)?).unwrap_or(0);
    with_stream(cx, 0, |stream| stream.set_buffering(cx, mode, buffering, size))?;
    Ok(cx.ret(Val::bool(true)))
}

/// `file:lines(...)`
fn lines(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    with_stream(cx, 0, |_| ())?;
    let formats = cx.nargs().saturating_sub(1);
    Ok(cx.ret(line_iterator(cx, 0, 1, formats, false)?))
}

/// A function that reads the file at a position, by the `n` formats from argument `first` on, at each call; `closes`: it closes
/// the file at its end.
pub(super) fn line_iterator<'c>(
    cx: &'c Cx<'_>,
    file: usize,
    first: usize,
    n: usize,
    closes: bool,
) -> Result<Val<'c>, Raise> {
    if n > MAX_FORMATS {
        return Err(cx.arg_error(MAX_FORMATS + 1, "too many arguments"));
    }
    let mut upvalues = vec![cx.get(file), Val::bool(closes), Val::int(n as i64)];
    upvalues.extend((0..n).map(|i| cx.arg(first + i)));
    Ok(cx.new_native("lines", next_line, &upvalues))
}

/// What [`line_iterator`] gives.
fn next_line(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let Kind::Int(n) = cx.upvalue(2).kind() else { return Ok(cx.ret0()) };
    let n = usize::try_from(n).unwrap_or(0);
    let file = cx.count();
    cx.push(cx.upvalue(0))?;
    if cx.with_payload(file, |handle: &mut Handle| handle.0.is_some()) != Some(true) {
        return Err(cx.error_bytes(b"file is already closed"));
    }
    cx.ensure_stack(n)?;
    for i in 0..n {
        cx.push(cx.upvalue(3 + i))?;
    }
    let got = match read_formats(cx, file, file + 1, n, 1)? {
        Ok(got) => got,
        Err(error) => {
            cx.raise_host_panic(&error)?;
            return Err(cx.error(io_error::text(&error)));
        }
    };
    if !cx.get(cx.count() - got).is_nil() {
        return Ok(cx.ret_top(got));
    }
    if cx.upvalue(1).truthy() {
        let stream = cx.with_payload(file, |handle: &mut Handle| handle.0.take()).flatten();
        if let Some(stream) = stream {
            // What was read is whole; a failure to close changes nothing.
            let _ = stream.close(cx);
        }
    }
    Ok(cx.ret0())
}
