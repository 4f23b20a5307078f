//! What each batch of entries is bound to: everything before it.

use std::fmt;

use sha2::{Digest as _, Sha256};

/// The SHA-256 over all batches so far, each with the one before it (FIPS 180-4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Chain([u8; 32]);

impl Chain {
    /// Before the first entry.
    pub(crate) const START: Self = Self([0; 32]);

    /// After a batch of lines, with their ends.
    pub(crate) fn extend(self, batch: &[u8]) -> Self {
        Self(Sha256::new().chain_update(self.0).chain_update(batch).finalize().into())
    }

    /// From 64 hexadecimal digits.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        parse_hex(text).map(Self)
    }
}

impl fmt::Display for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&to_hex(&self.0))
    }
}

pub(crate) fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes of lower-case hexadecimal digits, where there are twice as many.
pub(crate) fn parse_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    let pairs = text.as_bytes().chunks(2);
    if text.len() != 2 * N || text.bytes().any(|digit| !matches!(digit, b'0'..=b'9' | b'a'..=b'f')) {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(pairs) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_is_what_sha256sum_says() {
        // head -c 32 /dev/zero > b; printf 'a\n' >> b; sha256sum b
        let first = Chain::START.extend(b"a\n");
        assert_eq!(first.to_string(), "64f5793b201c211072cc4c622e04bf326e2737f175f3a20619c48966b8bfffd8");
        assert_eq!(Chain::parse(&first.to_string()), Some(first));
        assert_ne!(
            first.extend(b"b\n"),
            Chain::START.extend(b"a\nb\n"),
            "a batch is bound as it was written"
        );
    }

    #[test]
    fn what_is_not_hexadecimal_is_no_chain() {
        for text in ["", "00", &"g".repeat(64), &"A".repeat(64), &"é".repeat(32)] {
            assert_eq!(Chain::parse(text), None);
        }
    }
}
