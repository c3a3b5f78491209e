//! `pack`, `packsize` and `unpack`.

use super::packfmt::{PackError, PackFormat, PackItem, PackStep, int_fits, pack_int, unpack_int};
use super::start_position;
use crate::host::native::view::Val;
use crate::host::native::{Cx, Raise, Ret};
use crate::stdlib::ret_bytes;

/// Largest size of packed data.
const MAX_SIZE: usize = i64::MAX as usize;

/// Raises what is wrong with a format.
#[cold]
fn raise(cx: &Cx<'_>, error: PackError) -> Raise {
    if error.is_argument() { cx.arg_error(0, error) } else { cx.error(error) }
}

/// A reader of a format by the dialect's rules.
fn pack_format<'a>(cx: &Cx<'_>, format: &'a [u8]) -> PackFormat<'a> {
    let rules = cx.rules();
    PackFormat::new(format, rules.max_pack_size, rules.pack_alignment)
}

/// `string.pack(fmt, v1, v2, ...)`
pub(super) fn pack(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let format = super::super::text(cx, 0)?;
    let mut steps = pack_format(cx, format.bytes());
    let mut buffer = cx.buffer();
    let mut arg = 0;
    loop {
        let len = buffer.bytes().len();
        let step = steps.next(len).map_err(|error| raise(cx, error))?;
        let Some(step) = step else { break };
        let room = MAX_SIZE - len;
        if step.size.checked_add(step.padding).is_none_or(|size| size > room) {
            return Err(cx.arg_error(arg, "result too long"));
        }
        cx.charge(1 + step.size as u64 / 16)?;
        let text = cx.get(arg + 1).as_str().map_or(0, <[u8]>::len);
        buffer.write(cx, step.size + step.padding + text + 16, |cx, out| {
            out.resize(out.len() + step.padding, 0);
            match step.item {
                PackItem::Padding => out.push(0),
                PackItem::Align | PackItem::Nothing => {}
                PackItem::Fixed | PackItem::Counted | PackItem::Zero => {
                    arg += 1;
                    pack_text(cx, step, arg, out)?;
                }
                _ => {
                    arg += 1;
                    check_present(cx, arg, "number expected, got nil")?;
                    pack_number(cx, step, arg, out)?;
                }
            }
            Ok(())
        })?;
    }
    cx.charge(buffer.bytes().len() as u64 / 16)?;
    ret_bytes(cx, buffer.bytes())
}

/// Raises for an absent argument, which the reference takes for nil.
fn check_present(cx: &Cx<'_>, arg: usize, message: &str) -> Result<(), Raise> {
    if arg < cx.nargs() { Ok(()) } else { Err(cx.arg_error(arg, message)) }
}

/// Packs argument `arg`, a number.
fn pack_number(cx: &Cx<'_>, step: PackStep, arg: usize, out: &mut Vec<u8>) -> Result<(), Raise> {
    let start = out.len();
    match step.item {
        PackItem::Int | PackItem::Uint => {
            let n = cx.check_int(arg)?;
            let signed = step.item == PackItem::Int;
            if !int_fits(n, step.size, signed) {
                let text = if signed { "integer overflow" } else { "unsigned overflow" };
                return Err(cx.arg_error(arg, text));
            }
            pack_int(n, step.size, step.little, signed, out);
            return Ok(());
        }
        PackItem::Single => {
            #[expect(clippy::cast_possible_truncation, reason = "the option asks for it")]
            let f = cx.check_float(arg)? as f32;
            out.extend_from_slice(&f.to_le_bytes());
        }
        _ => out.extend_from_slice(&cx.check_float(arg)?.to_le_bytes()),
    }
    if !step.little {
        out[start..].reverse();
    }
    Ok(())
}

/// Packs argument `arg`, a string.
fn pack_text(cx: &mut Cx<'_>, step: PackStep, arg: usize, out: &mut Vec<u8>) -> Result<(), Raise> {
    check_present(cx, arg, "string expected, got nil")?;
    let len = cx.check_str(arg)?.len();
    match step.item {
        PackItem::Fixed => {
            if len > step.size {
                return Err(cx.arg_error(arg, "string longer than given size"));
            }
            let end = out.len() + step.size;
            out.extend_from_slice(cx.check_str(arg)?);
            out.resize(end, 0);
        }
        PackItem::Counted => {
            if step.size < 8 && (len as u64) >= 1 << (8 * step.size) {
                return Err(cx.arg_error(arg, "string length does not fit in given size"));
            }
            pack_int(len as i64, step.size, step.little, false, out);
            out.extend_from_slice(cx.check_str(arg)?);
        }
        _ => {
            let text = cx.check_str(arg)?;
            if memchr::memchr(0, text).is_some() {
                return Err(cx.arg_error(arg, "string contains zeros"));
            }
            out.extend_from_slice(text);
            out.push(0);
        }
    }
    Ok(())
}

