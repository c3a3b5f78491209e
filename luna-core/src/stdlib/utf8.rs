//! The utf8 library.

use super::codepoint::{decode_utf8, encode_utf8, is_continuation};
use crate::host::native::view::{TableRef, Val};
use crate::host::native::{Cx, Raise, Ret, StdFn};

/// The functions of the library.
pub(crate) const FUNCTIONS: &[(&str, StdFn)] =
    &[("char", char), ("codepoint", codepoint), ("codes", codes), ("len", len), ("offset", offset)];

/// The largest value that can be encoded.
const MAX_CODE: u64 = 0x7FFF_FFFF;

/// Sets the constant.
pub(crate) fn open(cx: &Cx<'_>, lib: TableRef<'_>) -> Result<(), Raise> {
    lib.set_name(cx, "charpattern", cx.str(b"[\0-\x7F\xC2-\xFD][\x80-\xBF]*"))
}

/// A position, from 1; negative ones count from the end, 0 lies before all.
fn position(pos: i64, len: usize) -> i64 {
    if pos >= 0 {
        pos
    } else if pos.unsigned_abs() > len as u64 {
        0
    } else {
        len as i64 + pos + 1
    }
}

/// Whether the byte at an offset continues a sequence.
fn continues(text: &[u8], at: i64) -> bool {
    usize::try_from(at).ok().and_then(|at| text.get(at)).is_some_and(|&b| is_continuation(b))
}

/// `utf8.len(s [, i [, j [, lax]]])`
fn len(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let text = cx.check_str(0)?;
    let size = text.len() as i64;
    let from = position(cx.opt_int(1, 1)?, text.len());
    let to = position(cx.opt_int(2, -1)?, text.len());
    let strict = !cx.arg(3).truthy();
    if from < 1 || from - 1 > size {
        return Err(cx.arg_error(1, "initial position out of bounds"));
    }
    if to > size {
        return Err(cx.arg_error(2, "final position out of bounds"));
    }
    cx.charge((to - from).max(0).cast_unsigned() / 16)?;
    let (mut at, mut n) = (from as usize - 1, 0);
    while (at as i64) < to {
        match decode_utf8(&text[at..], strict) {
            Some((_, size)) => at += size,
            None => return Ok(cx.ret2(Val::NIL, Val::int(at as i64 + 1))),
        }
        n += 1;
    }
    Ok(cx.ret(Val::int(n)))
}

/// `utf8.codepoint(s [, i [, j [, lax]]])`
fn codepoint(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let text = cx.check_str(0)?;
    let from = position(cx.opt_int(1, 1)?, text.len());
    let to = position(cx.opt_int(2, from)?, text.len());
    let strict = !cx.arg(3).truthy();
    if from < 1 {
        return Err(cx.arg_error(1, "out of bounds"));
    }
    if to > text.len() as i64 {
        return Err(cx.arg_error(2, "out of bounds"));
    }
    if from > to {
        return Ok(cx.ret0());
    }
    let most = (to - from + 1) as usize;
    if most >= i32::MAX as usize || !cx.has_stack_room(most) {
        return Err(cx.error_bytes(b"stack overflow (string slice too long)"));
    }
    cx.charge(most as u64)?;
    cx.ensure_stack(most)?;
    let (mut at, mut n) = (from as usize - 1, 0);
    while (at as i64) < to {
        let Some((code, size)) = decode_utf8(&text[at..], strict) else {
            return Err(cx.error_bytes(b"invalid UTF-8 code"));
        };
        cx.push(Val::int(i64::from(code)))?;
        at += size;
        n += 1;
    }
    Ok(cx.ret_top(n))
}

/// `utf8.char(...)`
fn char(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let mut out = Vec::new();
    for i in 0..cx.nargs() {
        let code = cx.check_int(i)?.cast_unsigned();
        match u32::try_from(code) {
            Ok(small) if code <= MAX_CODE => encode_utf8(small, &mut out),
            _ => return Err(cx.arg_error(i, "value out of range")),
        }
    }
    cx.charge(out.len() as u64 / 16)?;
    super::ret_bytes(cx, &out)
}

/// `utf8.offset(s, n [, i])`
fn offset(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let text = cx.check_str(0)?;
    let size = text.len() as i64;
    let mut n = cx.check_int(1)?;
    let default = if n >= 0 { 1 } else { size + 1 };
    let mut at = position(cx.opt_int(2, default)?, text.len()) - 1;
    if at < 0 || at > size {
        return Err(cx.arg_error(2, "position out of bounds"));
    }
    let start = at;
    if n == 0 {
        while at > 0 && continues(text, at) {
            at -= 1;
        }
    } else {
        if continues(text, at) {
            return Err(cx.error_bytes(b"initial position is a continuation byte"));
        }
        while n < 0 && at > 0 {
            at -= 1;
            while at > 0 && continues(text, at) {
                at -= 1;
            }
            n += 1;
        }
        if n > 0 {
            n -= 1;
            while n > 0 && at < size {
                at += 1;
                while continues(text, at) {
                    at += 1;
                }
                n -= 1;
            }
        }
    }
    cx.charge(at.abs_diff(start) / 16)?;
    if n != 0 {
        return Ok(cx.ret(Val::NIL));
    }
    if !cx.rules().utf8_offset_gives_end {
        return Ok(cx.ret(Val::int(at + 1)));
    }
    let mut end = at;
    if text.get(at as usize).is_some_and(|b| b & 0x80 != 0) {
        if continues(text, at) {
            return Err(cx.error_bytes(b"initial position is a continuation byte"));
        }
        while continues(text, end + 1) {
            end += 1;
        }
    }
    Ok(cx.ret2(Val::int(at + 1), Val::int(end + 1)))
}

/// The next code point after an offset from 1.
fn step(cx: &Cx<'_>, strict: bool) -> Result<Ret, Raise> {
    let text = cx.check_str(0)?;
    let before = cx.to_number(cx.arg(1)).and_then(|n| n.to_int_exact()).unwrap_or(0);
    let mut at = usize::try_from(before).unwrap_or(usize::MAX);
    if at < text.len() {
        while continues(text, at as i64) {
            at += 1;
        }
    }
    if at >= text.len() {
        return Ok(cx.ret0());
    }
    match decode_utf8(&text[at..], strict) {
        Some((code, size)) if !continues(text, (at + size) as i64) => {
            Ok(cx.ret2(Val::int(at as i64 + 1), Val::int(i64::from(code))))
        }
        _ => Err(cx.error_bytes(b"invalid UTF-8 code")),
    }
}

/// `utf8.codes(s [, lax])`
fn codes(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let lax = cx.arg(1).truthy();
    if continues(cx.check_str(0)?, 0) {
        return Err(cx.arg_error(0, "invalid UTF-8 code"));
    }
    let iterate: StdFn = if lax { |cx| step(cx, false) } else { |cx| step(cx, true) };
    cx.push(cx.new_native("codes", iterate, &[]))?;
    cx.push(cx.arg(0))?;
    cx.push(Val::int(0))?;
    Ok(cx.ret_top(3))
}
