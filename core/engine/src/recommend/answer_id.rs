//! The ids of answers: they depend on a secret, a beginning and a count, and on no person.

use std::sync::atomic::{AtomicU64, Ordering};

use hmac::{Hmac, KeyInit as _, Mac as _};
use jardin_model::{RecommendationId, Timestamp};
use sha2::Sha256;

/// Makes ids. With the same secret, beginning and seed it makes the same ones.
pub(super) struct AnswerIds {
    secret: [u8; 32],
    begun: i64,
    seed: u64,
    count: AtomicU64,
}

impl AnswerIds {
    pub(super) const fn new(secret: [u8; 32], begun: Timestamp, seed: u64) -> Self {
        Self { secret, begun: begun.ms(), seed, count: AtomicU64::new(0) }
    }

    /// The next id, 32 hexadecimal digits; `None` never happens, since such a text is an id.
    pub(super) fn next_id(&self) -> Option<RecommendationId> {
        let count = self.count.fetch_add(1, Ordering::Relaxed);
        let mut mac = <Hmac<Sha256>>::new_from_slice(&self.secret).ok()?;
        for part in [self.begun.to_le_bytes(), self.seed.to_le_bytes(), count.to_le_bytes()] {
            mac.update(&part);
        }
        let digest = mac.finalize().into_bytes();
        let text: String = digest.iter().take(16).map(|b| format!("{b:02x}")).collect();
        RecommendationId::new(&text).ok()
    }
}
