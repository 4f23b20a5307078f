//! The publisher's part of a consent string of IAB Europe's Transparency and Consent Framework (TCF, version
//! 2): which purposes a visitor allows the publisher. Source: "Consent string and vendor list formats v2",
//! sections "Publisher TC" and "Core string".

/// The segment type of the publisher's part.
const PUBLISHER_SEGMENT: u32 = 3;
/// The purposes of the framework.
const PURPOSE_COUNT: usize = 24;

/// The publisher purposes that a string allows. A string that cannot be read, or that says nothing about the
/// publisher, allows none.
pub(crate) fn publisher_purposes(string: &str) -> Vec<u8> {
    allowed_purposes(string).unwrap_or_default()
}

fn allowed_purposes(string: &str) -> Option<Vec<u8>> {
    let mut segments = string.split('.');
    // the core comes first and begins with its version, which must be one that is known
    let core = decode_bits(segments.next()?)?;
    if read_number(&core, 0, 6)? != 2 {
        return None;
    }
    for segment in segments {
        let segment = decode_bits(segment)?;
        if read_number(&segment, 0, 3)? == PUBLISHER_SEGMENT {
            let consents = segment.get(3..3 + PURPOSE_COUNT)?;
            return Some((1_u8..).zip(consents).filter(|(_, on)| **on).map(|(purpose, _)| purpose).collect());
        }
    }
    None
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

    #[test]
    fn reads_the_publisher_segment() {
        // by hand: 011 (type 3), then purposes 5 and 6 of 24: 000011 000000 000000 000000, then zeros
        // 011000 011000 000000 000000 000000 -> Y Y A A A
        assert_eq!(publisher_purposes("CA.YYAAA"), [5, 6]);
        // the framework's own core string of an example has no publisher segment
        assert_eq!(publisher_purposes("COvFyGBOvFyGBAbAAAENAPCAAOAAAAAAAAAAAEEUACCKAAA"), [0_u8; 0]);
    }

    #[test]
    fn what_cannot_be_read_allows_nothing() {
        for string in ["", ".", "CA", "CA.YY", "CA.Y*AAA", "BA.YYAAA", "CA.AAAAA", "été.YYAAA"] {
            assert_eq!(publisher_purposes(string), [0_u8; 0], "{string}");
        }
    }
}
