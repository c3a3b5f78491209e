//! Numerals, escapes and long strings.

use super::lexer::{Lexer, Parsed, is_name_byte, quoted};
use super::token::Token;
use crate::value::number::Number;
use crate::value::numfmt::parse_number;

impl Lexer<'_> {
    /// A numeral that starts at `start`, its first byte read.
    pub(super) fn numeral(&mut self, start: usize) -> Parsed<Token> {
        let first = start + usize::from(self.src[start] == b'.');
        self.pos = first + 1;
        let mut exponent = [b'e', b'E'];
        if self.src[first] == b'0' && matches!(self.peek(), Some(b'x' | b'X')) {
            self.pos += 1;
            exponent = [b'p', b'P'];
        }
        while let Some(c) = self.peek() {
            if exponent.contains(&c) {
                self.pos += 1;
                self.pos += usize::from(matches!(self.peek(), Some(b'+' | b'-')));
            } else if c.is_ascii_hexdigit() || c == b'.' {
                self.pos += 1;
            } else {
                break;
            }
        }
        if self.peek().is_some_and(|c| is_name_byte(c) && !c.is_ascii_digit()) {
            self.pos += 1; // a numeral that touches a letter is malformed
        }
        let text = &self.src[start..self.pos];
        match parse_number(text) {
            Some(Number::Int(i)) => Ok(Token::Int(i)),
            Some(Number::Float(f)) => Ok(Token::Float(f)),
            None => Err(self.error_near("malformed number", &quoted(text))),
        }
    }

    /// If the `[` at `at` opens a long bracket, skips the opening and tells its level.
    pub(super) fn long_open(&mut self, at: usize) -> Option<usize> {
        let rest = &self.src[at + 1..];
        let level = rest.iter().take_while(|&&c| c == b'=').count();
        if rest.get(level) == Some(&b'[') {
            self.pos = at + level + 2;
            Some(level)
        } else {
            None
        }
    }

    /// Skips a run of `=`.
    pub(super) fn skip_equals(&mut self) {
        while self.peek() == Some(b'=') {
            self.pos += 1;
        }
    }

    /// Moves to the next byte that matters in a long bracket: `]` or a line end.
    fn seek_long(&mut self, what: &str, first_line: u32) -> Parsed<u8> {
        let rest = &self.src[self.pos..];
        if let Some(n) = memchr::memchr3(b']', b'\n', b'\r', rest) {
            self.pos += n;
            return Ok(rest[n]);
        }
        self.pos = self.src.len();
        Err(self.error_near(
            format!("unfinished long {what} (starting at line {first_line})"),
            b"<eof>",
        ))
    }

    /// Skips a closing bracket of `level` at the current `]`; without one, skips what cannot begin one.
    fn long_close(&mut self, level: usize) -> bool {
        self.pos += 1;
        let rest = &self.src[self.pos..];
        let equals = rest.iter().take_while(|&&c| c == b'=').count();
        self.pos += equals;
        let closes = equals == level && rest.get(equals) == Some(&b']');
        self.pos += usize::from(closes);
        closes
    }

    /// A long string whose opening, at `start`, is read.
    pub(super) fn long_string(&mut self, start: usize, level: usize) -> Parsed<Token> {
        let first_line = self.line;
        if matches!(self.peek(), Some(b'\n' | b'\r')) {
            self.skip_newline()?;
        }
        let mut run = self.pos;
        self.buf.clear();
        debug_assert!(start + level + 2 <= run, "the opening is read");
        loop {
            if self.seek_long("string", first_line)? == b']' {
                let end = self.pos;
                if self.long_close(level) {
                    return Ok(Token::Str(self.finish(run, end)));
                }
                continue;
            }
            let at = self.pos;
            self.skip_newline()?;
            if self.src[at..self.pos] != *b"\n" {
                self.meter.append(&mut self.buf, &self.src[run..at]);
                self.meter.push(&mut self.buf, b'\n');
                run = self.pos;
            }
        }
    }

    /// Skips a long comment whose opening is read.
    pub(super) fn long_comment(&mut self, level: usize) -> Parsed<()> {
        let first_line = self.line;
        loop {
            if self.seek_long("comment", first_line)? != b']' {
                self.skip_newline()?;
            } else if self.long_close(level) {
                return Ok(());
            }
        }
    }

    /// The string made of the buffer and `src[run..end]`.
    fn finish(&mut self, run: usize, end: usize) -> super::ast::StrId {
        let tail = &self.src[run..end];
        if self.buf.is_empty() {
            return self.strings.intern(tail, self.meter);
        }
        self.meter.append(&mut self.buf, tail);
        self.strings.intern(&self.buf, self.meter)
    }

    /// A string in quotes, the opening one read.
    pub(super) fn short_string(&mut self, delim: u8) -> Parsed<Token> {
        let mut run = self.pos;
        self.buf.clear();
        loop {
            let rest = &self.src[self.pos..];
            let stop = rest.iter().position(|&c| c == delim || matches!(c, b'\\' | b'\n' | b'\r'));
            let Some(n) = stop else {
                self.pos = self.src.len();
                return Err(self.error_near("unfinished string", b"<eof>"));
            };
            self.pos += n;
            match rest[n] {
                b'\\' => {
                    self.meter.append(&mut self.buf, &self.src[run..self.pos]);
                    self.escape(delim)?;
                    run = self.pos;
                }
                c if c == delim => {
                    let id = self.finish(run, self.pos);
                    self.pos += 1;
                    return Ok(Token::Str(id));
                }
                _ => {
                    self.meter.append(&mut self.buf, &self.src[run..self.pos]);
                    return Err(self.string_error("unfinished string", delim, self.pos, self.pos));
                }
            }
        }
    }

    /// An error inside a string: shows what was read of it, ending in the raw bytes `from..to`.
    fn string_error(
        &self,
        msg: &str,
        delim: u8,
        from: usize,
        to: usize,
    ) -> Box<super::SyntaxError> {
        let mut text = vec![delim];
        text.extend_from_slice(&self.buf);
        text.extend_from_slice(&self.src[from..to.min(self.src.len())]);
        self.error_near(msg, &quoted(&text))
    }

    /// An escape sequence at the current backslash; its value goes to the buffer.
    fn escape(&mut self, delim: u8) -> Parsed<()> {
        if self.meter.is_refused() {
            self.buf.clear(); // nobody will see it
        }
        let start = self.pos;
        self.pos += 1;
        let Some(c) = self.peek() else {
            return Ok(()); // the string is unfinished, which the caller finds
        };
        let value = match c {
            b'a' => 0x07,
            b'b' => 0x08,
            b'f' => 0x0C,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'v' => 0x0B,
            b'\\' | b'"' | b'\'' => c,
            b'\n' | b'\r' => {
                self.skip_newline()?;
                self.meter.push(&mut self.buf, b'\n');
                return Ok(());
            }
            b'z' => {
                self.pos += 1;
                return self.skip_spaces();
            }
            b'x' => return self.hex_escape(delim, start),
            b'u' => return self.utf8_escape(delim, start),
            b'0'..=b'9' => return self.decimal_escape(delim, start),
            _ => {
                return Err(self.string_error(
                    "invalid escape sequence",
                    delim,
                    start,
                    self.pos + 1,
                ));
            }
        };
        self.pos += 1;
        self.meter.push(&mut self.buf, value);
        Ok(())
    }

    /// Skips white space, line ends included.
    fn skip_spaces(&mut self) -> Parsed<()> {
        loop {
            match self.peek() {
                Some(b'\n' | b'\r') => self.skip_newline()?,
                Some(b' ' | b'\t' | 0x0B | 0x0C) => self.pos += 1,
                _ => return Ok(()),
            }
        }
    }

    /// Skips a byte and reads the hexadecimal digit after it, which stays current.
    fn hex_digit(&mut self, delim: u8, start: usize) -> Parsed<u32> {
        self.pos += 1;
        match self.peek().and_then(|c| char::from(c).to_digit(16)) {
            Some(d) => Ok(d),
            None => {
                Err(self.string_error("hexadecimal digit expected", delim, start, self.pos + 1))
            }
        }
    }

    /// `\xXX`
    fn hex_escape(&mut self, delim: u8, start: usize) -> Parsed<()> {
        let value = self.hex_digit(delim, start)? << 4 | self.hex_digit(delim, start)?;
        self.pos += 1;
        #[expect(clippy::cast_possible_truncation, reason = "two hexadecimal digits")]
        self.meter.push(&mut self.buf, value as u8);
        Ok(())
    }

    /// `\ddd`
    fn decimal_escape(&mut self, delim: u8, start: usize) -> Parsed<()> {
        let mut value = 0_u32;
        for _ in 0..3 {
            let Some(d) = self.peek().filter(u8::is_ascii_digit) else { break };
            value = value * 10 + u32::from(d - b'0');
            self.pos += 1;
        }
        match u8::try_from(value) {
            Ok(byte) => self.meter.push(&mut self.buf, byte),
            Err(_) => {
                return Err(self.string_error(
                    "decimal escape too large",
                    delim,
                    start,
                    self.pos + 1,
                ));
            }
        }
        Ok(())
    }

    /// `\u{XXX}`
    fn utf8_escape(&mut self, delim: u8, start: usize) -> Parsed<()> {
        self.pos += 1;
        if self.peek() != Some(b'{') {
            return Err(self.string_error("missing '{'", delim, start, self.pos + 1));
        }
        let mut value = self.hex_digit(delim, start)?;
        loop {
            self.pos += 1;
            let Some(d) = self.peek().and_then(|c| char::from(c).to_digit(16)) else { break };
            if value > 0x7FFF_FFFF >> 4 {
                return Err(self.string_error("UTF-8 value too large", delim, start, self.pos + 1));
            }
            value = value << 4 | d;
        }
        if self.peek() != Some(b'}') {
            return Err(self.string_error("missing '}'", delim, start, self.pos + 1));
        }
        self.pos += 1;
        encode_utf8(value, &mut self.buf);
        Ok(())
    }
}

