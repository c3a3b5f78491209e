//! Reading by format.

use std::io;

use super::stream::Stream;
use super::with_stream;
use crate::host::native::buffer::{Buffer, Full};
use crate::host::native::view::{Kind, Val};
use crate::host::native::{Cx, Raise};
use crate::value::numfmt::parse_number;

/// Longest numeral that is read.
const MAX_NUMERAL: usize = 200;

/// What one format gave.
enum Item {
    /// Nothing: the end, or no numeral.
    None,
    /// Bytes.
    Bytes(Buffer),
    /// A numeral's value.
    Number(Val<'static>),
}

/// A format.
#[derive(Clone, Copy)]
enum Format {
    /// A numeral.
    Number,
    /// A line, perhaps with its end.
    Line(bool),
    /// All that is left.
    All,
    /// That many bytes.
    Count(usize),
}

/// The format at a position; `arg` is the number of the argument it came from.
fn format_at(cx: &Cx<'_>, i: usize, arg: usize) -> Result<Format, Raise> {
    let value = cx.get(i);
    if let Kind::Int(_) | Kind::Float(_) = value.kind() {
        let count = cx.to_number(value).and_then(|n| n.to_int_exact());
        return match count {
            Some(n) => match usize::try_from(n) {
                Ok(n) => Ok(Format::Count(n)),
                Err(_) if cx.rules().huge_read_too_large => {
                    Err(cx.error_bytes(b"resulting string too large"))
                }
                Err(_) => Err(cx.out_of_memory()),
            },
            None => Err(cx.arg_error(arg, "number has no integer representation")),
        };
    }
    let Some(text) = value.as_str() else {
        if i < cx.nargs() {
            return Err(cx.type_error(arg, "string"));
        }
        let text = format!("string expected, got {}", value.type_name());
        return Err(cx.arg_error(arg, text));
    };
    match text.strip_prefix(b"*").unwrap_or(text).first() {
        Some(b'n') => Ok(Format::Number),
        Some(b'l') => Ok(Format::Line(false)),
        Some(b'L') => Ok(Format::Line(true)),
        Some(b'a') => Ok(Format::All),
        _ => Err(cx.arg_error(arg, "invalid format")),
    }
}

/// Reads by the `n` formats from position `first` on, or a line without any, and pushes the results. Answers their number, or
/// what went wrong.
pub(super) fn read_formats(
    cx: &mut Cx<'_>,
    file: usize,
    first: usize,
    n: usize,
    first_arg: usize,
) -> Result<io::Result<usize>, Raise> {
    let formats = n.max(1);
    cx.ensure_stack(formats)?;
    for i in 0..formats {
        let format =
            if n == 0 { Format::Line(false) } else { format_at(cx, first + i, first_arg + i)? };
        let item = with_stream(cx, file, |stream| read_item(cx, stream, format))?;
        match item {
            Err(error) if error.kind() == io::ErrorKind::OutOfMemory => {
                cx.reserve(usize::MAX)?;
                return Err(cx.out_of_memory());
            }
            Err(error) => return Ok(Err(error)),
            Ok(Item::None) => {
                cx.push(Val::NIL)?;
                return Ok(Ok(i + 1));
            }
            Ok(Item::Number(value)) => cx.push(value)?,
            Ok(Item::Bytes(buffer)) => {
                let bytes = buffer.bytes();
                cx.charge(bytes.len() as u64 / 16)?;
                if bytes.len() >= crate::stdlib::LARGE {
                    cx.reserve(bytes.len())?;
                }
                cx.push(cx.str(bytes))?;
            }
        }
    }
    Ok(Ok(formats))
}

/// What is read does not fit into memory.
fn no_room(_: Full) -> io::Error {
    io::ErrorKind::OutOfMemory.into()
}

/// Reads one item.
fn read_item(cx: &Cx<'_>, stream: &mut Stream, format: Format) -> io::Result<Item> {
    match format {
        Format::Number => read_number(cx, stream),
        Format::Line(keep) => read_line(cx, stream, keep),
        Format::All => {
            let mut out = cx.buffer();
            loop {
                let block = stream.fill(cx)?;
                if block.is_empty() {
                    return Ok(Item::Bytes(out));
                }
                let n = block.len();
                out.append(block).map_err(no_room)?;
                stream.consume(n);
            }
        }
        Format::Count(0) => {
            Ok(if stream.peek(cx)?.is_some() { Item::Bytes(cx.buffer()) } else { Item::None })
        }
        Format::Count(count) => {
            let mut out = cx.buffer();
            while out.bytes().len() < count {
                let block = stream.fill(cx)?;
                let n = block.len().min(count - out.bytes().len());
                if n == 0 {
                    break;
                }
                out.append(&block[..n]).map_err(no_room)?;
                stream.consume(n);
            }
            Ok(if out.bytes().is_empty() { Item::None } else { Item::Bytes(out) })
        }
    }
}

/// Reads a line.
fn read_line(cx: &Cx<'_>, stream: &mut Stream, keep_end: bool) -> io::Result<Item> {
    let mut out = cx.buffer();
    loop {
        let block = stream.fill(cx)?;
        if block.is_empty() {
            return Ok(if out.bytes().is_empty() { Item::None } else { Item::Bytes(out) });
        }
        if let Some(end) = memchr::memchr(b'\n', block) {
            out.append(&block[..end + usize::from(keep_end)]).map_err(no_room)?;
            stream.consume(end + 1);
            return Ok(Item::Bytes(out));
        }
        let n = block.len();
        out.append(block).map_err(no_room)?;
        stream.consume(n);
    }
}

/// A numeral as it is read byte by byte.
struct Numeral {
    /// What is read so far.
    text: Vec<u8>,
    /// Whether it grew too long.
    too_long: bool,
}

impl Numeral {
    /// Takes the next byte if it is one of these.
    fn accept(
        &mut self,
        cx: &Cx<'_>,
        stream: &mut Stream,
        accepted: impl Fn(u8) -> bool,
    ) -> io::Result<bool> {
        match stream.peek(cx)? {
            Some(c) if !self.too_long && accepted(c) => {
                if self.text.len() >= MAX_NUMERAL {
                    self.too_long = true;
                    return Ok(false);
                }
                self.text.push(c);
                stream.consume(1);
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    /// Takes digits; their number.
    fn digits(&mut self, cx: &Cx<'_>, stream: &mut Stream, hex: bool) -> io::Result<usize> {
        let mut n = 0;
        while self
            .accept(cx, stream, |c| if hex { c.is_ascii_hexdigit() } else { c.is_ascii_digit() })?
        {
            n += 1;
        }
        Ok(n)
    }
}

/// Reads a numeral: the longest prefix of one.
fn read_number(cx: &Cx<'_>, stream: &mut Stream) -> io::Result<Item> {
    while stream.peek(cx)?.is_some_and(|c| matches!(c, b' ' | b'\t'..=b'\r')) {
        stream.consume(1);
    }
    let mut n = Numeral { text: Vec::new(), too_long: false };
    n.accept(cx, stream, |c| matches!(c, b'-' | b'+'))?;
    let mut count = 0;
    let mut hex = false;
    if n.accept(cx, stream, |c| c == b'0')? {
        if n.accept(cx, stream, |c| matches!(c, b'x' | b'X'))? {
            hex = true;
        } else {
            count = 1;
        }
    }
    count += n.digits(cx, stream, hex)?;
    if n.accept(cx, stream, |c| c == b'.')? {
        count += n.digits(cx, stream, hex)?;
    }
    let exponent = |c: u8| if hex { matches!(c, b'p' | b'P') } else { matches!(c, b'e' | b'E') };
    if count > 0 && n.accept(cx, stream, exponent)? {
        n.accept(cx, stream, |c| matches!(c, b'-' | b'+'))?;
        n.digits(cx, stream, false)?;
    }
    let value = if n.too_long { None } else { parse_number(&n.text) };
    Ok(value.map_or(Item::None, |value| Item::Number(Val::number(value))))
}
