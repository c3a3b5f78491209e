//! The table library.

mod sort;

use super::push_number_text;
use crate::host::native::buffer::{Buffer, Full};
use crate::host::native::view::{Kind, Val};
use crate::host::native::{Cx, Raise, Ret, StdFn};
use crate::value::number::Number;

/// The functions of the library.
pub(crate) const FUNCTIONS: &[(&str, StdFn)] = &[
    ("concat", concat),
    ("create", create),
    ("insert", insert),
    ("move", move_items),
    ("pack", pack),
    ("remove", remove),
    ("sort", sort::sort),
    ("unpack", unpack),
];

/// Most values that can be moved at once.
const MAX_VALUES: u64 = 1_000_000;

/// What a function does with its table.
mod access {
    /// It reads.
    pub(super) const READ: u8 = 1;
    /// It writes.
    pub(super) const WRITE: u8 = 2;
    /// It takes the length.
    pub(super) const LEN: u8 = 4;
}

/// Raises unless argument `i` is a table or has the metamethods to stand in for one.
fn check_table_like(cx: &Cx<'_>, i: usize, uses: u8) -> Result<(), Raise> {
    if cx.arg(i).as_table().is_some() {
        return Ok(());
    }
    let has = |bit: u8, event: &str| uses & bit == 0 || !cx.metafield(i, event).is_nil();
    let own_len = cx.rules().string_is_list && cx.arg(i).as_str().is_some();
    let fit = i < cx.nargs()
        && cx.metatable_of(i).is_some()
        && has(access::READ, "__index")
        && has(access::WRITE, "__newindex")
        && (own_len || has(access::LEN, "__len"));
    if fit { Ok(()) } else { Err(cx.type_error(i, "table")) }
}

/// Checks argument 0 and takes its length.
fn checked_len(cx: &mut Cx<'_>, uses: u8) -> Result<i64, Raise> {
    check_table_like(cx, 0, uses | access::LEN)?;
    cx.len(0)
}

/// `t[to] = s[from]`, of the tables at two positions.
fn copy_item(
    cx: &mut Cx<'_>,
    source: usize,
    from: i64,
    target: usize,
    to: i64,
) -> Result<(), Raise> {
    if let (Kind::Table(s), Kind::Table(t)) = (cx.get(source).kind(), cx.get(target).kind())
        && s.is_plain()
        && t.is_plain()
    {
        return t.set_int(cx, to, s.get_int(from));
    }
    cx.index_int(source, from)?;
    cx.set_index_int(target, to)
}

/// `table.insert(list, [pos,] value)`
fn insert(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    if cx.nargs() == 2
        && let Kind::Table(table) = cx.arg(0).kind()
        && table.is_plain()
    {
        table.set_int(cx, table.raw_len().wrapping_add(1), cx.arg(1))?;
        return Ok(cx.ret0());
    }
    let end = checked_len(cx, access::READ | access::WRITE)?.wrapping_add(1);
    let pos = match cx.nargs() {
        2 => end,
        3 => {
            let pos = cx.check_int(1)?;
            if pos.wrapping_sub(1).cast_unsigned() >= end.cast_unsigned() {
                return Err(cx.arg_error(1, "position out of bounds"));
            }
            cx.charge(end.wrapping_sub(pos).cast_unsigned())?;
            let mut i = end;
            while i > pos {
                copy_item(cx, 0, i - 1, 0, i)?;
                i -= 1;
            }
            pos
        }
        _ => return Err(cx.error_bytes(b"wrong number of arguments to 'insert'")),
    };
    cx.push(cx.arg(cx.nargs() - 1))?;
    cx.set_index_int(0, pos)?;
    Ok(cx.ret0())
}

/// `table.remove(list [, pos])`
fn remove(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let size = checked_len(cx, access::READ | access::WRITE)?;
    let mut pos = cx.opt_int(1, size)?;
    let out_of_bounds = pos.wrapping_sub(1).cast_unsigned() > size.cast_unsigned();
    if cx.nargs() > 1 && pos != size && out_of_bounds {
        return Err(cx.arg_error(1, "position out of bounds"));
    }
    cx.index_int(0, pos)?;
    if pos < size {
        cx.charge((size - pos).cast_unsigned())?;
    }
    while pos < size {
        copy_item(cx, 0, pos + 1, 0, pos)?;
        pos += 1;
    }
    cx.push(Val::NIL)?;
    cx.set_index_int(0, pos)?;
    Ok(cx.ret_top(1))
}

/// `table.move(a1, f, e, t [, a2])`
fn move_items(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let (first, last, to) = (cx.check_int(1)?, cx.check_int(2)?, cx.check_int(3)?);
    let target = if cx.arg(4).is_nil() { 0 } else { 4 };
    check_table_like(cx, 0, access::READ)?;
    check_table_like(cx, target, access::WRITE)?;
    if last >= first {
        if first <= 0 && last >= i64::MAX.wrapping_add(first) {
            return Err(cx.arg_error(2, "too many elements to move"));
        }
        let n = last - first + 1;
        if to > i64::MAX - n + 1 {
            return Err(cx.arg_error(3, "destination wrap around"));
        }
        let upward = to > last || to <= first || target != 0 && !cx.equal(0, target)?;
        for step in 0..n {
            if step % 1024 == 0 {
                cx.charge((n - step).min(1024).cast_unsigned())?;
            }
            let i = if upward { step } else { n - 1 - step };
            copy_item(cx, 0, first + i, target, to + i)?;
        }
    }
    Ok(cx.ret(cx.arg(target)))
}

