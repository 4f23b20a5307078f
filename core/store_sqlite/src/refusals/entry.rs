//! One refusal as bytes.

use jardin_model::Timestamp;
use jardin_store_kit::{Secret, keyed_digest};

/// The bytes of an entry, of which a page of the disk holds a whole number.
pub(super) const ENTRY_BYTES: usize = 128;
/// How many of them the digest at the end covers.
const COVERED: usize = 112;

/// What somebody refused, or took back a refusal of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// The keyed digest by which the store finds the person.
    pub(crate) who: [u8; 16],
    /// When.
    pub(crate) at: Timestamp,
    /// What.
    pub(crate) what: Refused,
}

/// What is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// A consent, by the keyed digest of its name.
    Consent([u8; 16]),
    /// An objection was made, or taken back.
    Objection(bool),
    /// A restriction was asked for, or lifted.
    Restriction(bool),
    /// The person was erased.
    Erasure {
        /// By which the erasure is found again.
        receipt: [u8; 16],
        /// The person's number in the tables.
        number: i64,
        /// How many events went.
        events: u64,
        /// The last event's running number at that time.
        position: i64,
    },
}

impl Refusal {
    /// False where it takes a refusal back.
    pub(crate) const fn narrows(&self) -> bool {
        !matches!(self.what, Refused::Objection(false) | Refused::Restriction(false))
    }

    /// Its bytes as entry number `index`.
    pub(super) fn to_bytes(self, secret: &Secret, index: u64) -> [u8; ENTRY_BYTES] {
        let (kind, detail, numbers) = match self.what {
            Refused::Consent(name) => (1, name, [0; 3]),
            Refused::Objection(active) => (2, [u8::from(active); 16], [0; 3]),
            Refused::Restriction(active) => (3, [u8::from(active); 16], [0; 3]),
            Refused::Erasure { receipt, number, events, position } => {
                (4, receipt, [number, events.cast_signed(), position])
            }
        };
        let words = [kind, self.at.ms()].into_iter().chain(numbers).flat_map(i64::to_le_bytes);
        let content = words.chain(self.who).chain(detail);
        let mut bytes = [0; ENTRY_BYTES];
        bytes.iter_mut().zip(content).for_each(|(byte, said)| *byte = said);
        let seal = entry_seal(secret, index, &bytes);
        bytes.iter_mut().skip(COVERED).zip(seal).for_each(|(byte, said)| *byte = said);
        bytes
    }

    /// What stands in an entry; `None` where it is not one of this store at this place.
    pub(super) fn of_bytes(secret: &Secret, index: u64, bytes: &[u8]) -> Option<Self> {
        if bytes.get(COVERED..)? != entry_seal(secret, index, bytes) {
            return None;
        }
        let word = |n: usize| Some(i64::from_le_bytes(*bytes.get(n * 8..)?.first_chunk()?));
        let digest = |n: usize| bytes.get(40 + n * 16..)?.first_chunk::<16>().copied();
        let (detail, active) = (digest(1)?, digest(1)? == [1; 16]);
        let what = match word(0)? {
            1 => Refused::Consent(detail),
            2 => Refused::Objection(active),
            3 => Refused::Restriction(active),
            4 => Refused::Erasure {
                receipt: detail,
                number: word(2)?,
                events: word(3)?.cast_unsigned(),
                position: word(4)?,
            },
            _ => return None,
        };
        Some(Self { who: digest(0)?, at: Timestamp::from_ms(word(1)?), what })
    }
}

/// Binds an entry to its store and its place, so that none can be made up, moved or cut short unseen.
fn entry_seal(secret: &Secret, index: u64, bytes: &[u8]) -> [u8; ENTRY_BYTES - COVERED] {
    let covered = bytes.get(..COVERED).unwrap_or_default();
    let whole = keyed_digest(secret, &[&index.to_le_bytes(), covered]);
    whole.first_chunk().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_read_as_it_was_written_and_nowhere_else() {
        let (secret, who, at) = ([7; 32], [3; 16], Timestamp::from_ms(-5));
        for what in [
            Refused::Consent([9; 16]),
            Refused::Objection(true),
            Refused::Objection(false),
            Refused::Restriction(true),
            Refused::Restriction(false),
            Refused::Erasure { receipt: [5; 16], number: i64::MIN, events: 12, position: 99 },
        ] {
            let refusal = Refusal { who, at, what };
            let bytes = refusal.to_bytes(&secret, 4);
            assert_eq!(Refusal::of_bytes(&secret, 4, &bytes), Some(refusal));
            assert_eq!(Refusal::of_bytes(&secret, 5, &bytes), None);
            assert_eq!(Refusal::of_bytes(&[8; 32], 4, &bytes), None);
            for place in 0..ENTRY_BYTES {
                let mut damaged = bytes;
                damaged[place] ^= 1;
                assert_eq!(Refusal::of_bytes(&secret, 4, &damaged), None, "byte {place}");
            }
        }
        assert_eq!(Refusal::of_bytes(&secret, 0, &[0; ENTRY_BYTES]), None);
        assert_eq!(Refusal::of_bytes(&secret, 0, &[]), None);
    }
}
