//! A plugin's answer to a batch: for each request, in order, a status and picks.
//!
//! It begins with `JDA1` and the number of requests, each a u32. For each request follow a status u32 and a
//! count u32, then so many picks of 16 bytes: item index u32, reason u32 (0 for none, else the place in the
//! manifest's `reasons` from 1), score f64.

use alloc::vec::Vec;

use crate::frame::unsigned_zero;

const MAGIC: u32 = u32::from_le_bytes(*b"JDA1");
const HEAD: usize = 8;
const PICK: usize = 16;

/// The request was answered.
pub const STATUS_OK: u32 = 0;
/// The plugin could not answer the request.
pub const STATUS_FAILED: u32 = 1;

/// How many bytes of an answer the picks for one request take.
#[must_use]
pub const fn answer_bytes(picks: usize) -> usize {
    picks.saturating_mul(PICK).saturating_add(HEAD)
}

/// One picked item.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Pick {
    /// The item's index.
    pub index: u32,
    /// 0 for none, else the place in the manifest's `reasons` from 1.
    pub reason: u32,
    /// How good; finite. Zero has no sign once it was read.
    pub score: f64,
}

/// What is wrong with an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerError {
    /// It does not begin as an answer does, or is for another number of requests.
    Header,
    /// It ends early or goes on too long.
    Length,
    /// A status is not known.
    Status,
    /// A score is not finite.
    Score,
}

impl core::fmt::Display for AnswerError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Header => "it has no valid header",
            Self::Length => "its length is not that of its picks",
            Self::Status => "a status is not known",
            Self::Score => "a score is not finite",
        })
    }
}

impl core::error::Error for AnswerError {}

/// Writes an answer into room that the host gave.
pub struct AnswerWriter<'a> {
    room: &'a mut [u8],
    length: usize,
    requests: u32,
}

impl<'a> AnswerWriter<'a> {
    /// Begins an answer; `None` where the room is too small even for its head.
    #[must_use]
    pub fn new(room: &'a mut [u8]) -> Option<Self> {
        room.get_mut(..4)?.copy_from_slice(&MAGIC.to_le_bytes());
        room.get_mut(4..HEAD)?.fill(0);
        Some(Self { room, length: HEAD, requests: 0 })
    }

    /// Adds the answer to the next request; false where it does not fit.
    #[must_use]
    pub fn push(&mut self, status: u32, picks: &[Pick]) -> bool {
        let Some(room) =
            self.room.get_mut(self.length..).and_then(|rest| rest.get_mut(..answer_bytes(picks.len())))
        else {
            return false;
        };
        put(room, 0, &status.to_le_bytes());
        put(room, 4, &u32::try_from(picks.len()).unwrap_or(u32::MAX).to_le_bytes());
        for (i, pick) in picks.iter().enumerate() {
            put(room, 8 + i * PICK, &pick.index.to_le_bytes());
            put(room, 12 + i * PICK, &pick.reason.to_le_bytes());
            put(room, 16 + i * PICK, &pick.score.to_le_bytes());
        }
        self.length += answer_bytes(picks.len());
        self.requests += 1;
        put(self.room, 4, &self.requests.to_le_bytes());
        true
    }

    /// How many bytes were written.
    #[must_use]
    pub const fn length(&self) -> usize {
        self.length
    }
}

fn put(bytes: &mut [u8], at: usize, word: &[u8]) {
    if let Some(place) = bytes.get_mut(at..at + word.len()) {
        place.copy_from_slice(word);
    }
}

/// Checks and reads an answer.
#[derive(Debug)]
pub struct AnswerReader;

impl AnswerReader {
    /// The answer to each of `requests` requests: its picks, or `None` where the plugin said that it failed.
    ///
    /// # Errors
    /// The first thing that is wrong; nothing of the answer is used then.
    pub fn read(bytes: &[u8], requests: usize) -> Result<Vec<Option<Vec<Pick>>>, AnswerError> {
        let word = |at: usize| bytes.get(at..at + 4).and_then(|b| b.try_into().ok()).map(u32::from_le_bytes);
        if word(0) != Some(MAGIC) || word(4).map(|n| n as usize) != Some(requests) {
            return Err(AnswerError::Header);
        }
        let mut at = HEAD;
        let mut answers = Vec::with_capacity(requests);
        for _ in 0..requests {
            let (status, count) =
                (word(at).ok_or(AnswerError::Length)?, word(at + 4).ok_or(AnswerError::Length)? as usize);
            let end =
                count.checked_mul(PICK).and_then(|n| n.checked_add(at + 8)).ok_or(AnswerError::Length)?;
            let body = bytes.get(at + 8..end).ok_or(AnswerError::Length)?;
            at = end;
            answers.push(match status {
                STATUS_OK => Some(body.chunks_exact(PICK).map(pick).collect::<Result<_, _>>()?),
                STATUS_FAILED => None,
                _ => return Err(AnswerError::Status),
            });
        }
        if at == bytes.len() { Ok(answers) } else { Err(AnswerError::Length) }
    }
}

fn pick(bytes: &[u8]) -> Result<Pick, AnswerError> {
    let word = |at: usize| bytes.get(at..at + 4).and_then(|b| b.try_into().ok()).map(u32::from_le_bytes);
    let score = bytes.get(8..16).and_then(|b| b.try_into().ok()).map(f64::from_le_bytes);
    match (word(0), word(4), score) {
        (Some(index), Some(reason), Some(score)) if score.is_finite() => {
            Ok(Pick { index, reason, score: unsigned_zero(score) })
        }
        (Some(_), Some(_), Some(_)) => Err(AnswerError::Score),
        _ => Err(AnswerError::Length),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A sign of zero orders nothing and could carry one bit a pick.
    #[test]
    fn zero_has_no_sign() {
        let mut room = [0; 64];
        let mut writer = AnswerWriter::new(&mut room).unwrap();
        assert!(writer.push(STATUS_OK, &[Pick { index: 1, reason: 0, score: -0.0 }]));
        let length = writer.length();
        let answers = AnswerReader::read(&room[..length], 1).unwrap();
        assert_eq!(answers[0].as_ref().unwrap()[0].score.to_bits(), 0.0_f64.to_bits());
    }
}
