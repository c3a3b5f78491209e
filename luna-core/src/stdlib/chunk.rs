//! `load`, `loadfile` and `dofile`.

use super::{optional_text, text};
use crate::host::native::buffer::Buffer;
use crate::host::native::view::{Kind, Val};
use crate::host::native::{Cx, Raise, Ret};

/// Units that a chunk takes however short it is.
const LOAD: u64 = 128;

/// First byte of a binary chunk.
const BINARY: u8 = 0x1B;

/// Loads source or a binary chunk: pushes the function, or nil and a message; whether it went well.
fn load_bytes(
    cx: &mut Cx<'_>,
    source: &[u8],
    name: &[u8],
    mode: Option<&[u8]>,
) -> Result<bool, Raise> {
    let binary = source.first() == Some(&BINARY);
    let wanted = if binary { b'b' } else { b't' };
    if let Some(mode) = mode
        && !mode.contains(&wanted)
    {
        let kind: &[u8] = if binary { b"binary" } else { b"text" };
        let text = [b"attempt to load a ", kind, b" chunk (mode is '", mode, b"')"].concat();
        cx.push(Val::NIL)?;
        cx.push(cx.str(&text))?;
        return Ok(false);
    }
    // It is read, parsed, compiled and copied.
    cx.charge(LOAD + source.len() as u64)?;
    if cx.load_chunk(source, name)?.is_ok() {
        return Ok(true);
    }
    // The message is on top; nil goes below it.
    let top = cx.count() - 1;
    cx.push(cx.get(top))?;
    cx.set(top, Val::NIL);
    Ok(false)
}

/// What the loading functions answer once [`load_bytes`] is done: the function with its environment, or nil and a message.
fn answer(cx: &mut Cx<'_>, loaded: bool, env: usize) -> Result<Ret, Raise> {
    if !loaded {
        return Ok(cx.ret_top(2));
    }
    if cx.nargs() > env {
        let function = cx.count() - 1;
        cx.set_environment(function, env);
    }
    Ok(cx.ret_top(1))
}

/// The `mode` argument.
fn mode(cx: &mut Cx<'_>, i: usize) -> Result<Option<Buffer>, Raise> {
    let mode = cx.opt_str(i)?;
    if mode.is_some_and(|m| m.contains(&b'B')) && cx.rules().load_mode_checked {
        return Err(cx.arg_error(i, "invalid mode"));
    }
    optional_text(cx, i)
}

/// `load(chunk [, chunkname [, mode [, env]]])`
pub(super) fn load(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let mode = mode(cx, 2)?;
    let is_text = matches!(cx.arg(0).kind(), Kind::Str(_) | Kind::Int(_) | Kind::Float(_));
    let (source, name) = if is_text {
        (text(cx, 0)?, optional_text(cx, 1)?)
    } else {
        let name = optional_text(cx, 1)?;
        cx.check_function(0)?;
        match cx.catch(read_pieces) {
            Ok(source) => (source, name),
            Err(raise) if cx.is_uncatchable() => return Err(raise),
            Err(_) => {
                let error = cx.take_error();
                return Ok(cx.ret2(Val::NIL, error));
            }
        }
    };
    let unnamed = if is_text { source.bytes() } else { b"=(load)" };
    let name = name.as_ref().map_or(unnamed, Buffer::bytes);
    let loaded = load_bytes(cx, source.bytes(), name, mode.as_ref().map(Buffer::bytes))?;
    answer(cx, loaded, 3)
}

/// The pieces that the reader function in argument 0 gives.
fn read_pieces(cx: &mut Cx<'_>) -> Result<Buffer, Raise> {
    let mut source = cx.buffer();
    let top = cx.count();
    loop {
        cx.push(cx.arg(0))?;
        cx.call_n(0, 1)?;
        match cx.get(top).kind() {
            Kind::Nil => break,
            Kind::Str([]) => break,
            Kind::Str(_) | Kind::Int(_) | Kind::Float(_) => cx.push_tostring(top)?,
            _ => return Err(cx.error_bytes(b"reader function must return a string")),
        }
        let size = cx.get(top + 1).as_str().map_or(0, <[u8]>::len);
        source.write(cx, size, |cx, source| {
            source.extend_from_slice(cx.get(top + 1).as_str().unwrap_or_default());
            Ok(())
        })?;
        cx.set_count(top)?;
        if cx.exceeds_loader_budget(source.bytes().len()) {
            return Err(cx.out_of_memory());
        }
        cx.charge(1)?;
    }
    cx.set_count(top)?;
    Ok(source)
}

/// The source without a byte order mark and without a first line that starts with `#`.
fn skip_comment(source: &[u8]) -> &[u8] {
    let text = source.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(source);
    if text.first() != Some(&b'#') {
        return text;
    }
    // The line end stays, so that lines keep their numbers; before a binary chunk it goes.
    let rest = &text[memchr::memchr(b'\n', text).unwrap_or(text.len())..];
    if rest.get(1) == Some(&BINARY) { &rest[1..] } else { rest }
}

/// Loads a file (the standard input without a name), as [`load_bytes`] does.
pub(crate) fn load_file(
    cx: &mut Cx<'_>,
    path: Option<&[u8]>,
    mode: Option<&[u8]>,
) -> Result<bool, Raise> {
    let (read, name) = match path {
        None => (Ok(cx.read_stdin_to_end()?), b"=stdin".to_vec()),
        Some(path) => (cx.read_file(path)?, [b"@", path].concat()),
    };
    let (step, error): (&[u8], _) = match read {
        Ok(Ok(source)) => return load_bytes(cx, skip_comment(source.bytes()), &name, mode),
        Ok(Err(error)) => (b"cannot read ", error),
        Err(error) => (b"cannot open ", error),
    };
    cx.raise_host_panic(&error)?;
    let text = super::io_error::text(&error);
    let message = [step, &name[1..], b": ", text.as_bytes()].concat();
    cx.push(Val::NIL)?;
    cx.push(cx.str(&message))?;
    Ok(false)
}

/// `loadfile([filename [, mode [, env]]])`
pub(super) fn loadfile(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let path = optional_text(cx, 0)?;
    let mode = mode(cx, 1)?;
    let (path, mode) = (path.as_ref().map(Buffer::bytes), mode.as_ref().map(Buffer::bytes));
    let loaded = load_file(cx, path, mode)?;
    answer(cx, loaded, 2)
}

/// `dofile([filename])`
pub(super) fn dofile(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let path = optional_text(cx, 0)?;
    if !load_file(cx, path.as_ref().map(Buffer::bytes), None)? {
        return Err(cx.raise(cx.get(cx.count() - 1)));
    }
    cx.call_and_return(0, None)
}