/// Appends the UTF-8 form of `code`, below 2^31, in up to six bytes.
pub(crate) fn encode_utf8(code: u32, out: &mut Vec<u8>) {
    if code < 0x80 {
        out.push(u8::try_from(code).expect("below 0x80"));
        return;
    }
    let mut bytes = [0_u8; 6];
    let mut at = bytes.len();
    let mut rest = code;
    let mut first_max = 0x3F; // largest value that fits the first byte
    while rest > first_max {
        at -= 1;
        bytes[at] = 0x80 | low_byte(rest & 0x3F);
        rest >>= 6;
        first_max >>= 1;
    }
    at -= 1;
    bytes[at] = low_byte(!first_max << 1) | low_byte(rest);
    out.extend_from_slice(&bytes[at..]);
}

/// The low eight bits.
fn low_byte(v: u32) -> u8 {
    v.to_le_bytes()[0]
}

#[cfg(test)]
mod tests {
    use super::encode_utf8;

    #[test]
    fn utf8_agrees_with_char_and_goes_beyond() {
        for c in ['\u{80}', 'é', '\u{7ff}', '\u{800}', '€', '\u{ffff}', '\u{10000}', '\u{10ffff}']
        {
            let mut out = Vec::new();
            encode_utf8(u32::from(c), &mut out);
            assert_eq!(out, c.to_string().as_bytes());
        }
        let mut out = Vec::new();
        encode_utf8(0x7FFF_FFFF, &mut out);
        assert_eq!(out, [0xFD, 0xBF, 0xBF, 0xBF, 0xBF, 0xBF]);
        out.clear();
        encode_utf8(0x20_0000, &mut out);
        assert_eq!(out, [0xF8, 0x88, 0x80, 0x80, 0x80]);
    }
}
