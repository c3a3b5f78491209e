//! The basic functions, those that catch errors apart.

use super::chunk;
use crate::host::native::view::{Kind, TableRef, Val};
use crate::host::native::{Cx, Raise, Ret, StdFn};
use crate::value::number::Number;

/// The functions of the library.
pub(crate) const FUNCTIONS: &[(&str, StdFn)] = &[
    ("assert", assert),
    ("collectgarbage", super::collector::collectgarbage),
    ("dofile", chunk::dofile),
    ("error", error),
    ("getmetatable", getmetatable),
    ("load", chunk::load),
    ("loadfile", chunk::loadfile),
    ("next", next),
    ("print", print),
    ("rawequal", rawequal),
    ("rawget", rawget),
    ("rawlen", rawlen),
    ("rawset", rawset),
    ("select", select),
    ("setmetatable", setmetatable),
    ("tonumber", tonumber),
    ("tostring", tostring),
    ("type", type_name),
    ("warn", warn),
];

/// `print(...)`: one write per line.
fn print(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let mut line = cx.buffer();
    let top = cx.count();
    for i in 0..cx.nargs() {
        let at = if cx.arg(i).as_str().is_some() {
            i
        } else {
            cx.push_tostring(i)?;
            top
        };
        let size = cx.get(at).as_str().map_or(0, <[u8]>::len);
        line.write(cx, size + 2, |cx, line| {
            if i > 0 {
                line.push(b'\t');
            }
            line.extend_from_slice(cx.get(at).as_str().unwrap_or_default());
            Ok(())
        })?;
        cx.set_count(top)?;
    }
    line.add(cx, b"\n")?;
    cx.charge(line.bytes().len() as u64 / 16)?;
    cx.print_line(line.bytes())?;
    Ok(cx.ret0())
}

/// `warn(msg1, ...)`
fn warn(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    cx.check_str(0)?;
    let mut message = cx.buffer();
    for i in 0..cx.nargs() {
        let size = cx.check_str(i)?.len();
        message.write(cx, size, |cx, message| {
            message.extend_from_slice(cx.check_str(i)?);
            Ok(())
        })?;
    }
    let single = cx.nargs() == 1;
    cx.warn(message.bytes(), single);
    Ok(cx.ret0())
}

/// `type(v)`
fn type_name(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let name = cx.check_any(0)?.type_name();
    Ok(cx.ret(cx.str(name.as_bytes())))
}

/// `tostring(v)`
fn tostring(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    if cx.check_any(0)?.as_str().is_some() {
        return Ok(cx.ret(cx.arg(0)));
    }
    cx.push_tostring(0)?;
    Ok(cx.ret_top(1))
}

/// `tonumber(e [, base])`
fn tonumber(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    if cx.arg(1).is_nil() {
        let value = cx.check_any(0)?;
        return Ok(cx.ret(cx.to_number(value).map_or(Val::NIL, Val::number)));
    }
    let base = cx.check_int(1)?;
    let Some(text) = cx.arg(0).as_str() else { return Err(cx.type_error(0, "string")) };
    let base = u32::try_from(base).ok().filter(|base| (2..=36).contains(base));
    let Some(base) = base else { return Err(cx.arg_error(1, "base out of range")) };
    cx.charge(text.len() as u64 / 16)?;
    Ok(cx.ret(integer_in_base(text, base).map_or(Val::NIL, Val::int)))
}

