//! Ids of rows that have none: the same row has the same one wherever it stands.

/// FNV-1a (Fowler, Noll, Vo; 64 bits) of bytes, by their published offset and prime.
pub(crate) fn fingerprint(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the test vectors that its authors publish.
    #[test]
    fn is_that_of_the_published_vectors() {
        assert_eq!(fingerprint("".bytes()), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fingerprint("a".bytes()), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(fingerprint("foobar".bytes()), 0x8594_4171_f739_67e8);
    }
}
