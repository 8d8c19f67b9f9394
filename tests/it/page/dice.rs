//! Chance that can be had again.

/// Numbers that look like chance and are the same every time.
pub struct Dice(pub u64);

impl Dice {
    /// One that is below `limit`.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005);
        self.0 = self.0.wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}