/// The integer that a text spells in a base; it wraps.
fn integer_in_base(text: &[u8], base: u32) -> Option<i64> {
    let is_space = |c: &u8| matches!(c, b' ' | b'\t'..=b'\r');
    let start = text.iter().position(|c| !is_space(c))?;
    let end = text.iter().rposition(|c| !is_space(c))? + 1;
    let (negative, digits) = match &text[start..end] {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    if digits.is_empty() {
        return None;
    }
    let mut value = 0_i64;
    for &c in digits {
        let digit = char::from(c).to_digit(base)?;
        value = value.wrapping_mul(i64::from(base)).wrapping_add(i64::from(digit));
    }
    Some(if negative { value.wrapping_neg() } else { value })
}

/// What the iterators of [`ipairs`] call.
pub(super) fn ipairs_step(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let i = cx.check_int(1)?.wrapping_add(1);
    if let Kind::Table(table) = cx.arg(0).kind() {
        let value = table.get_int(i);
        if !value.is_nil() {
            return Ok(cx.ret2(Val::int(i), value));
        }
        if table.is_plain() {
            return Ok(cx.ret(Val::NIL));
        }
    }
    cx.index_int(0, i)?;
    let value = cx.get(cx.count() - 1);
    Ok(if value.is_nil() { cx.ret(Val::NIL) } else { cx.ret2(Val::int(i), value) })
}

/// `ipairs(t)`; the iterating function is upvalue 0.
pub(super) fn ipairs(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    cx.check_any(0)?;
    cx.push(cx.upvalue(0))?;
    cx.push(cx.arg(0))?;
    cx.push(Val::int(0))?;
    Ok(cx.ret_top(3))
}

/// `next(table [, index])`
fn next(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    cx.check_table(0)?;
    cx.charge(1)?;
    match cx.check_table(0)?.next(cx, cx.arg(1))? {
        Some((key, value)) => Ok(cx.ret2(key, value)),
        None => Ok(cx.ret(Val::NIL)),
    }
}

/// `pairs(t)`; [`next`] is upvalue 0.
pub(super) fn pairs(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    cx.check_any(0)?;
    let plain = cx.arg(0).as_table().is_some_and(|t| t.is_plain());
    let handler = if plain { Val::NIL } else { cx.metafield(0, "__pairs") };
    if handler.is_nil() {
        cx.push(cx.upvalue(0))?;
        cx.push(cx.arg(0))?;
        cx.push(Val::NIL)?;
        if cx.rules().pairs_results > 3 {
            cx.push(Val::NIL)?;
        }
        return Ok(cx.ret_top(cx.rules().pairs_results));
    }
    cx.push(handler)?;
    cx.push(cx.arg(0))?;
    let results = cx.rules().pairs_results;
    cx.call_and_return(1, Some(results))
}

/// `rawequal(v1, v2)`
fn rawequal(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let equal = cx.check_any(0)?.raw_equal(cx.check_any(1)?);
    Ok(cx.ret(Val::bool(equal)))
}

/// `rawlen(v)`
fn rawlen(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let len = match cx.arg(0).kind() {
        Kind::Table(table) => table.raw_len(),
        Kind::Str(text) => text.len() as i64,
        _ => return Err(cx.type_error(0, "table or string")),
    };
    Ok(cx.ret(Val::int(len)))
}

/// `rawget(table, index)`
fn rawget(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let table = cx.check_table(0)?;
    Ok(cx.ret(table.get(cx, cx.check_any(1)?)))
}

/// `rawset(table, index, value)`
fn rawset(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let table = cx.check_table(0)?;
    table.set(cx, cx.check_any(1)?, cx.check_any(2)?)?;
    Ok(cx.ret(cx.arg(0)))
}

/// `select(n, ...)`
fn select(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let count = cx.nargs() as i64;
    if let Some([b'#', ..]) = cx.arg(0).as_str() {
        return Ok(cx.ret(Val::int(count - 1)));
    }
    let n = cx.check_int(0)?;
    let first = if n < 0 { count.saturating_add(n) } else { n.min(count) };
    if first < 1 {
        return Err(cx.arg_error(0, "index out of range"));
    }
    Ok(cx.ret_top(usize::try_from(count - first).unwrap_or(0)))
}

/// `getmetatable(object)`
fn getmetatable(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    cx.check_any(0)?;
    let protected = cx.metafield(0, "__metatable");
    if !protected.is_nil() {
        return Ok(cx.ret(protected));
    }
    Ok(cx.ret(cx.metatable_of(0).map_or(Val::NIL, TableRef::val)))
}

/// `setmetatable(table, metatable)`
fn setmetatable(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let table = cx.check_table(0)?;
    let meta = match cx.arg(1).kind() {
        Kind::Table(meta) => Some(meta),
        Kind::Nil if cx.nargs() > 1 => None,
        _ => return Err(cx.type_error(1, "nil or table")),
    };
    if !table.is_plain() && !cx.metafield(0, "__metatable").is_nil() {
        return Err(cx.error_bytes(b"cannot change a protected metatable"));
    }
    cx.set_metatable(table, meta)?;
    Ok(cx.ret(cx.arg(0)))
}

/// `assert(v [, message, ...])`
fn assert(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    if cx.arg(0).truthy() {
        return Ok(cx.ret_top(cx.nargs()));
    }
    cx.check_any(0)?;
    let message = if cx.nargs() > 1 { cx.arg(1) } else { cx.str(b"assertion failed!") };
    Err(match message.as_str() {
        Some(text) => cx.raise_error_text(1, text),
        None => cx.raise(message),
    })
}

/// `error(message [, level])`
fn error(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let level = cx.opt_int(1, 1)?;
    match cx.arg(0).as_str() {
        Some(text) if level > 0 => {
            let level = usize::try_from(level).unwrap_or(usize::MAX);
            Err(cx.raise_error_text(level, text))
        }
        _ => Err(cx.raise(cx.arg(0))),
    }
}

/// The error that argument `i` names no option.
pub(crate) fn invalid_option(cx: &Cx<'_>, i: usize) -> Raise {
    let mut message = b"invalid option '".to_vec();
    message.extend_from_slice(cx.arg(i).as_str().unwrap_or_default());
    message.push(b'\'');
    cx.arg_error_bytes(i, &message)
}

impl Val<'_> {
    /// A number.
    pub(crate) fn number(n: Number) -> Val<'static> {
        match n {
            Number::Int(i) => Val::int(i),
            Number::Float(f) => Val::float(f),
        }
    }
}
