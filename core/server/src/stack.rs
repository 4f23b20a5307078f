//! What calls leave on the stack of the thread that made them.

use std::hint::black_box;

/// How much is overwritten: deeper than the calls of a request go.
const DEPTH: usize = 64 << 10;

/// Overwrites what calls that have returned left below the caller's part of the stack: a value that was copied
/// there stays until another call happens to write over it.
#[inline(never)]
pub(crate) fn overwrite_stack() {
    // the compiler may not leave it out because nobody reads it
    black_box(&mut [0_u8; DEPTH]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{fs::File, os::unix::fs::FileExt as _};

    const SAID: &[u8] = b"WHAT-SOMEBODY-SAID";

    /// Leaves a text some way down the stack, where looking for it does not write over it. Each of its bytes is
    /// changed, so that the search does not find the constant.
    #[inline(never)]
    fn leave_text() {
        let mut room = [0_u8; 32 << 10];
        for (place, byte) in room.iter_mut().zip(SAID) {
            *place = byte ^ 1;
        }
        black_box(&mut room);
    }

    /// Whether the text is in what lies below this call's part of the stack.
    #[inline(never)]
    fn is_left(memory: &File) -> bool {
        let here = black_box(0_u8);
        let top = std::ptr::from_ref(&here).addr();
        let mut below = vec![0; 48 << 10];
        let start = u64::try_from(top - below.len()).unwrap();
        memory.read_exact_at(&mut below, start).unwrap();
        below.windows(SAID.len()).any(|bytes| bytes.iter().zip(SAID).all(|(byte, said)| *byte == said ^ 1))
    }

    #[test]
    fn what_a_call_left_is_gone() {
        let memory = File::open("/proc/self/mem").unwrap();
        leave_text();
        assert!(is_left(&memory), "nothing was left, which shows nothing");
        leave_text();
        overwrite_stack();
        assert!(!is_left(&memory));
    }
}
