//! `string.format`

use super::spec::{
    FLOAT_FLAGS, HEX_FLAGS, INT_FLAGS, LONG_TEXT, Modifiers, Spec, SpecError, TEXT_FLAGS,
    UNSIGNED_FLAGS, push_integer, push_quoted, push_quoted_float, push_quoted_int, push_real,
    push_text,
};
use crate::host::native::view::Kind;
use crate::host::native::{Cx, Raise, Ret};
use crate::stdlib::ret_bytes;
use crate::value::numfmt::push_int;

/// Raises what is wrong with a specification.
#[cold]
fn raise(cx: &Cx<'_>, error: &SpecError) -> Raise {
    cx.error_bytes(&error.text())
}

/// The modifiers of a specification, checked.
fn modifiers(
    cx: &Cx<'_>,
    spec: &Spec<'_>,
    flags: &[u8],
    precision: bool,
) -> Result<Modifiers, Raise> {
    spec.modifiers(flags, precision).map_err(|error| raise(cx, &error))
}

/// Most bytes that an item other than a string takes.
const ITEM: usize = 512;
/// Units that a conversion takes besides its bytes.
const CONVERSION: u64 = 8;

/// `string.format(formatstring, ...)`
pub(super) fn format(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let mut out = cx.buffer();
    out.room(cx, cx.check_str(0)?.len() + 32)?;
    let (mut at, mut arg) = (0, 0);
    loop {
        let rest = cx.arg(0).as_str().unwrap_or_default().get(at..).unwrap_or_default();
        let n = memchr::memchr(b'%', rest);
        let (literal, percent) = (n.unwrap_or(rest.len()), rest.get(n.map_or(0, |n| n + 1)));
        let escaped = n.is_some() && percent == Some(&b'%');
        out.write(cx, literal + 1, |cx, out| {
            let rest = cx.arg(0).as_str().unwrap_or_default().get(at..).unwrap_or_default();
            out.extend_from_slice(&rest[..literal + usize::from(escaped)]);
            Ok(())
        })?;
        if n.is_none() {
            break;
        }
        at += literal + 1;
        if escaped {
            at += 1;
            continue;
        }
        arg += 1;
        if arg >= cx.nargs() {
            return Err(cx.arg_error(arg, "no value"));
        }
        // `%q` writes at most four bytes for one.
        let estimate = cx.arg(arg).as_str().map_or(0, <[u8]>::len).saturating_mul(4) + ITEM;
        at += out.write(cx, estimate, |cx, out| item(cx, at, arg, out))?;
    }
    cx.charge(CONVERSION * arg as u64 + out.bytes().len() as u64 / 16)?;
    ret_bytes(cx, out.bytes())
}

/// Appends argument `arg` as the specification at offset `at` says; the result is its length.
fn item(cx: &mut Cx<'_>, at: usize, arg: usize, out: &mut Vec<u8>) -> Result<usize, Raise> {
    let shared = &*cx;
    let text = shared.arg(0).as_str().unwrap_or_default();
    let spec =
        Spec::read(text.get(at..).unwrap_or_default()).map_err(|error| raise(shared, &error))?;
    let (len, conversion) = (spec.len(), spec.conversion);
    match conversion {
        b's' => {
            if spec.is_bare() {
                append_text(cx, arg, out)?;
            } else {
                padded_text(cx, at, arg, out)?;
            }
        }
        b'd' | b'i' | b'u' | b'o' | b'x' | b'X' => {
            let n = shared.check_int(arg)?;
            if spec.is_bare() && matches!(conversion, b'd' | b'i') {
                push_int(n, out);
                return Ok(len);
            }
            let flags = match conversion {
                b'd' | b'i' => INT_FLAGS,
                b'u' => UNSIGNED_FLAGS,
                _ => HEX_FLAGS,
            };
            push_integer(n, conversion, &modifiers(shared, &spec, flags, true)?, out);
        }
        b'c' => {
            let m = modifiers(shared, &spec, TEXT_FLAGS, false)?;
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "C takes the low byte"
            )]
            let byte = shared.check_int(arg)? as u8;
            push_text(&[byte], &m, out);
        }
        b'a' | b'A' => {
            let m = modifiers(shared, &spec, FLOAT_FLAGS, true)?;
            push_real(shared.check_float(arg)?, conversion, &m, out);
        }
        b'e' | b'E' | b'f' | b'g' | b'G' => {
            let f = shared.check_float(arg)?;
            push_real(f, conversion, &modifiers(shared, &spec, FLOAT_FLAGS, true)?, out);
        }
        b'p' => {
            let m = modifiers(shared, &spec, TEXT_FLAGS, false)?;
            let address = shared.shown_address(arg);
            let shown = address.map_or_else(|| "(null)".to_owned(), |a| format!("0x{a:x}"));
            push_text(shown.as_bytes(), &m, out);
        }
        b'q' => {
            if !spec.is_bare() {
                return Err(shared.error_bytes(b"specifier '%q' cannot have modifiers"));
            }
            quoted(shared, arg, out)?;
        }
        _ => return Err(raise(shared, &spec.unknown())),
    }
    Ok(len)
}

/// `%s` without modifiers.
fn append_text(cx: &mut Cx<'_>, arg: usize, out: &mut Vec<u8>) -> Result<(), Raise> {
    if let Some(text) = cx.arg(arg).as_str() {
        out.extend_from_slice(text);
        return Ok(());
    }
    let top = cx.count();
    cx.push_tostring(arg)?;
    out.extend_from_slice(cx.get(top).as_str().unwrap_or_default());
    cx.set_count(top)
}

/// `%s` with modifiers, the specification being at offset `at`.
fn padded_text(cx: &mut Cx<'_>, at: usize, arg: usize, out: &mut Vec<u8>) -> Result<(), Raise> {
    let top = cx.count();
    cx.push_tostring(arg)?;
    let shared = &*cx;
    let text = shared.get(top).as_str().unwrap_or_default();
    if memchr::memchr(0, text).is_some() {
        return Err(shared.arg_error(arg, "string contains zeros"));
    }
    let format = shared.arg(0).as_str().unwrap_or_default();
    let spec =
        Spec::read(format.get(at..).unwrap_or_default()).map_err(|error| raise(shared, &error))?;
    let m = modifiers(shared, &spec, TEXT_FLAGS, true)?;
    if m.precision.is_none() && text.len() >= LONG_TEXT {
        out.extend_from_slice(text);
    } else {
        push_text(text, &m, out);
    }
    shared.set_count(top)
}

/// `%q`
fn quoted(cx: &Cx<'_>, arg: usize, out: &mut Vec<u8>) -> Result<(), Raise> {
    match cx.arg(arg).kind() {
        Kind::Str(text) => push_quoted(text, out),
        Kind::Int(n) => push_quoted_int(n, out),
        Kind::Float(f) => push_quoted_float(f, out),
        Kind::Nil => out.extend_from_slice(b"nil"),
        Kind::Bool(b) => out.extend_from_slice(if b { b"true" } else { b"false" }),
        _ => return Err(cx.arg_error(arg, "value has no literal form")),
    }
    Ok(())
}
