//! The format strings of `string.pack`, and how numbers stand in packed data.

use std::fmt;

/// Largest number of bytes of a packed integer.
const MAX_INT_SIZE: usize = 16;

/// Bytes of an integer of the language.
const INT_SIZE: usize = 8;

/// One option of a format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PackItem {
    /// A signed integer.
    Int,
    /// An unsigned integer.
    Uint,
    /// A float of four bytes.
    Single,
    /// A float of eight bytes.
    Double,
    /// A string of fixed size.
    Fixed,
    /// A string with its length before it.
    Counted,
    /// A string with a zero byte after it.
    Zero,
    /// One byte of padding.
    Padding,
    /// Padding up to the alignment of another option.
    Align,
    /// Nothing: white space, or a setting.
    Nothing,
}

/// An option with its sizes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PackStep {
    /// The option.
    pub(crate) item: PackItem,
    /// Bytes it takes; for [`PackItem::Counted`] those of the length.
    pub(crate) size: usize,
    /// Padding before it.
    pub(crate) padding: usize,
    /// Whether its bytes go from low to high.
    pub(crate) little: bool,
}

/// What is wrong with a format or with packed data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PackError {
    /// An integer size that is not 1 to 16.
    IntSize(usize),
    /// `c` without a number.
    MissingSize,
    /// A byte that is no option.
    UnknownOption(u8),
    /// `X` before something without alignment; a fault of argument 1.
    BadAlignOption,
    /// An alignment that is not a power of 2; a fault of argument 1.
    NotPowerOfTwo,
    /// A packed integer of this many bytes is out of range.
    TooLargeInt(usize),
}

impl PackError {
    /// Whether the error is about argument 1.
    pub(crate) fn is_argument(self) -> bool {
        matches!(self, PackError::BadAlignOption | PackError::NotPowerOfTwo)
    }
}

impl fmt::Display for PackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PackError::IntSize(n) => {
                // The reference prints the size as a C int.
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_possible_wrap,
                    reason = "as the reference"
                )]
                let shown = *n as i32;
                write!(f, "integral size ({shown}) out of limits [1,{MAX_INT_SIZE}]")
            }
            PackError::MissingSize => f.write_str("missing size for format option 'c'"),
            PackError::UnknownOption(c) => write!(f, "invalid format option '{}'", char::from(*c)),
            PackError::BadAlignOption => f.write_str("invalid next option for option 'X'"),
            PackError::NotPowerOfTwo => f.write_str("format asks for alignment not power of 2"),
            PackError::TooLargeInt(size) => {
                write!(f, "{size}-byte integer does not fit into Lua Integer")
            }
        }
    }
}

/// Reads a format option by option.
#[derive(Clone, Debug)]
pub(crate) struct PackFormat<'a> {
    /// What is left of the format.
    rest: &'a [u8],
    /// Byte order in force.
    little: bool,
    /// Alignment in force.
    max_align: usize,
    /// Largest number that a format can contain.
    max_size: usize,
    /// Alignment that `!` means by itself.
    native_align: usize,
}

