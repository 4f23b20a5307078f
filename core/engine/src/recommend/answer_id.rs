//! The ids of answers. An id says when, where and under which rules its answer was given, and nothing of anybody; only
//! this shop can read it, so that it is looked up nowhere.

use std::sync::atomic::{AtomicU64, Ordering};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use jardin_model::{RecommendationId, Timestamp};
use sha2::Sha256;

/// What an id says: so many bytes, sealed.
const SAID_BYTES: usize = 16;
/// By which an id of this shop is told from any other text.
const TAG_BYTES: usize = 8;

/// What an id says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AnswerOrigin {
    /// When it was given, to the second.
    pub(crate) at: Timestamp,
    /// Under which rules: the first bytes of the digest of what was in force.
    pub(crate) revision: [u8; 3],
    /// Which placement, by its place among their names under these rules.
    pub(crate) placement: u8,
    /// Which arm of an experiment; 0 where there is none.
    pub(crate) arm: u8,
}

/// Makes ids, and reads them. With the same secret, beginning and seed it makes the same ones.
pub(super) struct AnswerIds {
    /// Over the secret alone: hashing it anew would cost each answer half of its id.
    tags: Option<Hmac<Sha256>>,
    pads: Option<Hmac<Sha256>>,
    /// Where counting began: two processes one after the other give no number twice.
    begun: u64,
    count: AtomicU64,
}

impl AnswerIds {
    pub(super) fn new(secret: [u8; 32], begun: Timestamp, seed: u64) -> Self {
        let keyed = |usage: &[u8]| {
            let mut mac = <Hmac<Sha256>>::new_from_slice(&secret).ok()?;
            mac.update(usage);
            Some(mac)
        };
        // the milliseconds of two years, and a million answers in each
        let begun = begun.ms().cast_unsigned().wrapping_mul(1 << 20).wrapping_add(seed);
        Self { tags: keyed(b"tag"), pads: keyed(b"pad"), begun, count: AtomicU64::new(0) }
    }

    /// The next id, 32 characters of base64url; `None` never happens, since a secret is of any length and such a text
    /// is an id.
    pub(super) fn next_id(&self, origin: AnswerOrigin) -> Option<RecommendationId> {
        let count = self.begun.wrapping_add(self.count.fetch_add(1, Ordering::Relaxed));
        let said = origin.to_bytes(count);
        let tag = self.tag_of(&said)?;
        let sealed = self.pad(&said, tag)?;
        RecommendationId::new(&BASE64_URL_SAFE_NO_PAD.encode([sealed.as_slice(), &tag].concat())).ok()
    }

    /// What an id says; `None` where this shop did not make it.
    pub(super) fn read_id(&self, id: &RecommendationId) -> Option<AnswerOrigin> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(id.as_str()).ok()?;
        let (sealed, tag) = bytes.split_first_chunk::<SAID_BYTES>()?;
        let tag: [u8; TAG_BYTES] = tag.try_into().ok()?;
        let said = self.pad(sealed, tag)?;
        (self.tag_of(&said)? == tag).then(|| AnswerOrigin::of_bytes(&said))
    }

    fn tag_of(&self, said: &[u8; SAID_BYTES]) -> Option<[u8; TAG_BYTES]> {
        digest_of(self.tags.as_ref()?, said)?.first_chunk().copied()
    }

    /// Seals what an id says, and opens it again: the pad follows from the tag, which no two ids share but by accident.
    fn pad(&self, bytes: &[u8; SAID_BYTES], tag: [u8; TAG_BYTES]) -> Option<[u8; SAID_BYTES]> {
        let pad = digest_of(self.pads.as_ref()?, &tag)?;
        let mut padded = *bytes;
        padded.iter_mut().zip(pad).for_each(|(byte, pad)| *byte ^= pad);
        Some(padded)
    }
}

fn digest_of(keyed: &Hmac<Sha256>, bytes: &[u8]) -> Option<[u8; 32]> {
    let mut mac = keyed.clone();
    mac.update(bytes);
    Some(mac.finalize().into_bytes().into())
}

