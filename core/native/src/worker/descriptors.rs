//! The two descriptors of a worker.

use std::os::fd::{AsRawFd as _, BorrowedFd, RawFd};

use jardin_abi::MOST_BYTES;

use crate::link::message::Head;

/// Where the plugin's sealed copy is. It comes as the standard output.
pub(super) const PLUGIN_FD: RawFd = 3;
/// Where the host speaks. It comes as the standard input.
pub(super) const SOCKET_FD: RawFd = 4;

pub(super) fn borrowed<'a>(fd: RawFd) -> BorrowedFd<'a> {
    // SAFETY: called with `SOCKET_FD`, which is open until the process ends, and in `take_over` with 0 and 1,
    // which stay open until they are replaced there, after the last use of what is borrowed.
    unsafe { BorrowedFd::borrow_raw(fd) }
}

/// Puts both descriptors where no library looks for a terminal, and keeps nothing else open; false where they
/// are not what a host hands over.
pub(super) fn take_over() -> bool {
    let speaks = rustix::net::sockopt::socket_type(borrowed(0))
        .is_ok_and(|kind| kind == rustix::net::SocketType::SEQPACKET);
    let sealed = rustix::fs::fcntl_get_seals(borrowed(1))
        .is_ok_and(|seals| seals.contains(rustix::fs::SealFlags::WRITE));
    if !speaks || !sealed {
        return false;
    }
    for (from, to) in [(1, PLUGIN_FD), (0, SOCKET_FD)] {
        // SAFETY: dup2 touches no memory. It closes what stood at 3 and 4, and no value of this process owns
        // those: `main` called this first.
        if unsafe { libc::dup2(from, to) } != to {
            return false;
        }
    }
    close_above(SOCKET_FD);
    // the standard ones lead nowhere from now on
    let nowhere = rustix::fs::open("/dev/null", rustix::fs::OFlags::RDWR, rustix::fs::Mode::empty());
    let Ok(nowhere) = nowhere else { return false };
    // SAFETY: dup2 touches no memory. It closes 0 and 1, whose files stand at 4 and 3 since the loop above;
    // `nowhere` is open until the end.
    [0, 1].into_iter().all(|standard| unsafe { libc::dup2(nowhere.as_raw_fd(), standard) } == standard)
}

fn close_above(last: RawFd) {
    let first = libc::c_uint::try_from(last + 1).unwrap_or(5);
    // SAFETY: close_range touches no memory; no value of this process owns a descriptor above `last`, since
    // `take_over` runs before any is opened.
    unsafe { libc::syscall(libc::SYS_close_range, first, libc::c_uint::MAX, 0) };
}

pub(super) fn send(head: Head, body: &[u8]) -> Result<(), rustix::io::Errno> {
    let mut message = head.to_bytes().to_vec();
    message.extend(body.iter().take(MOST_BYTES));
    send_whole(&message)
}

pub(super) fn send_whole(message: &[u8]) -> Result<(), rustix::io::Errno> {
    rustix::net::send(borrowed(SOCKET_FD), message, rustix::net::SendFlags::NOSIGNAL).map(drop)
}