/// `string.packsize(fmt)`
pub(super) fn packsize(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let cx = &*cx;
    let mut steps = pack_format(cx, cx.check_str(0)?);
    let limit = cx.rules().max_pack_size;
    let mut total = 0_usize;
    while let Some(step) = steps.next(total).map_err(|error| raise(cx, error))? {
        cx.charge(1)?;
        if matches!(step.item, PackItem::Counted | PackItem::Zero) {
            return Err(cx.arg_error(0, "variable-length format"));
        }
        let size = step.size.saturating_add(step.padding);
        match total.checked_add(size).filter(|&t| t <= limit) {
            Some(sum) => total = sum,
            None => return Err(cx.arg_error(0, "format result too large")),
        }
    }
    Ok(cx.ret(Val::int(total as i64)))
}

/// `string.unpack(fmt, s [, pos])`
pub(super) fn unpack(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let cx = &*cx;
    let mut steps = pack_format(cx, cx.check_str(0)?);
    let data = cx.check_str(1)?;
    let mut at = start_position(cx.opt_int(2, 1)?, data.len()) - 1;
    if at > data.len() {
        return Err(cx.arg_error(2, "initial position out of string"));
    }
    let mut n = 0;
    while let Some(step) = steps.next(at).map_err(|error| raise(cx, error))? {
        cx.charge(1 + step.size as u64 / 16)?;
        let size = step.size.saturating_add(step.padding);
        if size > data.len() - at {
            return Err(cx.arg_error(1, "data string too short"));
        }
        at += step.padding;
        let end = at + step.size;
        match step.item {
            PackItem::Padding | PackItem::Align | PackItem::Nothing => {
                at = end;
                continue;
            }
            _ => {}
        }
        n += 1;
        cx.ensure_stack(2)?;
        at = unpack_item(cx, step, data, at, end)?;
    }
    cx.push(Val::int(at as i64 + 1))?;
    Ok(cx.ret_top(n + 1))
}

/// Pushes the value at `at..end`; the result is the offset after it.
fn unpack_item(
    cx: &Cx<'_>,
    step: PackStep,
    data: &[u8],
    at: usize,
    end: usize,
) -> Result<usize, Raise> {
    let bytes = &data[at..end];
    match step.item {
        PackItem::Int | PackItem::Uint => {
            let signed = step.item == PackItem::Int;
            let n = unpack_int(bytes, step.little, signed).map_err(|error| raise(cx, error))?;
            cx.push(Val::int(n))?;
        }
        PackItem::Single | PackItem::Double => {
            let mut low = [0; 8];
            low[..bytes.len()].copy_from_slice(bytes);
            if !step.little {
                low[..bytes.len()].reverse();
            }
            let bits = u64::from_le_bytes(low);
            let f = if step.item == PackItem::Double {
                f64::from_bits(bits)
            } else {
                #[expect(clippy::cast_possible_truncation, reason = "only four bytes are set")]
                let single = f32::from_bits(bits as u32);
                f64::from(single)
            };
            cx.push(Val::float(f))?;
        }
        PackItem::Fixed => cx.push(cx.str(bytes))?,
        PackItem::Counted => {
            let len = unpack_int(bytes, step.little, false).map_err(|error| raise(cx, error))?;
            let len = usize::try_from(len).ok().filter(|&len| len <= data.len() - end);
            let Some(len) = len else { return Err(cx.arg_error(1, "data string too short")) };
            cx.push(cx.str(&data[end..end + len]))?;
            return Ok(end + len);
        }
        _ => {
            let Some(len) = memchr::memchr(0, &data[at..]) else {
                return Err(cx.arg_error(1, "unfinished string for format 'z'"));
            };
            cx.push(cx.str(&data[at..at + len]))?;
            return Ok(at + len + 1);
        }
    }
    Ok(end)
}