impl AnswerOrigin {
    /// Seconds (4), revision (3), placement (1), arm (1), count (7).
    fn to_bytes(self, count: u64) -> [u8; SAID_BYTES] {
        let seconds = u32::try_from(self.at.ms().div_euclid(1_000)).unwrap_or(u32::MAX);
        let [_, count @ ..] = count.to_be_bytes();
        let mut bytes = [0; SAID_BYTES];
        let parts =
            [&seconds.to_be_bytes()[..], &self.revision, &[self.placement, self.arm], &count].concat();
        bytes.iter_mut().zip(parts).for_each(|(byte, part)| *byte = part);
        bytes
    }

    fn of_bytes(bytes: &[u8; SAID_BYTES]) -> Self {
        let [s0, s1, s2, s3, r0, r1, r2, placement, arm, ..] = *bytes;
        let seconds = u32::from_be_bytes([s0, s1, s2, s3]);
        Self { at: Timestamp::from_ms(i64::from(seconds) * 1_000), revision: [r0, r1, r2], placement, arm }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORIGIN: AnswerOrigin =
        AnswerOrigin { at: Timestamp::from_ms(1_763_632_800_000), revision: [1, 2, 3], placement: 4, arm: 0 };

    const PYTHON: [&str; 3] = [
        "ZxLgIT95L5m4ytmjVBVzKB9Lp7icKtzB",
        "N_rcmrLN6T1y76gbB-m3DptoiAMZCADP",
        "LOng3bc0oURmF1mcxFckvxZ4J0F8boK5",
    ];

    fn ids() -> AnswerIds {
        let secret = std::array::from_fn(|n| u8::try_from(n).unwrap());
        AnswerIds::new(secret, Timestamp::from_ms(1_000), 7)
    }

    /// From Python's hmac, hashlib and base64:
    /// `said = pack(">I", 1763632800) + bytes([1, 2, 3, 4, 0]) + pack(">Q", (1000 << 20) + 7 + n)[1:]`,
    /// `tag = hmac(secret, b"tag" + said)[:8]`, `id = (said ^ hmac(secret, b"pad" + tag)[:16]) + tag`.
    #[test]
    fn ids_are_those_of_another_implementation() {
        let ids = ids();
        for expected in PYTHON {
            assert_eq!(ids.next_id(ORIGIN).unwrap().as_str(), expected);
        }
    }

    #[test]
    fn an_id_is_read_by_the_shop_that_made_it_and_by_no_other() {
        let (ids, other) = (ids(), AnswerIds::new([8; 32], Timestamp::from_ms(1_000), 7));
        let id = ids.next_id(ORIGIN).unwrap();
        assert_eq!((ids.read_id(&id), other.read_id(&id)), (Some(ORIGIN), None));
        // after a restart, too
        let later =
            AnswerIds::new(std::array::from_fn(|n| u8::try_from(n).unwrap()), Timestamp::from_ms(2_000), 1);
        assert_eq!(later.read_id(&id), Some(ORIGIN));
        for place in 0..id.as_str().len() {
            let mut altered = id.as_str().to_owned().into_bytes();
            altered[place] = if altered[place] == b'A' { b'B' } else { b'A' };
            let altered = RecommendationId::new(&String::from_utf8(altered).unwrap()).unwrap();
            assert_eq!(ids.read_id(&altered), None, "character {place}");
        }
        for text in ["x", "47f3fcf86203b08f494319f98484c8e3", &format!("{}A", id.as_str())] {
            assert_eq!(ids.read_id(&RecommendationId::new(text).unwrap()), None, "{text}");
        }
    }

    /// Whoever sees ids learns neither how many there are nor which of them are of one placement.
    #[test]
    fn no_part_of_an_id_stays_the_same() {
        let ids = ids();
        let made: Vec<Vec<u8>> = (0..64)
            .map(|_| BASE64_URL_SAFE_NO_PAD.decode(ids.next_id(ORIGIN).unwrap().as_str()).unwrap())
            .collect();
        for place in 0..SAID_BYTES + TAG_BYTES {
            let bytes: std::collections::BTreeSet<u8> = made.iter().map(|id| id[place]).collect();
            assert!(bytes.len() > 32, "byte {place}: {}", bytes.len());
        }
    }
}
