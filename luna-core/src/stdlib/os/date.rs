//! `os.date` and `os.time`.

use super::calendar::{Civil, Zone, conversion_len, push_conversion};
use super::now;
use super::zone::Local;
use crate::host::native::buffer::Buffer;
use crate::host::native::view::{TableRef, Val};
use crate::host::native::{Cx, Raise, Ret};
use crate::stdlib::{optional_text, ret_bytes};

/// Sets the fields of a date table.
fn set_fields(cx: &Cx<'_>, table: TableRef<'_>, t: &Civil, dst: bool) -> Result<(), Raise> {
    let fields = [
        ("year", t.year),
        ("month", t.month),
        ("day", t.day),
        ("hour", t.hour),
        ("min", t.min),
        ("sec", t.sec),
        ("yday", t.year_day + 1),
        ("wday", t.weekday + 1),
    ];
    for (name, value) in fields {
        table.set_name(cx, name, Val::int(value))?;
    }
    table.set_name(cx, "isdst", Val::bool(dst))
}

/// More bytes than a conversion makes of a date.
const CONVERSION: usize = 128;

/// `os.date([format [, time]])`
pub(super) fn date(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let format = optional_text(cx, 0)?;
    let format = format.as_ref().map_or(b"%c".as_slice(), Buffer::bytes);
    let seconds = if cx.arg(1).is_nil() { now(cx)? } else { cx.check_int(1)? };
    let (local, format) = match format.strip_prefix(b"!") {
        Some(rest) => (Local::universal(), rest),
        None => (Local::at(cx, seconds)?, format),
    };
    let civil = seconds.checked_add(local.offset).and_then(Civil::from_seconds);
    let Some(civil) = civil else {
        return Err(cx.error_bytes(b"date result cannot be represented in this installation"));
    };
    if format == b"*t" {
        let table = cx.new_table(0, 9);
        set_fields(cx, table, &civil, local.dst)?;
        return Ok(cx.ret(table.val()));
    }
    let zone = Zone { offset: local.offset, name: &local.name };
    let mut out = cx.buffer();
    let mut rest = format;
    while let Some(at) = memchr::memchr(b'%', rest) {
        let before = &rest[..at];
        rest = &rest[at + 1..];
        let Some(len) = conversion_len(rest) else {
            let shown = &rest[..memchr::memchr(0, rest).unwrap_or(rest.len())];
            let text = [b"invalid conversion specifier '%", shown, b"'"].concat();
            return Err(cx.arg_error_bytes(0, &text));
        };
        out.write(cx, at + CONVERSION, |_, out| {
            out.extend_from_slice(before);
            push_conversion(rest[len - 1], &civil, &zone, out);
            Ok(())
        })?;
        rest = &rest[len..];
        cx.charge(1)?;
    }
    out.add(cx, rest)?;
    ret_bytes(cx, out.bytes())
}

/// A field of the date table in argument 0, which a C `int` has to hold once `delta` is taken off.
fn field(cx: &mut Cx<'_>, name: &str, default: Option<i64>, delta: i64) -> Result<i64, Raise> {
    let top = cx.count();
    cx.push(cx.str(name.as_bytes()))?;
    cx.index(0)?;
    let value = cx.get(top);
    let number = cx.to_number(value).and_then(|n| n.to_int_exact());
    let result = match number {
        Some(n) => match i32::try_from(i128::from(n) - i128::from(delta)) {
            Ok(_) => Ok(n),
            Err(_) => Err(cx.error(format_args!("field '{name}' is out-of-bound"))),
        },
        None if !value.is_nil() => Err(cx.error(format_args!("field '{name}' is not an integer"))),
        None => {
            default.ok_or_else(|| cx.error(format_args!("field '{name}' missing in date table")))
        }
    };
    cx.set_count(top)?;
    result
}

/// `os.time([table])`
pub(super) fn time(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    if cx.arg(0).is_nil() {
        return Ok(cx.ret(Val::int(now(cx)?)));
    }
    cx.check_table(0)?;
    let civil = Civil {
        year: field(cx, "year", None, 1900)?,
        month: field(cx, "month", None, 1)?,
        day: field(cx, "day", None, 0)?,
        hour: field(cx, "hour", Some(12), 0)?,
        min: field(cx, "min", Some(0), 0)?,
        sec: field(cx, "sec", Some(0), 0)?,
        weekday: 0,
        year_day: 0,
    };
    let top = cx.count();
    cx.push(cx.str(b"isdst"))?;
    cx.index(0)?;
    let summer = cx.get(top).truthy();
    cx.set_count(top)?;
    // The offset at the instant is not known before the instant is: a second look settles all but the odd hour.
    let plain = civil.to_seconds();
    let guess = plain - Local::at(cx, plain)?.offset;
    let mut seconds = plain - Local::at(cx, guess)?.offset;
    let mut local = Local::at(cx, seconds)?;
    if summer && !local.dst {
        seconds -= 3600;
        local = Local::at(cx, seconds)?;
    }
    match Civil::from_seconds(seconds + local.offset) {
        Some(normal) if seconds != -1 => {
            let table = cx.check_table(0)?;
            set_fields(cx, table, &normal, local.dst)?;
            Ok(cx.ret(Val::int(seconds)))
        }
        _ => Err(cx.error_bytes(b"time result cannot be represented in this installation")),
    }
}
