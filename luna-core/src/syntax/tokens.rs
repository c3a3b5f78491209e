//! Finding a token of a chunk by its number. `room` is what may be taken of memory for that.

use super::SyntaxError;
use super::lexer::Lexer;
use super::token::Token;
use crate::meter::Meter;

/// The number of tokens up to the end of the chunk, or to the first that cannot be read.
pub(crate) fn count_tokens(src: &[u8], room: usize) -> u32 {
    let mut meter = Meter::new(room);
    let mut lexer = Lexer::new(src, b"", &mut meter);
    let mut count = 0;
    while let Ok(lexed) = lexer.next_token()
        && lexed.token != Token::Eof
    {
        count += 1;
    }
    count
}

/// The error `msg` at the token that has `before` tokens before it, which it shows if that `is_shown`.
pub(crate) fn error_at_token(
    src: &[u8],
    before: u32,
    msg: &[u8],
    is_shown: bool,
    room: usize,
) -> SyntaxError {
    let mut meter = Meter::new(room);
    let mut lexer = Lexer::new(src, b"", &mut meter);
    for _ in 0..before {
        if lexer.next_token().is_err() {
            break;
        }
    }
    match lexer.next_token() {
        Ok(lexed) if is_shown && lexed.token != Token::Sym(0) => {
            *lexer.error_near(msg, &lexer.token_text(lexed))
        }
        _ => *lexer.error(msg),
    }
}
