//! Made-up visits with a shop's shape: few items that many people take, related items near each other,
//! lengths from 1 to some dozens.

use super::Visit;

/// SplitMix64 (Steele, Lea, Flood, 2014).
pub struct Numbers(pub u64);

impl Numbers {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    /// Small numbers often, large ones rarely.
    pub fn skewed(&mut self, n: u64) -> u64 {
        let unit = self.next() as f64 / u64::MAX as f64;
        ((n as f64).powf(unit) - 1.0) as u64
    }
}

pub fn visits(seed: u64, count: usize, items: u64) -> Vec<Visit> {
    let mut numbers = Numbers(seed);
    let mut visit = |n: usize| {
        let mut at = numbers.skewed(items);
        let len = 1 + numbers.skewed(40);
        let mut seen = Vec::new();
        for _ in 0..len {
            at = if numbers.below(3) == 0 { numbers.skewed(items) } else { (at + numbers.below(12)) % items };
            if !seen.contains(&(at as u32)) {
                seen.push(at as u32);
            }
        }
        Visit { hour: 400_000 + n as u32 / 3, items: seen }
    };
    (0..count).map(&mut visit).collect()
}

/// Beginnings of further visits, with repeats and with items that nobody learned.
pub fn questions(seed: u64, count: usize, items: u64) -> Vec<Vec<u32>> {
    let mut numbers = Numbers(seed ^ 0x5eed);
    let mut questions = Vec::new();
    for visit in visits(seed + 1, count, items + items / 50 + 1) {
        let mut question = visit.items;
        let len = 1 + numbers.below(question.len() as u64) as usize;
        question.truncate(len);
        if numbers.below(3) == 0 {
            let again = question[numbers.below(question.len() as u64) as usize];
            question.push(again);
        }
        questions.push(question);
    }
    questions
}
