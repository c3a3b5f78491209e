//! The eight-byte header of every heap object.

/// Kind, colour, flags. The first field of every object layout.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct Header {
    /// A tag of [`crate::value::repr::tag`]; 0 marks a free cell.
    pub(crate) kind: u8,
    /// Colour bits, see [`mark`].
    pub(crate) mark: u8,
    /// Flags, see [`flag`].
    pub(crate) flags: u8,
    /// Free for the object's own use.
    pub(crate) extra: u8,
    /// Free for the object's own use: string hash, absence bits of a table, class of a userdata.
    pub(crate) aux: u32,
}

/// Colour bits. No bit set means grey. Two whites take turns: after the atomic step the old one means dead.
pub(crate) mod mark {
    /// One white.
    pub(crate) const WHITE0: u8 = 1;
    /// The other white.
    pub(crate) const WHITE1: u8 = 2;
    /// Traversed.
    pub(crate) const BLACK: u8 = 4;
    /// Either white.
    pub(crate) const WHITES: u8 = WHITE0 | WHITE1;
    /// All colours.
    pub(crate) const COLOURS: u8 = WHITES | BLACK;
}

/// Flag bits.
pub(crate) mod flag {
    /// The object is on the list of objects with a finalizer.
    pub(crate) const FINALIZER: u8 = 1;
    /// A string of at most 40 bytes, unique in its heap.
    pub(crate) const SHORT: u8 = 2;
    /// A long string whose hash is in `aux`.
    pub(crate) const HASHED: u8 = 4;
    /// A string whose bytes are known to be UTF-8.
    pub(crate) const UTF8: u8 = 64;
    /// A string whose bytes are known not to be UTF-8.
    pub(crate) const NOT_UTF8: u8 = 128;
    /// A table that the host made as a sequence.
    pub(crate) const SEQUENCE: u8 = 8;
    /// A table that the host made as a mapping.
    pub(crate) const MAPPING: u8 = 16;
    /// A table whose border is first looked for near its start instead of at the end of its array part.
    pub(crate) const NEAR_BORDER: u8 = 32;
}

impl Header {
    /// Whether the object is white: not reached in this cycle, or made after it.
    #[inline(always)]
    pub(crate) fn is_white(&self) -> bool {
        self.mark & mark::WHITES != 0
    }

    /// Whether the object is black.
    #[inline(always)]
    pub(crate) fn is_black(&self) -> bool {
        self.mark & mark::BLACK != 0
    }
}

const _: () = assert!(size_of::<Header>() == 8);
