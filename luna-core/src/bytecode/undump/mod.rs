//! Binary chunks to prototypes. The format stands in [`super::format`].
//!
//! The input can be anything. Nothing is allocated that the bytes still to come do not account for, and what has been
//! read is verified before it is handed out.

use std::fmt;
use std::rc::Rc;

use super::format::{MARKER, MARKER_LEN, MARKER_NAME, STRIPPED, tag};
use super::proto::{Const, LocalDef, ProtoDef, UpvalDef, VarKind};
use super::verify::verify;
use crate::dialect::Rules;
use crate::meter::Meter;

/// How deep functions may nest.
const MAX_NESTING: u32 = 200;

/// First byte of every binary chunk.
pub(crate) const SIGNATURE: u8 = 0x1b;

/// Why a binary chunk does not load.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UndumpError {
    /// The message that scripts see.
    pub(crate) message: Vec<u8>,
    /// Whether it is a stock chunk of the dialect, which is not for this reader.
    pub(crate) is_stock: bool,
}

impl fmt::Display for UndumpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.message))
    }
}

/// Why reading stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// The chunk is not what it should be.
    Bad(&'static str),
    /// It is a stock chunk.
    Stock,
}

/// The meter refuses what it takes; its owner knows.
const MEMORY: Fault = Fault::Bad("not enough memory");
/// The input ends too early.
const TRUNCATED: Fault = Fault::Bad("truncated chunk");
/// The input makes no sense.
const CORRUPTED: Fault = Fault::Bad("corrupted chunk");
/// The input was made by another version.
const VERSION: Fault = Fault::Bad("version mismatch");

/// The function in a binary chunk, verified.
///
/// # Errors
///
/// A chunk that is cut short, damaged, of another dialect or version, or stock. If the meter has refused something, that is
/// the error.
pub(crate) fn undump(
    bytes: &[u8],
    chunk_name: &[u8],
    rules: &Rules,
    meter: &mut Meter,
) -> Result<ProtoDef, UndumpError> {
    let mut reader =
        Reader { rest: bytes, strings: Vec::new(), source: None, stripped: false, meter };
    let result = reader.chunk(rules).and_then(|proto| match verify(&proto) {
        Ok(()) => Ok(proto),
        Err(_) => Err(CORRUPTED),
    });
    result.map_err(|fault| match fault {
        Fault::Bad(reason) => {
            UndumpError { message: bad_format(chunk_name, reason), is_stock: false }
        }
        Fault::Stock => {
            let message = b"PUC bytecode loading is disabled \
                (call vm.set_puc_bytecode_loading(true) to enable)";
            UndumpError { message: message.to_vec(), is_stock: true }
        }
    })
}

/// The message about a chunk of this name.
fn bad_format(chunk_name: &[u8], reason: &str) -> Vec<u8> {
    let shown = match chunk_name {
        [b'@' | b'=', name @ ..] => name,
        [SIGNATURE, ..] => b"binary string",
        name => name,
    };
    // As the reference, for which a name ends at a zero byte.
    let shown = shown.split(|&b| b == 0).next().unwrap_or_default();
    let mut message = shown.to_vec();
    message.extend_from_slice(b": bad binary format (");
    message.extend_from_slice(reason.as_bytes());
    message.push(b')');
    message
}

/// What reads a chunk.
#[derive(Debug)]
struct Reader<'b> {
    /// What has not been read.
    rest: &'b [u8],
    /// The strings of the chunk.
    strings: Vec<Rc<[u8]>>,
    /// The source of its functions.
    source: Option<Rc<[u8]>>,
    /// Whether it has no debug information.
    stripped: bool,
    /// What the function takes of its memory.
    meter: &'b mut Meter,
}

impl<'b> Reader<'b> {
    /// Reads all of a chunk.
    fn chunk(&mut self, rules: &Rules) -> Result<ProtoDef, Fault> {
        for part in rules.chunk_header {
            if self.take(part.bytes.len())? != part.bytes {
                return Err(Fault::Bad(part.mismatch));
            }
        }
        self.marker()?;
        self.stripped = match self.byte()? {
            0 => false,
            STRIPPED => true,
            _ => return Err(CORRUPTED),
        };
        self.strings = self.list(1, |r| {
            let length = r.count(1)?;
            let text = r.take(length)?;
            r.pay(length + 2 * size_of::<usize>())?;
            Ok(text.into())
        })?;
        self.source = self.optional()?;
        self.function(0)
    }

    /// Reads the marker.
    fn marker(&mut self) -> Result<(), Fault> {
        let seen = &self.rest[..self.rest.len().min(MARKER_LEN)];
        let name = seen.len().min(MARKER_NAME.len());
        if seen[..name] != MARKER_NAME[..name] {
            return Err(Fault::Stock);
        }
        if self.take(MARKER_LEN)? == MARKER { Ok(()) } else { Err(VERSION) }
    }

    /// Takes bytes from the meter.
    fn pay(&mut self, bytes: usize) -> Result<(), Fault> {
        let allowed = self.meter.charge(bytes) && !self.meter.is_refused();
        if allowed { Ok(()) } else { Err(MEMORY) }
    }

