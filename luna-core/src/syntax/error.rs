//! Syntax errors.

use std::fmt;

use super::source::chunk_display;

/// What is said of a chunk that memory is too short for. No error of the source's own has no line and this text.
const NO_MEMORY: &[u8] = b"not enough memory";

/// Why a chunk does not compile, with the line where.
///
/// Displays as `CHUNK:LINE: MSG`; an error without a position (line 0) shows the message alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// Line of the error, from 1; 0 for an error that has no position.
    pub line: u32,
    /// The message without its position, ` near TOKEN` included.
    pub msg: Vec<u8>,
    /// The chunk's name as messages show it; empty while it is not known.
    chunk: Vec<u8>,
}

impl SyntaxError {
    /// An error at `line`; 0 means that it has no position.
    pub fn new(line: u32, msg: impl Into<Vec<u8>>) -> SyntaxError {
        SyntaxError { line, msg: msg.into(), chunk: Vec::new() }
    }

    /// The chunk asks for more memory than there is, or is allowed.
    pub(crate) fn out_of_memory() -> SyntaxError {
        SyntaxError::new(0, NO_MEMORY)
    }

    /// Whether the chunk may be in order, but memory was short.
    #[must_use]
    pub fn is_out_of_memory(&self) -> bool {
        self.line == 0 && self.msg == NO_MEMORY
    }

    /// The same error, said to be in the chunk called `name`.
    #[must_use]
    pub(crate) fn in_chunk(mut self, name: &[u8]) -> SyntaxError {
        self.chunk = chunk_display(name);
        self
    }

    /// The message without position; bytes that are not UTF-8 are replaced.
    #[must_use]
    pub fn msg_str(&self) -> String {
        String::from_utf8_lossy(&self.msg).into_owned()
    }

    /// The full text, as scripts see it.
    pub(crate) fn text(&self) -> Vec<u8> {
        if self.line == 0 {
            return self.msg.clone();
        }
        let chunk: &[u8] = if self.chunk.is_empty() { b"?" } else { &self.chunk };
        let mut out = Vec::with_capacity(chunk.len() + self.msg.len() + 16);
        out.extend_from_slice(chunk);
        out.extend_from_slice(format!(":{}: ", self.line).as_bytes());
        out.extend_from_slice(&self.msg);
        out
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.text()))
    }
}

impl std::error::Error for SyntaxError {}
