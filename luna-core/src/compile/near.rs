//! Where an error of meaning is: at the token that a single-pass compiler looks at when it finds it.
//!
//! The tree does not say where its tokens stand, only their lines. The token after the one that was consumed last is found
//! by compiling what fewer tokens are enough for: the first number of tokens with which the error comes up is the number
//! consumed before it.

use super::{CompileError, Source};
use crate::meter::Meter;
use crate::syntax::SyntaxError;
use crate::syntax::tokens::{count_tokens, error_at_token};

/// The error with its line, and its token if that `is_shown`. `room` is what each attempt may take of memory.
#[cold]
pub(super) fn place(chunk: &Source<'_>, msg: &[u8], is_shown: bool, room: usize) -> SyntaxError {
    let comes_up = |tokens| {
        let result = chunk.compile(&mut Meter::new(room), tokens);
        matches!(result, Err(e) if matches!(*e, CompileError::After(_) | CompileError::Near(_)))
    };
    // It does with the last of these, and not with the first.
    let (mut fewer, mut enough) = (0, count_tokens(chunk.text, room));
    while enough - fewer > 1 {
        let middle = fewer + (enough - fewer) / 2;
        if comes_up(middle) {
            enough = middle;
        } else {
            fewer = middle;
        }
    }
    error_at_token(chunk.text, enough, msg, is_shown, room).in_chunk(chunk.name)
}
