//! Messages between host and worker: a head of 64 bytes, so that the frame behind it keeps its alignment,
//! then a frame or an answer.

use jardin_abi::{ENTRY_BYTES, MOST_BYTES};

/// The head's length.
pub(crate) const HEAD_BYTES: usize = ENTRY_BYTES;
/// The longest message.
pub(crate) const MAX_MESSAGE_BYTES: usize = HEAD_BYTES + MOST_BYTES;

/// What a message is about. Each of the host's has exactly one answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub(crate) enum Subject {
    /// Worker: confined, the plugin is loaded.
    Hello = 1,
    /// Worker: done, with the plugin's result.
    Done = 2,
    /// Worker: an answer to a batch follows.
    Answer = 3,
    /// Worker: it gives up, a text follows.
    Failed = 4,
    /// Worker: it gives itself up, by abort(3).
    Aborted = 5,
    /// Worker: the same, and there is little memory left.
    OutOfMemory = 6,
    /// Host: settings follow.
    Create = 16,
    /// Host: rows of the catalogue follow.
    Catalogue = 17,
    /// Host: requests follow.
    Recommend = 18,
    /// Host: events follow.
    Observe = 19,
    /// Host: sessions follow.
    Forget = 20,
}

impl Subject {
    fn from_code(code: u32) -> Option<Self> {
        Some(match code {
            1 => Self::Hello,
            2 => Self::Done,
            3 => Self::Answer,
            4 => Self::Failed,
            5 => Self::Aborted,
            6 => Self::OutOfMemory,
            16 => Self::Create,
            17 => Self::Catalogue,
            18 => Self::Recommend,
            19 => Self::Observe,
            20 => Self::Forget,
            _ => return None,
        })
    }
}

/// The head of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) subject: Subject,
    /// The plugin's result, for [`Subject::Done`] and [`Subject::Answer`].
    pub(crate) result: i32,
    /// The host's running number, which the answer repeats: an answer that nobody waited for is never taken
    /// for another's.
    pub(crate) sequence: u64,
    /// Which sentence of its manifest the plugin says to hold, from 1; 0 for none.
    pub(crate) note: u32,
}

impl Head {
    /// A head without a number.
    pub(crate) const fn of(subject: Subject, result: i32) -> Self {
        Self { subject, result, sequence: 0, note: 0 }
    }

    pub(crate) fn to_bytes(self) -> [u8; HEAD_BYTES] {
        let mut bytes = [0; HEAD_BYTES];
        let words = (self.subject as u32).to_le_bytes().into_iter().chain(self.result.to_le_bytes());
        let words = words.chain(self.sequence.to_le_bytes()).chain(self.note.to_le_bytes());
        bytes.iter_mut().zip(words).for_each(|(place, byte)| *place = byte);
        bytes
    }

    /// Writes it in front of a message that has room for it.
    pub(crate) fn write_to(self, message: &mut [u8]) {
        message.iter_mut().zip(self.to_bytes()).for_each(|(place, byte)| *place = byte);
    }

    /// The head and what follows it.
    pub(crate) fn split(message: &[u8]) -> Option<(Self, &[u8])> {
        let word = |at: usize| message.get(at..at + 4).and_then(|b| b.try_into().ok());
        let subject = Subject::from_code(u32::from_le_bytes(word(0)?))?;
        Some((
            Self {
                subject,
                result: i32::from_le_bytes(word(4)?),
                sequence: u64::from_le_bytes(message.get(8..16)?.try_into().ok()?),
                note: u32::from_le_bytes(word(16)?),
            },
            message.get(HEAD_BYTES..)?,
        ))
    }
}
