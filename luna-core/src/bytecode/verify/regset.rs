//! Sets of registers.

/// A set of registers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct RegSet([u64; 4]);

impl RegSet {
    /// The registers below `n`.
    pub(super) fn below(n: u8) -> RegSet {
        let mut set = RegSet::default();
        for (i, word) in set.0.iter_mut().enumerate() {
            let first = i * 64;
            *word = match usize::from(n).saturating_sub(first) {
                0 => 0,
                count @ 1..64 => (1 << count) - 1,
                _ => u64::MAX,
            };
        }
        set
    }

    /// The `count` registers from `first`.
    pub(super) fn range(first: u8, count: usize) -> RegSet {
        let end = u8::try_from(usize::from(first) + count).unwrap_or(u8::MAX);
        RegSet::below(end).without(RegSet::below(first))
    }

    /// The registers from `first` on.
    pub(super) fn from(first: u8) -> RegSet {
        RegSet([u64::MAX; 4]).without(RegSet::below(first))
    }

    /// The registers of either set.
    pub(super) fn union(self, other: RegSet) -> RegSet {
        RegSet(std::array::from_fn(|i| self.0[i] | other.0[i]))
    }

    /// The registers of both sets.
    pub(super) fn common(self, other: RegSet) -> RegSet {
        RegSet(std::array::from_fn(|i| self.0[i] & other.0[i]))
    }

    /// The registers that the other set does not have.
    pub(super) fn without(self, other: RegSet) -> RegSet {
        RegSet(std::array::from_fn(|i| self.0[i] & !other.0[i]))
    }

    /// The registers `distance` below those of the set; `distance` is less than 64.
    pub(super) fn shifted_down(self, distance: u32) -> RegSet {
        if distance == 0 {
            return self;
        }
        RegSet(std::array::from_fn(|i| {
            let carried = self.0.get(i + 1).map_or(0, |next| next << (64 - distance));
            self.0[i] >> distance | carried
        }))
    }

    /// Whether it has no register.
    pub(super) fn is_empty(self) -> bool {
        self.0 == [0; 4]
    }

    /// Whether it has all registers of the other set.
    pub(super) fn contains(self, other: RegSet) -> bool {
        other.without(self).is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::RegSet;

    #[test]
    fn shifts_cross_word_borders() {
        let set = RegSet::range(64, 2).union(RegSet::range(1, 1)).shifted_down(2);
        assert_eq!(set, RegSet::range(62, 2));
    }

    #[test]
    fn ranges_are_exact_at_word_borders() {
        for first in [0u8, 1, 63, 64, 65, 127, 128, 200] {
            for count in [0usize, 1, 2, 49] {
                let set = RegSet::range(first, count);
                for r in 0..250u8 {
                    let inside = usize::from(r) >= usize::from(first)
                        && usize::from(r) < usize::from(first) + count;
                    assert_eq!(set.contains(RegSet::range(r, 1)), inside, "{first} {count} {r}");
                    assert_eq!(RegSet::from(first).contains(RegSet::range(r, 1)), r >= first);
                }
            }
        }
    }
}
