//! Bytes to tokens.

use super::ast::StrId;
use super::error::SyntaxError;
use super::strings::Strings;
use super::token::{Lexed, Token, keyword};
use crate::meter::Meter;

/// A result whose error is boxed, so that the good case stays small.
pub(crate) type Parsed<T> = Result<T, Box<SyntaxError>>;

/// Reads tokens from a chunk.
#[derive(Debug)]
pub(crate) struct Lexer<'s> {
    /// The chunk; shorter than 4 GiB.
    pub(super) src: &'s [u8],
    /// The chunk's name, for messages.
    chunk_name: &'s [u8],
    /// Offset of the next unread byte.
    pub(super) pos: usize,
    /// Line of that byte, from 1.
    pub(crate) line: u32,
    /// Names and string literals seen.
    pub(crate) strings: Strings,
    /// Text of a literal that does not stand in the source as it is.
    pub(super) buf: Vec<u8>,
    /// What the compilation takes of its memory.
    pub(crate) meter: &'s mut Meter,
}

/// Whether a byte can be part of a name.
pub(super) fn is_name_byte(c: u8) -> bool {
    c.is_ascii_alphanumeric() || c == b'_'
}

impl<'s> Lexer<'s> {
    /// A lexer at the start of `src`.
    pub(crate) fn new(src: &'s [u8], chunk_name: &'s [u8], meter: &'s mut Meter) -> Lexer<'s> {
        Lexer { src, chunk_name, pos: 0, line: 1, strings: Strings::new(), buf: Vec::new(), meter }
    }

    /// Makes the next token the end of the chunk.
    pub(crate) fn skip_all(&mut self) {
        self.pos = self.src.len();
    }

    /// The number of a name or string.
    pub(crate) fn intern(&mut self, text: &[u8]) -> StrId {
        self.strings.intern(text, self.meter)
    }

    /// The next byte; `None` at the end.
    #[inline]
    pub(super) fn peek(&self) -> Option<u8> {
        self.src.get(self.pos).copied()
    }

    /// Skips a line end of one or two bytes.
    pub(super) fn skip_newline(&mut self) -> Parsed<()> {
        let first = self.peek();
        self.pos += 1;
        if let Some(second @ (b'\n' | b'\r')) = self.peek()
            && Some(second) != first
        {
            self.pos += 1;
        }
        self.line += 1;
        if self.line >= i32::MAX.unsigned_abs() {
            Err(self.error("chunk has too many lines"))
        } else {
            Ok(())
        }
    }

    /// Skips the next byte if it is `c`.
    fn eat(&mut self, c: u8) -> bool {
        let found = self.peek() == Some(c);
        self.pos += usize::from(found);
        found
    }

    /// Reads one token.
    pub(crate) fn next_token(&mut self) -> Parsed<Lexed> {
        loop {
            let start = self.pos;
            let Some(c) = self.peek() else { return Ok(self.lexed(Token::Eof, start)) };
            self.pos += 1;
            let token = match c {
                b'\n' | b'\r' => {
                    self.pos = start;
                    self.skip_newline()?;
                    continue;
                }
                b' ' | b'\t' | 0x0B | 0x0C => continue,
                b'a'..=b'z' | b'A'..=b'Z' | b'_' => self.name(start),
                b'0'..=b'9' => self.numeral(start)?,
                b'"' | b'\'' => self.short_string(c)?,
                b'-' if self.peek() == Some(b'-') => {
                    self.comment()?;
                    continue;
                }
                b'[' => self.bracket()?,
                b'.' => self.dot(start)?,
                _ => self.symbol(c),
            };
            return Ok(self.lexed(token, start));
        }
    }

    /// A token that starts at `start` and ends here.
    fn lexed(&self, token: Token, start: usize) -> Lexed {
        #[expect(clippy::cast_possible_truncation, reason = "a chunk is shorter than 4 GiB")]
        let (start, end) = (start as u32, self.pos as u32);
        Lexed { token, start, end }
    }

    /// A name or keyword whose first byte is read.
    fn name(&mut self, start: usize) -> Token {
        let rest = &self.src[self.pos..];
        self.pos += rest.iter().position(|&c| !is_name_byte(c)).unwrap_or(rest.len());
        let name = &self.src[start..self.pos];
        if (2..=8).contains(&name.len())
            && let Some(word) = keyword(name)
        {
            return word;
        }
        Token::Name(self.strings.intern(name, self.meter))
    }

    /// An operator or other single byte, already read.
    fn symbol(&mut self, c: u8) -> Token {
        match c {
            b'=' if self.eat(b'=') => Token::Eq,
            b'<' if self.eat(b'=') => Token::Le,
            b'<' if self.eat(b'<') => Token::Shl,
            b'>' if self.eat(b'=') => Token::Ge,
            b'>' if self.eat(b'>') => Token::Shr,
            b'/' if self.eat(b'/') => Token::IDiv,
            b'~' if self.eat(b'=') => Token::Ne,
            b':' if self.eat(b':') => Token::DbColon,
            _ => Token::Sym(c),
        }
    }

    /// What starts with a dot.
    fn dot(&mut self, start: usize) -> Parsed<Token> {
        if self.eat(b'.') {
            return Ok(if self.eat(b'.') { Token::Dots } else { Token::Concat });
        }
        if self.peek().is_some_and(|c| c.is_ascii_digit()) {
            self.numeral(start)
        } else {
            Ok(Token::Sym(b'.'))
        }
    }

    /// What starts with `[`, already read: a long string or the bracket alone.
    fn bracket(&mut self) -> Parsed<Token> {
        let start = self.pos - 1;
        match self.long_open(start) {
            Some(level) => self.long_string(start, level),
            None if self.peek() == Some(b'=') => {
                self.skip_equals();
                let text = &self.src[start..self.pos];
                Err(self.error_near("invalid long string delimiter", &quoted(text)))
            }
            None => Ok(Token::Sym(b'[')),
        }
    }

    /// Skips a comment; the first `-` is read.
    fn comment(&mut self) -> Parsed<()> {
        self.pos += 1;
        if self.peek() == Some(b'[')
            && let Some(level) = self.long_open(self.pos)
        {
            return self.long_comment(level);
        }
        let rest = &self.src[self.pos..];
        self.pos += memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
        Ok(())
    }

    /// The bytes behind a name or string.
    pub(crate) fn text(&self, id: StrId) -> &[u8] {
        self.strings.get(id)
    }

    /// How messages show a token that was read.
    pub(crate) fn token_text(&self, lexed: Lexed) -> Vec<u8> {
        let raw = &self.src[lexed.start as usize..lexed.end as usize];
        match lexed.token {
            Token::Name(_) | Token::Int(_) | Token::Float(_) => quoted(raw),
            Token::Str(id) => {
                // The literal's value between the delimiters as written.
                let delim = match raw.first() {
                    Some(b'[') => 2 + raw[1..].iter().take_while(|&&c| c == b'=').count(),
                    _ => 1,
                };
                let mut text = raw[..delim].to_vec();
                text.extend_from_slice(self.text(id));
                text.extend_from_slice(&raw[raw.len() - delim..]);
                quoted(&text)
            }
            token => token.describe().into_bytes(),
        }
    }

    /// An error at the current line.
    pub(crate) fn error(&self, msg: impl Into<Vec<u8>>) -> Box<SyntaxError> {
        self.error_at(self.line, msg)
    }

    /// An error at a line.
    pub(crate) fn error_at(&self, line: u32, msg: impl Into<Vec<u8>>) -> Box<SyntaxError> {
        Box::new(SyntaxError::new(line, msg).in_chunk(self.chunk_name))
    }

    /// An error without a position.
    pub(crate) fn error_unplaced(&self, msg: &str) -> Box<SyntaxError> {
        Box::new(SyntaxError::new(0, msg).in_chunk(self.chunk_name))
    }

    /// An error at the current line that shows `near`.
    pub(crate) fn error_near(&self, msg: impl Into<Vec<u8>>, near: &[u8]) -> Box<SyntaxError> {
        let mut text = msg.into();
        text.extend_from_slice(b" near ");
        text.extend_from_slice(near);
        self.error(text)
    }
}

/// `text` in quotes, up to its first NUL: messages are C strings in the reference.
pub(super) fn quoted(text: &[u8]) -> Vec<u8> {
    let text = &text[..memchr::memchr(0, text).unwrap_or(text.len())];
    let mut out = Vec::with_capacity(text.len() + 2);
    out.push(b'\'');
    out.extend_from_slice(text);
    out.push(b'\'');
    out
}
