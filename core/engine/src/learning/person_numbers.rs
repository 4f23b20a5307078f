//! Numbers by which a strategy tells people apart, and nothing else.

use hmac::{Hmac, KeyInit as _, Mac as _};
use jardin_model::Timestamp;
use sha2::Sha256;

/// Numbers for the people whom one strategy is taught of, from when its teaching began. No two share one, those of two
/// strategies or of two teachings cannot be joined, and they say nothing of who came first: a counter behind a
/// permutation of four rounds (Luby and Rackoff, How to construct pseudorandom permutations, 1988).
#[derive(Debug)]
pub(super) struct PersonNumbers {
    began: Timestamp,
    generation: u64,
    issued: u32,
}

impl PersonNumbers {
    /// The rounds that make a pseudo-random permutation of a pseudo-random function.
    const ROUNDS: u8 = 4;

    pub(super) const fn new(began: Timestamp, generation: u64) -> Self {
        Self { began, generation, issued: 0 }
    }

    /// A number that nobody has; never `u32::MAX`.
    pub(super) fn issue(&mut self, secret: &[u8; 32]) -> u32 {
        loop {
            let number = self.permute(secret, self.issued);
            self.issued = self.issued.wrapping_add(1);
            if number != u32::MAX {
                return number;
            }
        }
    }

    fn permute(&self, secret: &[u8; 32], number: u32) -> u32 {
        let [low @ .., c, d] = number.to_le_bytes();
        let (mut left, mut right) = (u16::from_le_bytes([c, d]), u16::from_le_bytes(low));
        for round in 0..Self::ROUNDS {
            (left, right) = (right, left ^ self.half(secret, round, right));
        }
        u32::from(left) << 16 | u32::from(right)
    }

    fn half(&self, secret: &[u8; 32], round: u8, half: u16) -> u16 {
        let Ok(mut mac) = <Hmac<Sha256>>::new_from_slice(secret) else {
            return 0;
        };
        mac.update(b"person");
        mac.update(&self.began.ms().to_le_bytes());
        mac.update(&self.generation.to_le_bytes());
        mac.update(&[round]);
        mac.update(&half.to_le_bytes());
        let digest = mac.finalize().into_bytes();
        digest.iter().take(2).fold(0, |half, byte| half << 8 | u16::from(*byte))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn issued(began: i64, generation: u64, secret: u8) -> Vec<u32> {
        let mut numbers = PersonNumbers::new(Timestamp::from_ms(began), generation);
        (0..20_000).map(|_| numbers.issue(&[secret; 32])).collect()
    }

    #[test]
    fn no_two_people_share_a_number() {
        assert_eq!(issued(1, 1, 1).into_iter().collect::<BTreeSet<_>>().len(), 20_000);
    }

    /// Of 20,000 numbers below 2^32 two random lists share one with a chance of 9 %, and two with one of 0.4 %; the order
    /// rises in half of all steps, with a standard deviation of 41 (Knuth, The Art of Computer Programming 2, 3.3.2 G).
    #[test]
    fn numbers_tell_neither_the_teaching_nor_the_strategy_nor_the_order() {
        let first = issued(1, 1, 1);
        for other in [issued(2, 1, 1), issued(1, 2, 1), issued(1, 1, 2)] {
            let first: BTreeSet<u32> = first.iter().copied().collect();
            assert!(other.iter().filter(|number| first.contains(number)).count() < 10);
        }
        let rises = first.windows(2).filter(|pair| pair[0] < pair[1]).count();
        assert!((9_750..10_250).contains(&rises), "{rises}");
    }
}
