//! The ids of answers: they depend on a secret, a beginning and a count, and on no person.

use std::sync::atomic::{AtomicU64, Ordering};

use hmac::{Hmac, KeyInit as _, Mac as _};
use jardin_model::{RecommendationId, Timestamp};
use sha2::Sha256;

/// Makes ids. With the same secret, beginning and seed it makes the same ones.
pub(super) struct AnswerIds {
    /// Over the secret alone: hashing it anew would cost each answer half of its id.
    keyed: Option<Hmac<Sha256>>,
    begun: i64,
    seed: u64,
    count: AtomicU64,
}

impl AnswerIds {
    pub(super) fn new(secret: [u8; 32], begun: Timestamp, seed: u64) -> Self {
        let keyed = <Hmac<Sha256>>::new_from_slice(&secret).ok();
        Self { keyed, begun: begun.ms(), seed, count: AtomicU64::new(0) }
    }

    /// The next id, 32 hexadecimal digits; `None` never happens, since a secret is of any length and such a text
    /// is an id.
    pub(super) fn next_id(&self) -> Option<RecommendationId> {
        let count = self.count.fetch_add(1, Ordering::Relaxed);
        let mut mac = self.keyed.clone()?;
        for part in [self.begun.to_le_bytes(), self.seed.to_le_bytes(), count.to_le_bytes()] {
            mac.update(&part);
        }
        let mut text = [b'0'; 32];
        let bytes = mac.finalize().into_bytes();
        for (digits, byte) in text.chunks_exact_mut(2).zip(&bytes) {
            let halves = [byte >> 4, byte & 15];
            digits.iter_mut().zip(halves).for_each(|(place, half)| *place = hex_digit(half));
        }
        RecommendationId::new(std::str::from_utf8(&text).ok()?).ok()
    }
}

const fn hex_digit(half: u8) -> u8 {
    if half < 10 { b'0' + half } else { b'a' + (half - 10) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From Python's hmac: `hmac.new(bytes(range(32)), struct.pack("<qQQ", 1000, 7, n), "sha256").hexdigest()[:32]`.
    #[test]
    fn ids_are_those_of_another_implementation() {
        let secret = std::array::from_fn(|n| u8::try_from(n).unwrap());
        let ids = AnswerIds::new(secret, Timestamp::from_ms(1_000), 7);
        for expected in [
            "47f3fcf86203b08f494319f98484c8e3",
            "86bf727412fda043476f136a27ab13bd",
            "5fd0d18092605196747435e569462fe4",
        ] {
            assert_eq!(ids.next_id().unwrap().as_str(), expected);
        }
    }
}