impl<'a> PackFormat<'a> {
    /// A reader of `format`, which ends at its first NUL; sizes stay below `max_size`, `!` by itself aligns to `native_align`.
    pub(crate) fn new(format: &'a [u8], max_size: usize, native_align: usize) -> PackFormat<'a> {
        let end = memchr::memchr(0, format).unwrap_or(format.len());
        PackFormat {
            rest: &format[..end],
            little: cfg!(target_endian = "little"),
            max_align: 1,
            max_size,
            native_align,
        }
    }

    /// The next option, given the number of bytes before it; `None` at the end.
    ///
    /// # Errors
    ///
    /// A fault in the format.
    pub(crate) fn next(&mut self, total: usize) -> Result<Option<PackStep>, PackError> {
        let Some((item, size)) = self.option()? else { return Ok(None) };
        let mut align = size;
        if item == PackItem::Align {
            align = match self.option()? {
                None | Some((PackItem::Fixed, _) | (_, 0)) => {
                    return Err(PackError::BadAlignOption);
                }
                Some((_, align)) => align,
            };
        }
        let mut padding = 0;
        if align > 1 && item != PackItem::Fixed {
            align = align.min(self.max_align);
            if !align.is_power_of_two() {
                return Err(PackError::NotPowerOfTwo);
            }
            padding = total.wrapping_neg() & (align - 1);
        }
        Ok(Some(PackStep { item, size, padding, little: self.little }))
    }

    /// Reads an option and its size.
    fn option(&mut self) -> Result<Option<(PackItem, usize)>, PackError> {
        let [c, rest @ ..] = self.rest else { return Ok(None) };
        self.rest = rest;
        let option = match c {
            b'b' => (PackItem::Int, 1),
            b'B' => (PackItem::Uint, 1),
            b'h' => (PackItem::Int, 2),
            b'H' => (PackItem::Uint, 2),
            b'i' => (PackItem::Int, self.int_size(4)?),
            b'I' => (PackItem::Uint, self.int_size(4)?),
            b'l' | b'j' => (PackItem::Int, 8),
            b'L' | b'J' | b'T' => (PackItem::Uint, 8),
            b'f' => (PackItem::Single, 4),
            b'd' | b'n' => (PackItem::Double, 8),
            b's' => (PackItem::Counted, self.int_size(8)?),
            b'c' => (PackItem::Fixed, self.number().ok_or(PackError::MissingSize)?),
            b'z' => (PackItem::Zero, 0),
            b'x' => (PackItem::Padding, 1),
            b'X' => (PackItem::Align, 0),
            b' ' => (PackItem::Nothing, 0),
            b'<' => self.set_little(true),
            b'>' => self.set_little(false),
            b'=' => self.set_little(cfg!(target_endian = "little")),
            b'!' => {
                self.max_align = self.int_size(self.native_align)?;
                (PackItem::Nothing, 0)
            }
            _ => return Err(PackError::UnknownOption(*c)),
        };
        Ok(Some(option))
    }

    /// Sets the byte order.
    fn set_little(&mut self, little: bool) -> (PackItem, usize) {
        self.little = little;
        (PackItem::Nothing, 0)
    }

    /// A number, if there is one.
    fn number(&mut self) -> Option<usize> {
        let mut value = None;
        while let [c @ b'0'..=b'9', rest @ ..] = self.rest {
            let so_far = value.unwrap_or(0);
            if so_far > (self.max_size - 9) / 10 {
                break;
            }
            value = Some(so_far * 10 + usize::from(c - b'0'));
            self.rest = rest;
        }
        value
    }

    /// The size of an integer.
    fn int_size(&mut self, default: usize) -> Result<usize, PackError> {
        let size = self.number().unwrap_or(default);
        if (1..=MAX_INT_SIZE).contains(&size) { Ok(size) } else { Err(PackError::IntSize(size)) }
    }
}

/// Whether `n` fits a packed integer of `size` bytes.
pub(crate) fn int_fits(n: i64, size: usize, signed: bool) -> bool {
    if size >= INT_SIZE {
        return true;
    }
    let bits = 8 * size;
    if signed {
        (-(1_i64 << (bits - 1))..1_i64 << (bits - 1)).contains(&n)
    } else {
        n.cast_unsigned() < 1 << bits
    }
}

/// Appends an integer of `size` bytes, at most 16.
pub(crate) fn pack_int(n: i64, size: usize, little: bool, signed: bool, out: &mut Vec<u8>) {
    let wide = if signed { i128::from(n) } else { i128::from(n.cast_unsigned()) };
    let low = wide.to_le_bytes();
    let size = size.min(low.len());
    let start = out.len();
    out.extend_from_slice(&low[..size]);
    if !little {
        out[start..].reverse();
    }
}

/// Reads an integer that takes all of `bytes`, at most 16.
///
/// # Errors
///
/// The value does not fit.
pub(crate) fn unpack_int(bytes: &[u8], little: bool, signed: bool) -> Result<i64, PackError> {
    let size = bytes.len().min(MAX_INT_SIZE);
    let mut low = [0_u8; MAX_INT_SIZE];
    low[..size].copy_from_slice(&bytes[..size]);
    if !little {
        low[..size].reverse();
    }
    if signed && size > 0 && low[size - 1] & 0x80 != 0 {
        low[size..].fill(0xFF);
    }
    let fits = if signed {
        i64::try_from(i128::from_le_bytes(low)).ok()
    } else {
        // An unsigned value wraps into the sign bit.
        u64::try_from(u128::from_le_bytes(low)).map(u64::cast_signed).ok()
    };
    fits.ok_or(PackError::TooLargeInt(size))
}

#[cfg(test)]
mod tests {
    use super::{PackError, PackFormat, PackItem, PackStep, int_fits, pack_int, unpack_int};

