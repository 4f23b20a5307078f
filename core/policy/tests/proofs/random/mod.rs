//! Random policies, people and requests. Each follows from its seed alone.

pub mod person;
pub mod policy;

/// A sequence of numbers that follows from its seed (Steele, Lea and Flood, "Fast splittable pseudorandom
/// number generators", 2014).
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    /// True in `n` of 100 cases.
    pub fn percent(&mut self, n: usize) -> bool {
        self.below(100) < n
    }

    pub fn of<T: Clone>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())].clone()
    }

    /// Each of a list with a chance of `n` in 100.
    pub fn some<T: Clone>(&mut self, list: &[T], n: usize) -> Vec<T> {
        list.iter().filter(|_| self.percent(n)).cloned().collect()
    }
}
