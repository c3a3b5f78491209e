//! Numbers to text and back, as the language and C's `printf` write them. No locale, no C library.

mod cformat;
mod decimal;
mod parse;
mod print;

pub(crate) use cformat::{FloatSpec, FloatStyle, format_float};
pub(crate) use parse::parse_number;
pub(crate) use print::{FloatText, push_int, push_number};

#[cfg(test)]
mod tests;
