//! The publisher's part of a consent string of IAB Europe's Transparency and Consent Framework (TCF, versions 2.0 to
//! 2.3): which purposes a visitor allows the publisher. Source: "Consent string and vendor list formats v2", sections
//! "Core string", "Disclosed vendors" and "Publisher TC".

/// The part in which vendors stand that were named to the visitor.
const DISCLOSED_SEGMENT: u32 = 1;
/// The publisher's part.
const PUBLISHER_SEGMENT: u32 = 3;
/// How long the core is at least: up to the publisher's country, before the vendors.
const CORE_BITS: usize = 213;
/// The purposes of the framework.
const PURPOSE_COUNT: usize = 24;
/// From when on a string must say which vendors were named (version 2.3): 1 March 2026, in tenths of a second since 1970.
const DISCLOSED_FROM: u64 = 17_723_232_000;

/// The publisher purposes that a string allows. A string that cannot be read, that says nothing about the publisher, or
/// that lacks what version 2.3 demands of it allows none. A legitimate interest is no consent and is not looked at.
pub(crate) fn publisher_purposes(string: &str) -> Vec<u8> {
    allowed_purposes(string).unwrap_or_default()
}

/// Whether a string says which vendors were named to the visitor. An empty list is one: nobody was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Disclosed {
    Absent,
    Empty,
    Listed,
}

fn allowed_purposes(string: &str) -> Option<Vec<u8>> {
    let mut segments = string.split('.');
    // the core comes first and begins with its version, which must be one that is known
    let core = decode_bits(segments.next()?)?;
    if read_number(&core, 0, 6)? != 2 || core.len() < CORE_BITS {
        return None;
    }
    let created = u64::from(read_number(&core, 6, 18)?) << 18 | u64::from(read_number(&core, 24, 18)?);
    let (mut disclosed, mut allowed) = (Disclosed::Absent, None);
    for segment in segments {
        let segment = decode_bits(segment)?;
        match read_number(&segment, 0, 3)? {
            DISCLOSED_SEGMENT => {
                let is_empty = read_number(&segment, 3, 16)? == 0;
                disclosed = if is_empty { Disclosed::Empty } else { Disclosed::Listed };
            }
            PUBLISHER_SEGMENT => allowed = Some(read_purposes(&segment)?),
            _ => {}
        }
    }
    allowed.filter(|_| created < DISCLOSED_FROM || disclosed != Disclosed::Absent)
}

fn read_purposes(segment: &[bool]) -> Option<Vec<u8>> {
    let consents = segment.get(3..3 + PURPOSE_COUNT)?;
    Some((1_u8..).zip(consents).filter(|(_, on)| **on).map(|(purpose, _)| purpose).collect())
}

fn read_number(bits: &[bool], from: usize, count: usize) -> Option<u32> {
    Some(bits.get(from..from + count)?.iter().fold(0, |n, bit| n << 1 | u32::from(*bit)))
}

/// The bits of a segment in base64url without padding (RFC 4648, section 5).
fn decode_bits(segment: &str) -> Option<Vec<bool>> {
    let mut bits = Vec::with_capacity(segment.len() * 6);
    for byte in segment.bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            _ => return None,
        };
        bits.extend((0..6).rev().map(|shift| value >> shift & 1 == 1));
    }
    Some(bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made at the last second of February 2026.
    const OLD: &str = "CQgYw72QgYw72AfACBFRAwFgAIwAAAAAAAqIAAAAAAAA";
    /// Made at the first second of March.
    const NEW: &str = "CQgYw8AQgYw8AAfACBFRAwFgAIwAAAAAAAqIAAAAAAAA";

    /// The purposes are those that `@iabtcf/core` 1.5 and `iab-tcf` 0.2 (PyPI) read of the same strings.
    #[test]
    fn reads_what_two_other_decoders_read() {
        for (core, rest, wanted) in [
            (OLD, ".YYAAAAAAAAA", &[5, 6][..]),
            // padded to bits and not to bytes
            (OLD, ".YYAAAAAAAA", &[5, 6]),
            (NEW, ".IADkIA.YYAAAAAAAAA", &[5, 6]),
            (NEW, ".cAAAIAAAAAA.IABE", &[1, 24]),
            (NEW, ".IABE", &[]),
            (OLD, "", &[]),
        ] {
            assert_eq!(publisher_purposes(&format!("{core}{rest}")), wanted, "{core}{rest}");
        }
    }

    /// The framework demands the list of every string made from March 2026 on; the two decoders read the string all the same.
    #[test]
    fn a_new_string_says_which_vendors_were_named_or_allows_nothing() {
        let publisher = "YYAAAAAAAAA";
        assert_eq!(publisher_purposes(&format!("{NEW}.{publisher}")), [0_u8; 0]);
        assert_eq!(publisher_purposes(&format!("{NEW}.IAAA.{publisher}")), [5, 6]);
        assert_eq!(publisher_purposes(&format!("{NEW}.{publisher}.IABE")), [5, 6]);
        assert_eq!(publisher_purposes(&format!("{OLD}.{publisher}")), [5, 6]);
    }

    #[test]
    fn what_cannot_be_read_allows_nothing() {
        let strings = ["", ".", "CA", "CA.YYAAA", "CQgYw72.YYAAA", "été.YYAAA"].map(str::to_owned);
        let spoilt = [".YY", ".Y*AAA", ".YYAAA.", ".YYAAA.I", ".YYAAA.IA", ".AAAAA"];
        let other_version = format!("B{}.YYAAA", OLD.strip_prefix('C').unwrap());
        let spoilt = spoilt.iter().map(|rest| format!("{OLD}{rest}"));
        for string in strings.into_iter().chain(spoilt).chain([other_version]) {
            assert_eq!(publisher_purposes(&string), [0_u8; 0], "{string}");
        }
    }
}
