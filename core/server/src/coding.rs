//! How a body is coded on its way (RFC 9110 §8.4.1).

use std::io::Read as _;

use flate2::read::MultiGzDecoder;
use hyper::{HeaderMap, body::Bytes, header::CONTENT_ENCODING};

use crate::problem::HttpProblem;

/// How a body is coded on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coding {
    Identity,
    Gzip,
}

impl Coding {
    /// What a head says of its body.
    pub(crate) fn of_head(headers: &HeaderMap) -> Result<Self, HttpProblem> {
        let mut named = headers.get_all(CONTENT_ENCODING).iter();
        match (named.next().map(|value| value.as_bytes().trim_ascii()), named.next()) {
            (None, _) => Ok(Self::Identity),
            (Some(word), None) if word.eq_ignore_ascii_case(b"identity") => Ok(Self::Identity),
            (Some(word), None) if word.eq_ignore_ascii_case(b"gzip") => Ok(Self::Gzip),
            _ => Err(HttpProblem::Coding),
        }
    }

    /// The body as it was before it was coded. No more than `most` bytes of it are made, however little was sent.
    pub(crate) fn decode(self, body: Bytes, most: usize) -> Result<Bytes, HttpProblem> {
        if self == Self::Identity {
            return Ok(body);
        }
        let bound = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
        let mut decoded = Vec::new();
        let read = MultiGzDecoder::new(body.as_ref()).take(bound).read_to_end(&mut decoded);
        read.map_err(|_| HttpProblem::NotGzip)?;
        if decoded.len() > most { Err(HttpProblem::TooLong(most)) } else { Ok(decoded.into()) }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::{Compression, write::GzEncoder};

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut coder = GzEncoder::new(Vec::new(), Compression::best());
        coder.write_all(bytes).unwrap();
        coder.finish().unwrap()
    }

    fn coding(words: &[&str]) -> Result<Coding, HttpProblem> {
        Coding::of_head(&words.iter().map(|word| (CONTENT_ENCODING, word.parse().unwrap())).collect())
    }

    #[test]
    fn what_is_gzip_comes_back_and_a_bomb_stops_at_the_bound() {
        let decode = |bytes: Vec<u8>| Coding::Gzip.decode(bytes.into(), 1_000);
        assert_eq!(decode(gzip(&[b'x'; 1_000])).as_deref(), Ok([b'x'; 1_000].as_slice()));
        assert_eq!(decode(gzip(&[b'x'; 1_001])), Err(HttpProblem::TooLong(1_000)));
        let bomb = gzip(&vec![0; 50 << 20]);
        assert!(bomb.len() < 60_000);
        assert_eq!(decode(bomb), Err(HttpProblem::TooLong(1_000)));
        // a bomb of many members
        assert_eq!(decode(gzip(&[b'x'; 600]).repeat(2)), Err(HttpProblem::TooLong(1_000)));
        // what lies behind the bound is not read: that it is cut off is not found out
        let noise: Vec<u8> =
            (0..100_000_u32).map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()[1]).collect();
        let mut cut_late = gzip(&noise);
        cut_late.truncate(cut_late.len() / 2);
        assert_eq!(decode(cut_late), Err(HttpProblem::TooLong(1_000)));
        let cut = gzip(b"whole")[..20].to_vec();
        assert_eq!(
            (decode(cut), decode(b"{}".to_vec())),
            (Err(HttpProblem::NotGzip), Err(HttpProblem::NotGzip))
        );
    }

    #[test]
    fn no_other_coding_is_taken_and_none_twice() {
        assert_eq!(coding(&[]), Ok(Coding::Identity));
        assert_eq!((coding(&["gzip"]), coding(&["GZIP"])), (Ok(Coding::Gzip), Ok(Coding::Gzip)));
        for words in [vec!["br"], vec!["gzip, gzip"], vec!["gzip", "gzip"], vec!["deflate"], vec![""]] {
            assert_eq!(coding(&words), Err(HttpProblem::Coding), "{words:?}");
        }
    }
}
