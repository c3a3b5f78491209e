//! The chunk's distinct names and string literals.

use std::hash::{BuildHasher, RandomState};
use std::sync::OnceLock;

use super::ast::StrId;
use crate::meter::Meter;

/// Slots of the table at first.
const FIRST_SLOTS: usize = 64;

/// A set of byte strings, numbered in order of first appearance.
#[derive(Debug)]
pub(crate) struct Strings {
    /// The strings by number.
    items: Vec<Box<[u8]>>,
    /// Their hashes.
    hashes: Vec<u32>,
    /// Open-addressed table of number + 1; 0 is an empty slot. The length is a power of two.
    slots: Vec<u32>,
    /// Makes collisions unpredictable for who writes the chunk.
    seed: u64,
}

/// The seed of this process.
fn process_seed() -> u64 {
    static SEED: OnceLock<u64> = OnceLock::new();
    *SEED.get_or_init(|| RandomState::new().hash_one(0_u8))
}

/// Multiplies to 128 bits and folds the halves.
fn fold(a: u64, b: u64) -> u64 {
    let wide = u128::from(a).wrapping_mul(u128::from(b));
    #[expect(clippy::cast_possible_truncation, reason = "the two halves")]
    let (low, high) = (wide as u64, (wide >> 64) as u64);
    low ^ high
}

/// Hash of `bytes`.
fn hash(seed: u64, bytes: &[u8]) -> u32 {
    const K: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut h = seed ^ (bytes.len() as u64).wrapping_mul(K);
    let mut chunks = bytes.chunks_exact(8);
    for c in &mut chunks {
        let word = u64::from_le_bytes([c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7]]);
        h = fold(h ^ word, K ^ seed.rotate_left(17));
    }
    let mut tail = 0;
    for &b in chunks.remainder() {
        tail = tail << 8 | u64::from(b);
    }
    h = fold(h ^ tail, K);
    #[expect(clippy::cast_possible_truncation, reason = "both halves are mixed in")]
    let short = (h ^ h >> 32) as u32;
    short
}

impl Strings {
    /// The set of the empty string, whose number is 0.
    pub(crate) fn new() -> Strings {
        let (items, hashes, slots) = (Vec::new(), Vec::new(), vec![0; FIRST_SLOTS]);
        let mut set = Strings { items, hashes, slots, seed: process_seed() };
        set.intern(b"", &mut Meter::unlimited());
        set
    }

    /// The number of `bytes`, which join the set if they are new; 0 if the meter refuses that.
    pub(crate) fn intern(&mut self, bytes: &[u8], meter: &mut Meter) -> StrId {
        let h = hash(self.seed, bytes);
        let mask = self.slots.len() - 1;
        let mut at = h as usize & mask;
        while let Some(id) = self.slots[at].checked_sub(1) {
            if self.hashes[id as usize] == h && *self.items[id as usize] == *bytes {
                return StrId(id);
            }
            at = (at + 1) & mask;
        }
        let id = u32::try_from(self.items.len()).expect("a chunk is shorter than 4 GiB");
        let grows = (self.items.len() + 1) * 2 > self.slots.len();
        let table = if grows { self.slots.len() * 2 * size_of::<u32>() } else { 0 };
        if !meter.charge(bytes.len() + table) {
            return StrId(0);
        }
        meter.push(&mut self.items, bytes.into());
        meter.push(&mut self.hashes, h);
        self.slots[at] = id + 1;
        if grows {
            self.grow();
        }
        StrId(id)
    }

    /// Doubles the table.
    fn grow(&mut self) {
        let mask = self.slots.len() * 2 - 1;
        let mut slots = vec![0; mask + 1];
        for (id, &h) in (1..).zip(&self.hashes) {
            let mut at = h as usize & mask;
            while slots[at] != 0 {
                at = (at + 1) & mask;
            }
            slots[at] = id;
        }
        self.slots = slots;
    }

    /// The bytes behind a number.
    pub(crate) fn get(&self, id: StrId) -> &[u8] {
        &self.items[id.0 as usize]
    }

    /// All strings by number.
    pub(crate) fn into_items(self) -> Vec<Box<[u8]>> {
        self.items
    }
}

#[cfg(test)]
mod tests {
    use super::{Meter, Strings};

    #[test]
    fn equal_text_has_one_number() {
        let (mut set, mut meter) = (Strings::new(), Meter::unlimited());
        let ids: Vec<_> =
            (0..1000).map(|i| set.intern(format!("name{i}").as_bytes(), &mut meter)).collect();
        for (i, id) in ids.iter().enumerate() {
            assert_eq!(set.intern(format!("name{i}").as_bytes(), &mut meter), *id);
            assert_eq!(set.get(*id), format!("name{i}").as_bytes());
        }
        assert_eq!(set.into_items().len(), 1001);
    }
}
