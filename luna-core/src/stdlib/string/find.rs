//! `find`, `match`, `gmatch` and `gsub`.

use super::start_position;
use crate::host::native::buffer::{Buffer, Full};
use crate::host::native::view::{Kind, Val};
use crate::host::native::{Cx, Raise, Ret};
use crate::stdlib::pattern::{Captured, Matcher, PatternError, find_plain, is_plain};
use crate::stdlib::push_number_text;
use crate::value::number::Number;
use crate::value::numfmt::push_int;

/// Raises what is wrong with a pattern.
#[cold]
fn raise(cx: &Cx<'_>, error: PatternError) -> Raise {
    if error == PatternError::StepLimit {
        // More steps than the budget has left: the charge raises.
        if let Err(raise) = cx.charge(u64::MAX >> 1) {
            return raise;
        }
    }
    cx.error(error)
}

/// Pushes a capture of a match that spans `start..end` of `text`.
fn push_capture(
    cx: &Cx<'_>,
    m: &Matcher<'_>,
    text: &[u8],
    i: usize,
    (start, end): (usize, usize),
) -> Result<(), Raise> {
    match m.capture(i, start, end) {
        Ok(Captured::Text(from, to)) => cx.push(cx.str(text.get(from..to).unwrap_or_default())),
        Ok(Captured::Position(at)) => cx.push(Val::int(at as i64)),
        Err(error) => Err(raise(cx, error)),
    }
}

/// Pushes all captures, the whole match if there are none; the result is their number.
fn push_captures(
    cx: &Cx<'_>,
    m: &Matcher<'_>,
    text: &[u8],
    span: (usize, usize),
) -> Result<usize, Raise> {
    let n = m.capture_count().max(1);
    cx.ensure_stack(n)?;
    for i in 0..n {
        push_capture(cx, m, text, i, span)?;
    }
    Ok(n)
}

/// A pattern without its anchor, and whether it had one.
fn split_anchor(pattern: &[u8]) -> (bool, &[u8]) {
    match pattern {
        [b'^', rest @ ..] => (true, rest),
        _ => (false, pattern),
    }
}

/// The first match from `from` on, or at `from` alone.
fn search(
    cx: &Cx<'_>,
    m: &mut Matcher<'_>,
    from: usize,
    anchored: bool,
) -> Result<Option<(usize, usize)>, Raise> {
    let before = m.steps;
    let found = if anchored {
        m.match_at(from).map(|end| end.map(|end| (from, end)))
    } else {
        m.find(from)
    };
    cx.charge(m.steps - before)?;
    found.map_err(|error| raise(cx, error))
}

/// `find` and `match`.
fn find_or_match(cx: &mut Cx<'_>, find: bool) -> Result<Ret, Raise> {
    let cx = &*cx;
    let text = cx.check_str(0)?;
    let pattern = cx.check_str(1)?;
    let init = start_position(cx.opt_int(2, 1)?, text.len()) - 1;
    if init > text.len() {
        return Ok(cx.ret(Val::NIL));
    }
    if find && (cx.arg(3).truthy() || is_plain(pattern)) {
        let found = find_plain(&text[init..], pattern);
        cx.charge(found.unwrap_or(text.len() - init) as u64 / 16)?;
        return Ok(match found {
            Some(at) => {
                let start = init + at;
                cx.ret2(Val::int(start as i64 + 1), Val::int((start + pattern.len()) as i64))
            }
            None => cx.ret(Val::NIL),
        });
    }
    let (anchored, pattern) = split_anchor(pattern);
    let mut m = Matcher::new(text, pattern, cx.step_allowance());
    let Some(span) = search(cx, &mut m, init, anchored)? else { return Ok(cx.ret(Val::NIL)) };
    if !find {
        let n = push_captures(cx, &m, text, span)?;
        return Ok(cx.ret_top(n));
    }
    let (start, end) = (Val::int(span.0 as i64 + 1), Val::int(span.1 as i64));
    if m.capture_count() == 0 {
        return Ok(cx.ret2(start, end));
    }
    cx.push(start)?;
    cx.push(end)?;
    let n = push_captures(cx, &m, text, span)?;
    Ok(cx.ret_top(n + 2))
}

/// `string.find(s, pattern [, init [, plain]])`
pub(super) fn find(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    find_or_match(cx, true)
}

/// `string.match(s, pattern [, init])`
pub(super) fn match_(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    find_or_match(cx, false)
}

/// Upvalues of the function that `gmatch` gives.
mod state {
    /// The subject.
    pub(super) const TEXT: usize = 0;
    /// The pattern.
    pub(super) const PATTERN: usize = 1;
    /// Offset to go on at.
    pub(super) const NEXT: usize = 2;
    /// Offset of the last match's end; -1 before the first.
    pub(super) const LAST: usize = 3;
}

