//! Numbers that depend on a seed, a name and a position only.
//!
//! A generator that is shared gives numbers in the order in which an implementation asks for
//! them. These do not depend on any order.

/// A stream of numbers for the thing called `name`.
#[derive(Clone, Copy)]
pub struct Draws(u64);

impl Draws {
    /// The numbers that belong to `name` under `seed`.
    #[must_use]
    pub fn new(seed: u64, name: &str) -> Self {
        // FNV-1a over the name, started from the mixed seed.
        let start = mix(seed ^ 0xcbf2_9ce4_8422_2325);
        Self(name.bytes().fold(start, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        }))
    }

    /// Number `index`, uniform in [0, 1), with 24 bits: exact in an `f32`.
    #[must_use]
    pub fn unit(self, index: usize) -> f64 {
        let bits = mix(self.0.wrapping_add(index as u64).wrapping_add(1)) >> 40;
        // At most 2^24, so nothing is lost.
        #[expect(clippy::cast_precision_loss, reason = "at most 2^24")]
        let unit = bits as f64 / f64::from(1 << 24);
        unit
    }

    /// Number `index`, uniform in `low..high`.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "it is drawn as one")]
    pub fn between(self, low: f64, high: f64, index: usize) -> f32 {
        (low + (high - low) * self.unit(index)) as f32
    }

    /// Number `index`, an integer in `0..bound`.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "the product lies in 0..bound, and bounds are small"
    )]
    pub fn below(self, bound: usize, index: usize) -> i64 {
        (self.unit(index) * bound as f64) as i64
    }
}

/// The finaliser of `SplitMix64` (Steele, Lea and Flood, "Fast splittable pseudorandom number
/// generators", OOPSLA 2014).
fn mix(z: u64) -> u64 {
    let z = z.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depend_on_seed_and_name() {
        let first = |seed, name| Draws::new(seed, name).unit(0);
        assert_eq!(first(1, "x"), first(1, "x"));
        assert_ne!(first(1, "x"), first(2, "x"));
        assert_ne!(first(1, "x"), first(1, "y"));
    }

    #[test]
    fn fill_their_range() {
        let draws = Draws::new(7, "x");
        let ids: Vec<i64> = (0..1000).map(|i| draws.below(5, i)).collect();
        assert!((0..5).all(|id| ids.contains(&id)));
        assert!(ids.iter().all(|id| (0..5).contains(id)));
        let mean = (0..1000).map(|i| draws.unit(i)).sum::<f64>() / 1000.0;
        assert!((mean - 0.5).abs() < 0.05, "{mean}");
    }
}
