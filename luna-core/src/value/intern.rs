//! The table of short strings.

use std::ptr::null_mut;

use crate::heap::Heap;
use crate::heap::header::{flag, mark};
use crate::value::repr::tag;
use crate::value::string::Str;

/// Chains of short strings, by hash.
pub(crate) struct StringTable {
    buckets: Vec<*mut Str>,
    count: usize,
    seed: u64,
}

/// Initial number of buckets.
const INITIAL: usize = 256;

impl StringTable {
    /// An empty table.
    pub(crate) fn new(seed: u64) -> StringTable {
        StringTable { buckets: vec![null_mut(); INITIAL], count: 0, seed }
    }

    /// The seeded hash of some bytes.
    #[inline]
    pub(crate) fn hash(&self, bytes: &[u8]) -> u32 {
        const K: u64 = 0x9E37_79B9_7F4A_7C15;
        let mut h = self.seed ^ (bytes.len() as u64).wrapping_mul(K);
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            h = (h ^ u64::from_le_bytes(*word)).wrapping_mul(K);
            h ^= h >> 32;
        }
        let mut last = 0;
        for &byte in rest {
            last = last << 8 | u64::from(byte);
        }
        h = (h ^ last).wrapping_mul(K);
        #[expect(clippy::cast_possible_truncation, reason = "the mixed upper half")]
        let folded = (h ^ (h >> 32)) as u32;
        folded
    }

    /// Bytes of the buckets.
    pub(crate) fn bytes(&self) -> usize {
        self.buckets.len() * size_of::<*mut Str>()
    }

    /// Number of strings.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// Every string, and whether it is in the chain of its hash.
    pub(crate) unsafe fn iter(&self) -> impl Iterator<Item = (*mut Str, bool)> {
        let mask = self.buckets.len() - 1;
        self.buckets.iter().enumerate().flat_map(move |(slot, &first)| {
            let next = |string: &*mut Str| {
                // SAFETY: chains link live short strings.
                let next = unsafe { (**string).link.cast::<Str>() };
                (!next.is_null()).then_some(next)
            };
            std::iter::successors((!first.is_null()).then_some(first), next).map(move |string| {
                // SAFETY: `string` came from the chain, so it is a live short string; only its hash is read.
                (string, unsafe { (*string).header.aux } as usize & mask == slot)
            })
        })
    }

    /// The string with these at most 40 bytes, or null. It may be dead, and is then nowhere.
    pub(crate) unsafe fn find(&self, bytes: &[u8]) -> *mut Str {
        let hash = self.hash(bytes);
        let mut string = self.buckets[hash as usize & (self.buckets.len() - 1)];
        while !string.is_null() {
            if (*string).header.aux == hash && Str::bytes(string) == bytes {
                break;
            }
            string = (*string).link.cast();
        }
        string
    }

    /// Unlinks a dead string.
    pub(crate) unsafe fn remove(&mut self, string: *mut Str) {
        let slot = (*string).header.aux as usize & (self.buckets.len() - 1);
        let mut at: *mut *mut Str = &raw mut self.buckets[slot];
        while !(*at).is_null() {
            if *at == string {
                *at = (*string).link.cast();
                self.count -= 1;
                return;
            }
            at = (&raw mut (**at).link).cast();
        }
    }

    /// Distributes the strings over `size` buckets, a power of two; leaves them where they are if there is no memory for that.
    unsafe fn resize(&mut self, size: usize) {
        let mut buckets = Vec::new();
        if buckets.try_reserve_exact(size).is_err() {
            return;
        }
        buckets.resize(size, null_mut());
        let old = std::mem::replace(&mut self.buckets, buckets);
        for mut string in old {
            while !string.is_null() {
                let next = (*string).link.cast::<Str>();
                let slot = (*string).header.aux as usize & (size - 1);
                (*string).link = self.buckets[slot].cast();
                self.buckets[slot] = string;
                string = next;
            }
        }
    }
}

impl Heap {
    /// The unique string with these at most 40 bytes.
    ///
    /// # Safety
    /// As [`Str::new`].
    pub(crate) unsafe fn intern(&mut self, bytes: &[u8]) -> *mut Str {
        let hash = self.strings.hash(bytes);
        let slot = hash as usize & (self.strings.buckets.len() - 1);
        let mut string = self.strings.buckets[slot];
        while !string.is_null() {
            if (*string).header.aux == hash && Str::bytes(string) == bytes {
                if (*string).header.mark & self.other_white() != 0 {
                    // H5: dead but not yet swept; taken back to life. Where age counts it is old, for its block may count as such.
                    (*string).header.mark = if self.keeps_black() {
                        mark::BLACK
                    } else {
                        (*string).header.mark ^ mark::WHITES
                    };
                }
                return string;
            }
            string = (*string).link.cast();
        }
        let this = self.alloc_object(size_of::<Str>() + bytes.len(), tag::STR).cast::<Str>();
        (*this).header.aux = hash;
        (*this).header.flags = flag::SHORT;
        (*this).len = bytes.len();
        this.add(1).cast::<u8>().copy_from_nonoverlapping(bytes.as_ptr(), bytes.len());
        // The allocation may have swept, which unlinks strings but never moves buckets.
        (*this).link = self.strings.buckets[slot].cast();
        self.strings.buckets[slot] = this;
        self.strings.count += 1;
        if self.strings.count > self.strings.buckets.len() {
            self.resize_strings(self.strings.buckets.len() * 2);
        }
        this
    }

    /// After a cycle: gives buckets back if few are in use.
    pub(crate) unsafe fn shrink_strings(&mut self) {
        let buckets = self.strings.buckets.len();
        if buckets > INITIAL && self.strings.count < buckets / 4 {
            self.resize_strings((self.strings.count * 2).next_power_of_two().max(INITIAL));
        }
    }

    unsafe fn resize_strings(&mut self, buckets: usize) {
        self.used -= self.strings.bytes();
        self.strings.resize(buckets);
        self.used += self.strings.bytes();
    }
}
