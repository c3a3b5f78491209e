//! Byte strings. At most 40 bytes: unique in their heap, compared by address. Longer: compared by content, hashed when first used as a key.

use crate::heap::Heap;
use crate::heap::alloc::MAX_SMALL;
use crate::heap::header::{Header, flag};
use crate::value::repr::tag;

/// Longest interned string.
pub(crate) const MAX_SHORT: usize = 40;
/// Longest string whose bytes lie in its own cell.
const MAX_INLINE: usize = MAX_SMALL - size_of::<Str>();

/// A string object.
#[derive(Debug)]
#[repr(C)]
pub struct Str {
    pub(crate) header: Header,
    /// Short: next string of the intern chain. Long: the bytes.
    pub(crate) link: *mut u8,
    pub(crate) len: usize,
}

impl Str {
    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        // What lies behind the object is not the reference's to read, but the heap's, which has exposed it.
        let this = std::ptr::with_exposed_provenance_mut(std::ptr::from_ref(self).addr());
        // SAFETY: H1; whoever has a reference keeps the string, which never changes.
        unsafe { Str::bytes(this) }
    }

    /// Number of bytes.
    #[must_use]
    #[expect(
        clippy::len_without_is_empty,
        reason = "an object, of which the bytes are the content"
    )]
    pub fn len(&self) -> usize {
        self.len
    }

    /// The bytes.
    ///
    /// # Safety
    /// `this` is a live string and stays so while the slice is used; strings are immutable.
    #[inline(always)]
    pub(crate) unsafe fn bytes<'a>(this: *mut Str) -> &'a [u8] {
        let data = if (*this).header.flags & flag::SHORT != 0 {
            this.add(1).cast::<u8>()
        } else {
            (*this).link
        };
        std::slice::from_raw_parts(data, (*this).len)
    }

    /// Whether the string is interned.
    #[inline(always)]
    pub(crate) unsafe fn is_short(this: *mut Str) -> bool {
        (*this).header.flags & flag::SHORT != 0
    }

    /// Equality of contents.
    #[inline(always)]
    pub(crate) unsafe fn equal(a: *mut Str, b: *mut Str) -> bool {
        a == b || (!Str::is_short(a) && !Str::is_short(b) && Str::bytes(a) == Str::bytes(b))
    }

    /// The hash, computed on first use for long strings.
    #[inline(always)]
    pub(crate) unsafe fn hash(this: *mut Str, heap: &Heap) -> u32 {
        if (*this).header.flags & (flag::SHORT | flag::HASHED) == 0 {
            (*this).header.aux = heap.strings.hash(Str::bytes(this));
            (*this).header.flags |= flag::HASHED;
        }
        (*this).header.aux
    }

    /// The text, if the bytes are UTF-8; the answer is kept with the string.
    ///
    /// # Safety
    /// `this` is a live string as long as the result is used.
    #[inline(always)]
    pub(crate) unsafe fn text<'a>(this: *mut Str) -> Option<&'a str> {
        let bytes = Str::bytes(this);
        if (*this).header.flags & (flag::UTF8 | flag::NOT_UTF8) == 0 {
            Str::find_out_utf8(this);
        }
        ((*this).header.flags & flag::UTF8 != 0).then(|| std::str::from_utf8_unchecked(bytes))
    }

    #[inline(never)]
    unsafe fn find_out_utf8(this: *mut Str) {
        let valid = std::str::from_utf8(Str::bytes(this)).is_ok();
        (*this).header.flags |= if valid { flag::UTF8 } else { flag::NOT_UTF8 };
    }

    /// A long string with uninitialised-looking but zeroed or stale bytes, to be filled by the caller at once.
    unsafe fn alloc_long(heap: &mut Heap, len: usize) -> *mut Str {
        let this;
        if len <= MAX_INLINE {
            this = heap.alloc_object(size_of::<Str>() + len, tag::STR).cast::<Str>();
            (*this).link = this.add(1).cast();
        } else {
            let data = heap.alloc_buffer(len);
            this = heap.alloc_object(size_of::<Str>(), tag::STR).cast::<Str>();
            (*this).link = data;
        }
        (*this).len = len;
        this
    }

    /// A string with these bytes. Neither collects nor fails.
    ///
    /// # Safety
    /// The result is reachable from a root before the next safe point.
    pub(crate) unsafe fn new(heap: &mut Heap, bytes: &[u8]) -> *mut Str {
        if bytes.len() <= MAX_SHORT {
            return heap.intern(bytes);
        }
        let this = Str::alloc_long(heap, bytes.len());
        (*this).link.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len());
        this
    }

    /// The concatenation of `parts`, whose lengths sum to `len`.
    ///
    /// # Safety
    /// As [`Str::new`].
    pub(crate) unsafe fn concat<'a>(
        heap: &mut Heap,
        len: usize,
        parts: impl Iterator<Item = &'a [u8]>,
    ) -> *mut Str {
        if len <= MAX_SHORT {
            let mut buffer = [0u8; MAX_SHORT];
            let mut at = 0;
            for part in parts {
                buffer[at..at + part.len()].copy_from_slice(part);
                at += part.len();
            }
            return heap.intern(&buffer[..at]);
        }
        let this = Str::alloc_long(heap, len);
        let mut to = (*this).link;
        for part in parts {
            to.copy_from_nonoverlapping(part.as_ptr(), part.len());
            to = to.add(part.len());
        }
        this
    }

    /// Size of the buffer of a long string's bytes, if they are not in its cell.
    pub(crate) unsafe fn buffer_size(this: *mut Str) -> Option<usize> {
        (!Str::is_short(this) && (*this).len > MAX_INLINE).then_some((*this).len)
    }

    /// Frees what a dead string owns.
    pub(crate) unsafe fn release(this: *mut Str, heap: &mut Heap) {
        if Str::is_short(this) {
            heap.strings.remove(this);
        } else if let Some(size) = Str::buffer_size(this) {
            heap.free_buffer((*this).link, size);
        }
    }
}
