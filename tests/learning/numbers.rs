//! A fixed sequence of pseudo-random numbers: xorshift64 (Marsaglia 2003).

pub struct Numbers(pub u64);

impl Numbers {
    pub fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n
    }

    /// A visit of `least` items and more, related ones near each other, out of `of`.
    pub fn visit(&mut self, least: u64, of: u64) -> Vec<u32> {
        let mut at = self.below(of);
        (0..least + self.below(5))
            .map(|_| {
                at = if self.below(4) == 0 { self.below(of) } else { (at + 1 + self.below(4)) % of };
                u32::try_from(at).unwrap()
            })
            .collect()
    }
}

/// The plugins that learn, by the names of their strategies in `tests/data/learning.toml`.
pub const LEARNERS: [&str; 4] = ["session-knn", "viewed-together", "bought-together", "trending"];
