//! Source bytes to syntax tree.

pub(crate) mod ast;
pub(crate) mod error;
pub(crate) mod fields;
mod lexer;
mod literal;
mod parser;
pub(crate) mod source;
mod strings;
mod token;
pub(crate) mod tokens;

pub use error::SyntaxError;
pub(crate) use literal::encode_utf8;
pub(crate) use parser::{parse, parse_part};
