//! The string library.

mod arith;
mod find;
mod format;
mod pack;
pub(crate) mod packfmt;
pub(crate) mod spec;

pub(crate) use arith::METAMETHODS;

use super::{buffer, ret_bytes};
use crate::host::native::view::Val;
use crate::host::native::{Cx, Raise, Ret, StdFn};

/// Units that a dump takes however little it writes.
const DUMP: u64 = 64;

/// The functions of the library, `dump` apart.
pub(crate) const FUNCTIONS: &[(&str, StdFn)] = &[
    ("byte", byte),
    ("char", char),
    ("find", find::find),
    ("format", format::format),
    ("gmatch", find::gmatch),
    ("gsub", find::gsub),
    ("len", len),
    ("lower", lower),
    ("match", find::match_),
    ("pack", pack::pack),
    ("packsize", pack::packsize),
    ("dump", crate::stdlib::debug::dump),
    ("rep", rep),
    ("reverse", reverse),
    ("sub", sub),
    ("unpack", pack::unpack),
    ("upper", upper),
];

/// Most values that `byte` gives.
const MAX_BYTES: usize = 1_000_000;

/// A start position: from 1, negative ones from the end, clipped to 1.
pub(crate) fn start_position(pos: i64, len: usize) -> usize {
    if pos > 0 {
        usize::try_from(pos).unwrap_or(usize::MAX)
    } else if pos == 0 {
        1
    } else {
        let back = usize::try_from(pos.unsigned_abs()).unwrap_or(usize::MAX);
        if back > len { 1 } else { len - back + 1 }
    }
}

/// An end position: negative ones from the end, clipped to `0..=len`.
fn end_position(pos: i64, len: usize) -> usize {
    let distance = usize::try_from(pos.unsigned_abs()).unwrap_or(usize::MAX);
    if pos >= 0 { distance.min(len) } else { (len + 1).saturating_sub(distance) }
}

/// `string.len(s)`
fn len(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let len = cx.check_str(0)?.len();
    Ok(cx.ret(Val::int(len as i64)))
}

/// `string.sub(s, i [, j])`
fn sub(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let len = cx.check_str(0)?.len();
    let start = start_position(cx.check_int(1)?, len);
    let end = end_position(cx.opt_int(2, -1)?, len);
    if start == 1 && end == len {
        return Ok(cx.ret(cx.arg(0)));
    }
    if start > end {
        return Ok(cx.ret(cx.str(b"")));
    }
    let size = end - start + 1;
    if size >= super::LARGE {
        cx.reserve(size)?;
    }
    cx.charge(size as u64 / 16)?;
    let text = cx.check_str(0)?;
    Ok(cx.ret(cx.str(text.get(start - 1..end).unwrap_or_default())))
}

/// Answers argument 0 with each byte changed.
fn map_bytes(cx: &mut Cx<'_>, change: fn(&mut [u8])) -> Result<Ret, Raise> {
    let len = cx.check_str(0)?.len();
    cx.charge(len as u64 / 16)?;
    if len <= 64 {
        let mut short = [0; 64];
        let text = cx.check_str(0)?;
        let short = &mut short[..text.len()];
        short.copy_from_slice(text);
        change(short);
        return Ok(cx.ret(cx.str(short)));
    }
    let mut out = buffer(cx, len)?;
    out.extend_from_slice(cx.check_str(0)?);
    change(&mut out);
    ret_bytes(cx, &out)
}

/// `string.lower(s)`
fn lower(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    map_bytes(cx, <[u8]>::make_ascii_lowercase)
}

/// `string.upper(s)`
fn upper(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    map_bytes(cx, <[u8]>::make_ascii_uppercase)
}

/// `string.reverse(s)`
fn reverse(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    map_bytes(cx, <[u8]>::reverse)
}

/// `string.rep(s, n [, sep])`
fn rep(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let len = cx.check_str(0)?.len();
    let n = cx.check_int(1)?;
    let sep_len = cx.opt_str(2)?.map_or(0, <[u8]>::len);
    let both = len + sep_len;
    let Some(n) = usize::try_from(n).ok().filter(|&n| n > 0 && both > 0) else {
        return Ok(cx.ret(cx.str(b"")));
    };
    let total = both.checked_mul(n).filter(|&t| t <= cx.rules().max_string);
    let Some(total) = total.map(|t| t - sep_len) else {
        return Err(cx.error_bytes(b"resulting string too large"));
    };
    cx.charge(total as u64 / 16)?;
    let mut out = buffer(cx, total)?;
    let text = cx.check_str(0)?;
    if sep_len == 0 {
        if let [single] = text {
            out.resize(total, *single);
        } else {
            for _ in 0..n {
                out.extend_from_slice(text);
            }
        }
    } else {
        let sep = cx.check_str(2)?;
        for _ in 1..n {
            out.extend_from_slice(text);
            out.extend_from_slice(sep);
        }
        out.extend_from_slice(text);
    }
    ret_bytes(cx, &out)
}

/// `string.byte(s [, i [, j]])`
fn byte(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let len = cx.check_str(0)?.len();
    let first = cx.opt_int(1, 1)?;
    let start = start_position(first, len);
    let end = end_position(cx.opt_int(2, first)?, len);
    if start > end {
        return Ok(cx.ret0());
    }
    let n = end - start + 1;
    if n == 1 {
        let byte = cx.check_str(0)?.get(start - 1).copied().unwrap_or(0);
        return Ok(cx.ret(Val::int(i64::from(byte))));
    }
    if n >= MAX_BYTES || !cx.has_stack_room(n) {
        return Err(cx.error_bytes(b"stack overflow (string slice too long)"));
    }
    cx.charge(n as u64)?;
    cx.ensure_stack(n)?;
    for &byte in cx.check_str(0)?.get(start - 1..end).unwrap_or_default() {
        cx.push(Val::int(i64::from(byte)))?;
    }
    Ok(cx.ret_top(n))
}

/// `string.char(...)`
fn char(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let code = |i| match cx.check_int(i).map(u8::try_from) {
        Ok(Ok(byte)) => Ok(byte),
        Ok(Err(_)) => Err(cx.arg_error(i, "value out of range")),
        Err(raise) => Err(raise),
    };
    if cx.nargs() == 1 {
        return Ok(cx.ret(cx.str(&[code(0)?])));
    }
    let mut out = Vec::with_capacity(cx.nargs());
    for i in 0..cx.nargs() {
        out.push(code(i)?);
    }
    // What is written was copied and walked through before.
    cx.charge(DUMP + out.len() as u64 / 2)?;
    ret_bytes(cx, &out)
}