/// `string.gmatch(s, pattern [, init])`
pub(super) fn gmatch(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let len = cx.check_str(0)?.len();
    cx.check_str(1)?;
    let init = (start_position(cx.opt_int(2, 1)?, len) - 1).min(len + 1);
    let upvalues = [cx.arg(0), cx.arg(1), Val::int(init as i64), Val::int(-1)];
    Ok(cx.ret(cx.new_native("gmatch", gmatch_step, &upvalues)))
}

/// An offset kept in an upvalue.
fn offset(cx: &Cx<'_>, i: usize) -> Option<usize> {
    match cx.upvalue(i).kind() {
        Kind::Int(n) => usize::try_from(n).ok(),
        _ => None,
    }
}

/// The next match of [`gmatch`].
fn gmatch_step(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let cx = &*cx;
    let text = cx.upvalue(state::TEXT).as_str().unwrap_or_default();
    let pattern = cx.upvalue(state::PATTERN).as_str().unwrap_or_default();
    let last = offset(cx, state::LAST);
    let mut from = offset(cx, state::NEXT).unwrap_or(0);
    let mut m = Matcher::new(text, pattern, cx.step_allowance());
    while from <= text.len() {
        let Some((start, end)) = search(cx, &mut m, from, false)? else { break };
        if Some(end) == last {
            from = start + 1;
            continue;
        }
        cx.set_upvalue(state::NEXT, Val::int(end as i64));
        cx.set_upvalue(state::LAST, Val::int(end as i64));
        let n = push_captures(cx, &m, text, (start, end))?;
        return Ok(cx.ret_top(n));
    }
    cx.set_upvalue(state::NEXT, Val::int(text.len() as i64 + 1));
    Ok(cx.ret0())
}

/// Room for the text of any number.
const NUMBER_TEXT: usize = 64;

/// Why a substitution does not go on.
enum Stop {
    /// An error.
    Raise(Raise),
    /// The result needs room.
    Full(Full),
}

impl From<Raise> for Stop {
    fn from(raise: Raise) -> Stop {
        Stop::Raise(raise)
    }
}

impl From<Full> for Stop {
    fn from(full: Full) -> Stop {
        Stop::Full(full)
    }
}

/// Appends a replacement string, its `%` sequences filled in.
fn append_replacement(
    cx: &Cx<'_>,
    m: &Matcher<'_>,
    text: &[u8],
    replacement: &[u8],
    (start, end): (usize, usize),
    out: &mut Buffer,
) -> Result<(), Stop> {
    let mut rest = replacement;
    while let Some(at) = memchr::memchr(b'%', rest) {
        out.append(&rest[..at])?;
        match rest.get(at + 1) {
            Some(b'%') => out.append(b"%")?,
            Some(b'0') => out.append(&text[start..end])?,
            Some(&digit @ b'1'..=b'9') => match m.capture(usize::from(digit - b'1'), start, end) {
                Ok(Captured::Text(from, to)) => out.append(&text[from..to])?,
                Ok(Captured::Position(at)) => push_int(at as i64, out.tail()?),
                Err(error) => return Err(raise(cx, error).into()),
            },
            _ => return Err(cx.error_bytes(b"invalid use of '%' in replacement string").into()),
        }
        rest = &rest[at + 2..];
    }
    Ok(out.append(rest)?)
}

/// Progress of a [`gsub`].
struct Substitution {
    /// What is done of the result.
    out: Buffer,
    /// Offset in the subject up to which `out` reaches.
    at: usize,
    /// Offset of the last match's end.
    last: Option<usize>,
    /// Number of matches.
    count: i64,
    /// Whether any match was replaced.
    changed: bool,
}

/// `string.gsub(s, pattern, repl [, n])`
pub(super) fn gsub(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let len = cx.check_str(0)?.len();
    cx.check_str(1)?;
    let by_value = matches!(cx.arg(2).kind(), Kind::Function | Kind::Table(_));
    if !by_value && !matches!(cx.arg(2).kind(), Kind::Str(_) | Kind::Int(_) | Kind::Float(_)) {
        return Err(cx.type_error(2, "string/function/table"));
    }
    let limit = cx.opt_int(3, len as i64 + 1)?;
    let mut s = Substitution { out: cx.buffer(), at: 0, last: None, count: 0, changed: false };
    if by_value {
        while s.count < limit && replace_by_value(cx, &mut s)? {}
    } else {
        cx.check_str(2)?;
        while let Some(Full(more)) = replace_by_string(cx, &mut s, limit)? {
            s.out.room(cx, more)?;
        }
    }
    if !s.changed {
        return Ok(cx.ret2(cx.arg(0), Val::int(s.count)));
    }
    s.out.room(cx, len.saturating_sub(s.at))?;
    let rest = cx.check_str(0)?.get(s.at..).unwrap_or_default();
    let appended = s.out.append(rest);
    debug_assert!(appended.is_ok(), "there is room");
    let size = s.out.bytes().len();
    cx.charge(size as u64 / 16)?;
    if size >= crate::stdlib::LARGE {
        cx.reserve(size)?;
    }
    Ok(cx.ret2(cx.str(s.out.bytes()), Val::int(s.count)))
}