    /// Reads `n` bytes.
    fn take(&mut self, n: usize) -> Result<&'b [u8], Fault> {
        let (taken, rest) = self.rest.split_at_checked(n).ok_or(TRUNCATED)?;
        self.rest = rest;
        Ok(taken)
    }

    /// Reads `N` bytes.
    fn array<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        self.take(N)?.try_into().map_err(|_| TRUNCATED)
    }

    /// Reads a byte.
    fn byte(&mut self) -> Result<u8, Fault> {
        Ok(self.array::<1>()?[0])
    }

    /// Reads a number.
    fn number(&mut self) -> Result<u64, Fault> {
        let mut n = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if bits << shift >> shift != bits {
                return Err(CORRUPTED);
            }
            n |= bits << shift;
            if byte < 0x80 {
                return Ok(n);
            }
        }
        Err(CORRUPTED)
    }

    /// Reads a number of 32 bits.
    fn small(&mut self) -> Result<u32, Fault> {
        u32::try_from(self.number()?).map_err(|_| CORRUPTED)
    }

    /// Reads a signed number.
    fn signed(&mut self) -> Result<i64, Fault> {
        let n = self.number()?;
        Ok((n >> 1).cast_signed() ^ -(n & 1).cast_signed())
    }

    /// Reads the count of things that take `size` bytes each at least.
    fn count(&mut self, size: usize) -> Result<usize, Fault> {
        let count = usize::try_from(self.number()?).map_err(|_| CORRUPTED)?;
        if count <= self.rest.len() / size { Ok(count) } else { Err(TRUNCATED) }
    }

    /// Reads a list of things that take `size` bytes each at least.
    fn list<T>(
        &mut self,
        size: usize,
        mut item: impl FnMut(&mut Self) -> Result<T, Fault>,
    ) -> Result<Vec<T>, Fault> {
        let count = self.count(size)?;
        self.pay(count.saturating_mul(size_of::<T>()))?;
        let mut list = Vec::with_capacity(count);
        for _ in 0..count {
            list.push(item(self)?);
        }
        Ok(list)
    }

    /// The string of this index.
    fn string(&self, index: u64) -> Result<Rc<[u8]>, Fault> {
        let found = usize::try_from(index).ok().and_then(|i| self.strings.get(i));
        found.map(Rc::clone).ok_or(CORRUPTED)
    }

    /// Reads a string.
    fn text(&mut self) -> Result<Rc<[u8]>, Fault> {
        let index = self.number()?;
        self.string(index)
    }

    /// Reads a string that may be absent.
    fn optional(&mut self) -> Result<Option<Rc<[u8]>>, Fault> {
        match self.number()? {
            0 => Ok(None),
            code => self.string(code - 1).map(Some),
        }
    }

    /// Reads a function and those nested in it.
    fn function(&mut self, depth: u32) -> Result<ProtoDef, Fault> {
        if depth > MAX_NESTING {
            return Err(CORRUPTED);
        }
        let mut proto = ProtoDef {
            num_params: self.byte()?,
            is_vararg: match self.byte()? {
                0 => false,
                1 => true,
                _ => return Err(CORRUPTED),
            },
            max_stack: self.byte()?,
            line_defined: self.small()?,
            last_line: self.small()?,
            source: self.source.clone(),
            ..ProtoDef::default()
        };
        proto.code = self.list(4, |r| Ok(u32::from_le_bytes(r.array()?)))?;
        proto.consts = self.list(1, Self::constant)?;
        proto.upvals = self.list(2, Self::upvalue)?;
        // No space is made in advance: each level of nesting would make it for the same bytes.
        for _ in 0..self.count(MIN_FUNCTION)? {
            let inner = self.function(depth + 1)?;
            self.meter.push(&mut proto.protos, inner);
            self.pay(0)?;
        }
        if !self.stripped {
            let mut line = 0i64;
            proto.lines = self.list(1, |r| {
                line = line.checked_add(r.signed()?).ok_or(CORRUPTED)?;
                u32::try_from(line).map_err(|_| CORRUPTED)
            })?;
            proto.locals = self.list(4, Self::local)?;
        }
        Ok(proto)
    }

    /// Reads a constant.
    fn constant(&mut self) -> Result<Const, Fault> {
        Ok(match self.byte()? {
            tag::NIL => Const::Nil,
            tag::FALSE => Const::Bool(false),
            tag::TRUE => Const::Bool(true),
            tag::INT => Const::Int(self.signed()?),
            tag::FLOAT => Const::Float(f64::from_bits(u64::from_le_bytes(self.array()?))),
            tag::STR => Const::Str(self.text()?),
            _ => return Err(CORRUPTED),
        })
    }

    /// Reads how an upvalue is captured.
    fn upvalue(&mut self) -> Result<UpvalDef, Fault> {
        let flags = self.byte()?;
        let kind = match flags >> 1 {
            0 => VarKind::Regular,
            1 => VarKind::Const,
            2 => VarKind::Close,
            _ => return Err(CORRUPTED),
        };
        let index = self.byte()?;
        let name = if self.stripped { None } else { self.optional()? };
        Ok(UpvalDef { name, in_stack: flags & 1 == 1, index, kind })
    }

    /// Reads a local variable.
    fn local(&mut self) -> Result<LocalDef, Fault> {
        let name = self.text()?;
        let reg = self.byte()?;
        Ok(LocalDef { name, reg, start_pc: self.small()?, end_pc: self.small()? })
    }
}

/// Bytes that a function takes at least.
const MIN_FUNCTION: usize = 9;

#[cfg(test)]
mod tests;
