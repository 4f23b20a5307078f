//! Numbers of messages that nobody can guess.
//!
//! A worker learns a message's number with the message. Were the next one known as well, a plugin could answer
//! a request before it comes, and so tell one person what another one asked.

use std::io;

use rustix::rand::{GetRandomFlags, getrandom};

/// How many numbers are taken from the kernel at once.
const BATCH: usize = 32;

/// Numbers from the kernel's source of randomness.
pub(crate) struct SequenceNumbers {
    bytes: [u8; BATCH * 8],
    left: usize,
}

impl SequenceNumbers {
    pub(crate) const fn new() -> Self {
        Self { bytes: [0; BATCH * 8], left: 0 }
    }

    /// The next number.
    ///
    /// # Errors
    /// What the kernel said where it gives none.
    pub(crate) fn draw(&mut self) -> io::Result<u64> {
        if self.left == 0 {
            // a request of up to 256 bytes is answered whole: getrandom(2)
            getrandom(&mut self.bytes, GetRandomFlags::empty())?;
            self.left = BATCH;
        }
        self.left -= 1;
        let number = self.bytes.chunks_exact(8).nth(self.left).and_then(|bytes| bytes.try_into().ok());
        Ok(number.map_or(0, u64::from_le_bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_number_comes_twice() {
        let mut numbers = SequenceNumbers::new();
        let drawn: std::collections::BTreeSet<u64> = (0..1_000).map(|_| numbers.draw().unwrap()).collect();
        assert_eq!(drawn.len(), 1_000);
    }
}
