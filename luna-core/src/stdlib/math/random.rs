//! The pseudo-random generator: xoshiro256**, seeded as the reference seeds it.

/// The generator's state.
#[derive(Clone, Debug)]
pub(crate) struct Random {
    /// Four words, not all 0.
    state: [u64; 4],
}

impl Random {
    /// A generator that gives the reference's sequence for this seed.
    pub(crate) fn new(seed1: u64, seed2: u64) -> Random {
        let mut random = Random { state: [seed1, 0xFF, seed2, 0] };
        for _ in 0..16 {
            random.next_u64();
        }
        random
    }

    /// A generator that goes on from a state.
    pub(crate) fn from_state(state: [u64; 4]) -> Random {
        Random { state }
    }

    /// The state, to go on from.
    pub(crate) fn state(&self) -> [u64; 4] {
        self.state
    }

    /// The next 64 bits.
    pub(crate) fn next_u64(&mut self) -> u64 {
        let [s0, s1, s2, s3] = self.state;
        let s2 = s2 ^ s0;
        let s3 = s3 ^ s1;
        self.state = [s0 ^ s3, s1 ^ s2, s2 ^ s1 << 17, s3.rotate_left(45)];
        s1.wrapping_mul(5).rotate_left(7).wrapping_mul(9)
    }

    /// A float in `[0, 1)` made of 64 random bits.
    pub(crate) fn unit(bits: u64) -> f64 {
        const SCALE: f64 = 1.0 / (1_u64 << 53) as f64;
        (bits >> 11) as f64 * SCALE
    }

    /// An integer in `[low, up]`, where `low <= up`, made of 64 random bits and more as needed.
    pub(crate) fn project(&mut self, bits: u64, low: i64, up: i64) -> i64 {
        let size = up.wrapping_sub(low).cast_unsigned();
        let mask = u64::MAX.checked_shr(size.leading_zeros()).unwrap_or(0);
        let mut value = bits & mask;
        while value > size {
            value = self.next_u64() & mask;
        }
        value.cast_signed().wrapping_add(low)
    }
}

#[cfg(test)]
mod tests {
    use super::Random;

    #[test]
    fn the_sequence_is_the_references() {
        // math.randomseed(42); math.random(0), math.random(), math.random(1, 100), ...
        let mut r = Random::new(42, 0);
        assert_eq!(r.next_u64().cast_signed(), -1276290044721465627);
        let bits = r.next_u64();
        assert_eq!(Random::unit(bits).to_bits(), 0x3fdcea070426de14);
        let bits = r.next_u64();
        assert_eq!(r.project(bits, 1, 100), 76);
        let bits = r.next_u64();
        assert_eq!(r.project(bits, 1, 1), 1);
        let bits = r.next_u64();
        assert_eq!(r.project(bits, -5, 5), 0);
        let bits = r.next_u64();
        assert_eq!(r.project(bits, i64::MIN, 9223372036854775807), -9046270629122405825);
        let bits = r.next_u64();
        assert_eq!(r.project(bits, 0, 1099511627776), 934954126598);
        let bits = r.next_u64();
        assert_eq!(r.project(bits, i64::MIN, 0), -4158689442498620264);
    }
}