/// Appends a value, which has to be a string or a number; `Full` if that needs room.
fn append_item(
    cx: &Cx<'_>,
    value: Val<'_>,
    i: i64,
    out: &mut Buffer,
) -> Result<Result<(), Full>, Raise> {
    let number = match value.kind() {
        Kind::Str(text) => return Ok(out.append(text)),
        Kind::Int(n) => Number::Int(n),
        Kind::Float(f) => Number::Float(f),
        _ => {
            let name = value.type_name();
            let text = format!("invalid value ({name}) at index {i} in table for 'concat'");
            return Err(cx.error_bytes(text.as_bytes()));
        }
    };
    Ok(out.tail().map(|out| push_number_text(cx, number, out)))
}

/// Appends element `i` of argument 0 and the separator of argument 1 if there is to be one.
fn append_element(cx: &mut Cx<'_>, i: i64, separate: bool, out: &mut Buffer) -> Result<(), Raise> {
    let top = cx.count();
    let plain = matches!(cx.arg(0).kind(), Kind::Table(table) if table.is_plain());
    if !plain {
        cx.index_int(0, i)?;
    }
    loop {
        let shared = &*cx;
        let before = out.bytes().len();
        let value = match shared.arg(0).kind() {
            Kind::Table(table) if plain => table.get_int(i),
            _ => shared.get(top),
        };
        let mut done = append_item(shared, value, i, out)?;
        if separate && done.is_ok() {
            done = out.append(shared.arg(1).as_str().unwrap_or_default());
        }
        let Err(Full(more)) = done else { break };
        let more = more + (out.bytes().len() - before);
        out.truncate(before);
        out.room(cx, more)?;
    }
    cx.set_count(top)
}

/// `table.concat(list [, sep [, i [, j]]])`
fn concat(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let len = checked_len(cx, access::READ)?;
    cx.opt_str(1)?;
    let (first, last) = (cx.opt_int(2, 1)?, cx.opt_int(3, len)?);
    let mut out = cx.buffer();
    let mut i = first;
    while i <= last {
        if (i.wrapping_sub(first)) % 1024 == 0 {
            let left = last.wrapping_sub(i).cast_unsigned().min(1023) + 1;
            cx.charge(left)?;
        }
        append_element(cx, i, i != last, &mut out)?;
        if i == last {
            break;
        }
        i += 1;
    }
    super::ret_bytes(cx, out.bytes())
}

/// `table.pack(...)`
fn pack(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let n = cx.nargs();
    cx.reserve(n * size_of::<u128>())?;
    let table = cx.new_table(n, 1);
    for i in 0..n {
        table.set_int(cx, i as i64 + 1, cx.arg(i))?;
    }
    table.set_name(cx, "n", Val::int(n as i64))?;
    Ok(cx.ret(table.val()))
}

/// `table.unpack(list [, i [, j]])`
fn unpack(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    if cx.rules().unpack_checks_list {
        check_table_like(cx, 0, access::READ | access::LEN)?;
    }
    if cx.nargs() == 0 {
        cx.push(Val::NIL)?;
    }
    let first = cx.opt_int(1, 1)?;
    let last = if cx.arg(2).is_nil() { cx.len(0)? } else { cx.check_int(2)? };
    if first > last {
        return Ok(cx.ret0());
    }
    let less_one = last.wrapping_sub(first).cast_unsigned();
    if less_one >= MAX_VALUES - 1 || !cx.has_stack_room(less_one as usize + 1) {
        return Err(cx.error_bytes(b"too many results to unpack"));
    }
    let n = less_one as usize + 1;
    cx.charge(n as u64)?;
    cx.ensure_stack(n)?;
    for i in 0..n {
        cx.index_int(0, first.wrapping_add(i as i64))?;
    }
    Ok(cx.ret_top(n))
}

/// `table.create(nseq [, nrec])`
fn create(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let (list, fields) = (cx.check_int(0)?, cx.opt_int(1, 0)?);
    let Ok(list) = u32::try_from(list).map_err(|_| ()).and_then(in_range) else {
        return Err(cx.arg_error(0, "out of range"));
    };
    let Ok(fields) = u32::try_from(fields).map_err(|_| ()).and_then(in_range) else {
        return Err(cx.arg_error(1, "out of range"));
    };
    if fields > 1 << 26 {
        return Err(cx.error_bytes(b"table overflow"));
    }
    let bytes = list as usize * 9 + fields as usize * 40;
    cx.charge(bytes as u64 / 16)?;
    cx.reserve(bytes)?;
    Ok(cx.ret(cx.new_table(list as usize, fields as usize).val()))
}

/// A size that a C `int` holds.
fn in_range(n: u32) -> Result<u32, ()> {
    if n <= i32::MAX.cast_unsigned() { Ok(n) } else { Err(()) }
}