    /// The steps of a format, counted from offset 0.
    fn steps(format: &str) -> Result<Vec<PackStep>, PackError> {
        let mut reader = PackFormat::new(format.as_bytes(), usize::MAX / 2, 8);
        let mut total = 0;
        let mut out = Vec::new();
        while let Some(step) = reader.next(total)? {
            total += step.padding + step.size;
            out.push(step);
        }
        Ok(out)
    }

    #[test]
    fn options_have_sizes_and_padding() {
        let total = |f: &str| steps(f).map(|s| s.iter().map(|s| s.padding + s.size).sum::<usize>());
        assert_eq!(total("bhijlTnfd"), Ok(1 + 2 + 4 + 8 + 8 + 8 + 8 + 4 + 8));
        assert_eq!(total("!8 b i8"), Ok(16));
        assert_eq!(total("!4 b i8"), Ok(12));
        assert_eq!(total("! b Xi4 c3 x I16"), Ok(4 + 3 + 1 + 16));
        assert_eq!(total("<i3>I5=i7"), Ok(15));
        assert_eq!(total("b\0i"), Ok(1));
        assert_eq!(
            steps(">i2 s1").unwrap()[1],
            PackStep { item: PackItem::Int, size: 2, padding: 0, little: false }
        );
    }

    #[test]
    fn faults_have_the_references_words() {
        let text = |f: &str| steps(f).unwrap_err().to_string();
        assert_eq!(text("i0"), "integral size (0) out of limits [1,16]");
        assert_eq!(text("i17"), "integral size (17) out of limits [1,16]");
        assert_eq!(text("!17"), "integral size (17) out of limits [1,16]");
        assert_eq!(text("c"), "missing size for format option 'c'");
        assert_eq!(text("r"), "invalid format option 'r'");
        assert_eq!(text("X"), "invalid next option for option 'X'");
        assert_eq!(text("Xc1"), "invalid next option for option 'X'");
        assert_eq!(text("X<"), "invalid next option for option 'X'");
        assert_eq!(text("!4 i3"), "format asks for alignment not power of 2");
    }

    #[test]
    fn integers_survive_packing() {
        for size in 1..=16 {
            for n in [0, 1, -1, 127, -128, 255, 32_767, i64::MAX, i64::MIN] {
                for little in [true, false] {
                    for signed in [true, false] {
                        if !int_fits(n, size, signed) {
                            continue;
                        }
                        let mut out = Vec::new();
                        pack_int(n, size, little, signed, &mut out);
                        assert_eq!(out.len(), size);
                        assert_eq!(unpack_int(&out, little, signed), Ok(n), "{n} in {size} bytes");
                    }
                }
            }
        }
        assert_eq!(
            unpack_int(&[0, 0, 0, 0, 0, 0, 0, 0, 1], true, false),
            Err(PackError::TooLargeInt(9))
        );
        assert_eq!(
            unpack_int(&[0, 0, 0, 0, 0, 0, 0, 0x80, 0], true, true),
            Err(PackError::TooLargeInt(9))
        );
        assert_eq!(unpack_int(&[0, 0, 0, 0, 0, 0, 0, 0x80, 0], true, false), Ok(i64::MIN));
        assert!(
            !int_fits(128, 1, true)
                && int_fits(-128, 1, true)
                && !int_fits(-1, 1, false)
                && !int_fits(256, 1, false)
        );
    }
}