/// The next match that a substitution takes; the text before it is appended.
fn next_match(
    cx: &Cx<'_>,
    m: &mut Matcher<'_>,
    text: &[u8],
    anchored: bool,
    s: &mut Substitution,
) -> Result<Option<(usize, usize)>, Stop> {
    let mut from = s.at;
    while from <= text.len() && !(anchored && s.last.is_some()) {
        let Some((start, end)) = search(cx, m, from, anchored)? else { break };
        if Some(end) == s.last {
            from = start + 1;
            continue;
        }
        s.out.append(&text[s.at..start])?;
        s.at = end;
        s.last = Some(end);
        s.count += 1;
        return Ok(Some((start, end)));
    }
    Ok(None)
}

/// Replaces matches by a string, up to one that the result has no room for, or all.
fn replace_by_string(cx: &Cx<'_>, s: &mut Substitution, limit: i64) -> Result<Option<Full>, Raise> {
    let text = cx.check_str(0)?;
    let (anchored, pattern) = split_anchor(cx.check_str(1)?);
    let replacement = cx.check_str(2)?;
    let simple = memchr::memchr(b'%', replacement).is_none();
    let mut m = Matcher::new(text, pattern, cx.step_allowance());
    while s.count < limit {
        let before = (s.out.bytes().len(), s.at, s.last, s.count);
        let mut replace_one = || {
            let Some(span) = next_match(cx, &mut m, text, anchored, s)? else { return Ok(false) };
            s.changed = true;
            if simple {
                s.out.append(replacement)?;
            } else {
                append_replacement(cx, &m, text, replacement, span, &mut s.out)?;
            }
            Ok(true)
        };
        match replace_one() {
            Ok(true) => {}
            Ok(false) => break,
            Err(Stop::Raise(raise)) => return Err(raise),
            Err(Stop::Full(Full(more))) => {
                // Once there is room the match is looked for again.
                let more = more + (s.out.bytes().len() - before.0);
                s.out.truncate(before.0);
                (s.at, s.last, s.count) = (before.1, before.2, before.3);
                return Ok(Some(Full(more)));
            }
        }
    }
    Ok(None)
}

/// Replaces the next match by what a function or a table gives; `false` if there is none.
fn replace_by_value(cx: &mut Cx<'_>, s: &mut Substitution) -> Result<bool, Raise> {
    let top = cx.count();
    let len = cx.check_str(0)?.len();
    s.out.room(cx, len.saturating_sub(s.at))?;
    let (span, nargs) = {
        let cx = &*cx;
        let text = cx.check_str(0)?;
        let (anchored, pattern) = split_anchor(cx.check_str(1)?);
        let mut m = Matcher::new(text, pattern, cx.step_allowance());
        let found = next_match(cx, &mut m, text, anchored, s).map_err(|stop| match stop {
            Stop::Raise(raise) => raise,
            Stop::Full(_) => cx.out_of_memory(),
        })?;
        let Some(span) = found else { return Ok(false) };
        match cx.arg(2).kind() {
            Kind::Table(table) if table.is_plain() => {
                push_capture(cx, &m, text, 0, span)?;
                cx.set(top, table.get(cx, cx.get(top)));
                (span, None)
            }
            Kind::Table(_) => {
                push_capture(cx, &m, text, 0, span)?;
                (span, Some(0))
            }
            _ => {
                cx.push(cx.arg(2))?;
                (span, Some(push_captures(cx, &m, text, span)?))
            }
        }
    };
    match nargs {
        None => {}
        Some(0) => cx.index(2)?,
        Some(n) => cx.call_n(n, 1)?,
    }
    let size = match cx.get(top).kind() {
        Kind::Nil | Kind::Bool(false) => span.1 - span.0,
        Kind::Str(text) => text.len(),
        _ => NUMBER_TEXT,
    };
    s.out.room(cx, size)?;
    if append_value(cx, cx.get(top), span, s)?.is_err() {
        return Err(cx.out_of_memory());
    }
    cx.set_count(top)?;
    Ok(true)
}

/// Appends what stands for a match.
fn append_value(
    cx: &Cx<'_>,
    value: Val<'_>,
    span: (usize, usize),
    s: &mut Substitution,
) -> Result<Result<(), Full>, Raise> {
    let number = match value.kind() {
        Kind::Nil | Kind::Bool(false) => {
            return Ok(s.out.append(cx.check_str(0)?.get(span.0..span.1).unwrap_or_default()));
        }
        Kind::Str(text) => {
            s.changed = true;
            return Ok(s.out.append(text));
        }
        Kind::Int(n) => Number::Int(n),
        Kind::Float(f) => Number::Float(f),
        _ => {
            let text = format!("invalid replacement value (a {})", value.type_name());
            return Err(cx.error_bytes(text.as_bytes()));
        }
    };
    s.changed = true;
    Ok(s.out.tail().map(|out| push_number_text(cx, number, out)))
}
