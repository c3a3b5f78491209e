//! Conversions between numbers and strings, and `tostring`.

use super::error::Raised;
use super::meta::{self, Event};
use super::{State, call, inspect, stack};
use crate::heap::alloc::Block;
use crate::value::number::{Number, float_to_int_exact};
use crate::value::numfmt::{FloatText, parse_number, push_number};
use crate::value::repr::{RawValue, tag};
use crate::value::string::Str;

/// A value as a number, if it is one or a string that reads as one.
pub(crate) unsafe fn to_number(value: RawValue) -> Option<Number> {
    match value.tag {
        tag::INT => Some(Number::Int(value.as_int())),
        tag::FLOAT => Some(Number::Float(value.as_float())),
        tag::STR => parse_number(Str::bytes(value.as_ptr())),
        _ => None,
    }
}

/// A value as an integer, if it is a number or string with an exact integer value.
pub(crate) unsafe fn to_integer(value: RawValue) -> Option<i64> {
    match value.tag {
        tag::INT => Some(value.as_int()),
        tag::FLOAT => float_to_int_exact(value.as_float()),
        _ => to_number(value).and_then(Number::to_int_exact),
    }
}

/// Appends a number's text.
pub(crate) unsafe fn push_number_text(l: *mut State, value: RawValue, out: &mut Vec<u8>) {
    let style =
        if (*l).rules.float_round_trip { FloatText::RoundTrip } else { FloatText::Digits14 };
    let number = if value.tag == tag::INT {
        Number::Int(value.as_int())
    } else {
        Number::Float(value.as_float())
    };
    push_number(number, style, out);
}

/// The string of a number.
pub(crate) unsafe fn number_to_string(l: *mut State, value: RawValue) -> *mut Str {
    let mut text = Vec::with_capacity(32);
    push_number_text(l, value, &mut text);
    Str::new(&mut (*l).heap, &text)
}

/// Pushes what `tostring` gives for a value.
pub(crate) unsafe fn push_tostring(l: *mut State, value: RawValue) -> Result<(), Raised> {
    stack::ensure(l, 4)?;
    let handler = meta::handler(l, value, Event::ToString);
    if !handler.is_nil() {
        super::observe::handler(l, "__tostring");
        let result = call::with_args(l, handler, &[value])?;
        if result.tag != tag::STR {
            if matches!(result.tag, tag::INT | tag::FLOAT) {
                let text = RawValue::str(number_to_string(l, result));
                call::push(l, text);
                return Ok(());
            }
            return Err(super::error::throw_with_position(
                l,
                1,
                b"'__tostring' must return a string",
            ));
        }
        call::push(l, result);
        return Ok(());
    }
    let text = match value.tag {
        tag::STR => value,
        tag::INT | tag::FLOAT => RawValue::str(number_to_string(l, value)),
        tag::NIL => RawValue::str(Str::new(&mut (*l).heap, b"nil")),
        tag::FALSE => RawValue::str(Str::new(&mut (*l).heap, b"false")),
        tag::TRUE => RawValue::str(Str::new(&mut (*l).heap, b"true")),
        _ => {
            let mut text = inspect::type_name(l, value);
            text.extend_from_slice(format!(": 0x{:x}", shown_address(l, value)).as_bytes());
            RawValue::str(Str::new(&mut (*l).heap, &text))
        }
    };
    call::push(l, text);
    Ok(())
}

/// What scripts see as the address of an object: where it is, or what is the same in every run.
pub(crate) unsafe fn shown_address(l: *mut State, object: RawValue) -> u64 {
    if (*l).heap.hides_addresses && object.is_object() {
        return Block::identity(object.as_header().addr());
    }
    object.bits
}
