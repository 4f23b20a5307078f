//! Why a worker is of no use any more.

use std::io;

/// How a call to a worker ended when it did not end well. The worker must go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Its answer did not come in time.
    Late,
    /// Its process or its socket ended.
    Gone,
    /// What came is not an answer to what was asked.
    Garbled,
    /// It gave itself up.
    Aborted,
    /// It gave itself up for want of memory.
    OutOfMemory,
    /// It computed while nothing was asked of it.
    Unasked,
}

impl Fault {
    pub(crate) const fn phrase(self) -> &'static str {
        match self {
            Self::Late => "it was late and was killed",
            Self::Gone => "it ended by itself",
            Self::Garbled => "it answered something that was not asked, and was killed",
            Self::Aborted => "it gave itself up (abort)",
            Self::OutOfMemory => "it ran out of memory; raise its `memory_mb`, or give it less to hold",
            Self::Unasked => "it computed while nothing was asked of it, and was killed",
        }
    }
}

impl From<io::Error> for Fault {
    fn from(_: io::Error) -> Self {
        Self::Gone
    }
}
