//! What a worker still says when it gives itself up.

use std::{
    ptr,
    sync::atomic::{AtomicU64, Ordering},
};

use super::descriptors::{SOCKET_FD, borrowed};
use crate::link::message::{Head, Subject};

/// How many bytes the plugin may take; for the signal's handler, to which nothing can be passed.
static MEMORY: AtomicU64 = AtomicU64::new(0);

/// Lets abort(3) tell the host whether memory was short. A program for which there is no memory ends so, and
/// without this its end would look like that of one that failed.
pub(super) fn tell_of_abort(memory: u64) {
    MEMORY.store(memory, Ordering::Relaxed);
    // SAFETY: the handler calls nothing but what may be called in one: system calls, on memory of its own.
    unsafe { libc::signal(libc::SIGABRT, on_abort as *const () as libc::sighandler_t) };
}

extern "C" fn on_abort(_: libc::c_int) {
    let memory = usize::try_from(MEMORY.load(Ordering::Relaxed)).unwrap_or(usize::MAX);
    // a table that doubles asks for twice what it has, and fails with a third of the memory in use
    let is_short = largest_block(memory) < memory / 3 * 2;
    let subject = if is_short { Subject::OutOfMemory } else { Subject::Aborted };
    let message = Head::of(subject, 0).to_bytes();
    let _ = rustix::net::send(borrowed(SOCKET_FD), &message, rustix::net::SendFlags::NOSIGNAL);
    // SAFETY: it ends the process and touches nothing.
    unsafe { libc::_exit(1) };
}

/// The largest block that could still be had, to a sixty-fourth of `most`.
fn largest_block(most: usize) -> usize {
    let step = (most / 64).max(1);
    let (mut can, mut cannot) = (0, 65);
    while cannot - can > 1 {
        let middle = (can + cannot) / 2;
        if can_have(middle * step) { can = middle } else { cannot = middle }
    }
    can * step
}

fn can_have(length: usize) -> bool {
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
    // SAFETY: a new mapping that replaces nothing.
    let block =
        unsafe { libc::mmap(ptr::null_mut(), length, libc::PROT_READ | libc::PROT_WRITE, flags, -1, 0) };
    // SAFETY: the block was mapped just now, and nothing refers to it.
    block != libc::MAP_FAILED && unsafe { libc::munmap(block, length) } == 0
}
