//! What this machine takes for as much without us: a message of 2 KB to another process and 1 KB back over
//! the same kind of socket, waited for in the same way, with nothing done at either end. No boundary between
//! processes can cost less.

use std::{
    io, mem,
    os::fd::{AsFd as _, AsRawFd as _, FromRawFd as _, OwnedFd},
    process::{Child, Command, Stdio},
    time::Instant,
};

use tokio::io::{Interest, unix::AsyncFd};

use crate::{ROUNDS, times::Times};

/// The argument that makes the benchmark the other process.
pub const ECHO_ARGUMENT: &str = "echo";
/// With its head and its frame's entries.
const THERE: usize = 2432;
const BACK: usize = 1104;

/// Answers until the other end is closed.
pub fn echo() {
    let mut room = vec![0_u8; 1 << 17];
    loop {
        // SAFETY: `room` has `room.len()` writable bytes and lives through the call.
        let length = unsafe { libc::recv(0, room.as_mut_ptr().cast(), room.len(), 0) };
        if length <= 0 {
            return;
        }
        // SAFETY: `room` has at least `BACK` initialised bytes (it was made with 128 KiB of zeroes) and lives
        // through the call.
        unsafe { libc::send(0, room.as_ptr().cast(), BACK, libc::MSG_NOSIGNAL) };
    }
}

fn started() -> (Child, AsyncFd<OwnedFd>) {
    let mut pair = [0; 2];
    // SAFETY: `pair` has room for the two numbers that socketpair writes.
    let made = unsafe {
        libc::socketpair(libc::AF_UNIX, libc::SOCK_SEQPACKET | libc::SOCK_CLOEXEC, 0, pair.as_mut_ptr())
    };
    assert_eq!(made, 0);
    // SAFETY: both were just made and belong to nobody else.
    let [ours, theirs] = pair.map(|fd| unsafe { OwnedFd::from_raw_fd(fd) });
    let program = std::env::current_exe().unwrap();
    let child = Command::new(program).arg(ECHO_ARGUMENT).stdin(Stdio::from(theirs)).spawn().unwrap();
    // SAFETY: an owned descriptor keeps its number until it is dropped, with the registration.
    (child, unsafe { AsyncFd::register(ours) }.unwrap())
}

fn bytes(done: isize) -> io::Result<usize> {
    usize::try_from(done).map_err(|_| io::Error::last_os_error())
}

/// Round trips from this task. On one core: the other process is kept on the core of this thread, as the host
/// keeps a quick worker.
pub async fn round_trips(on_one_core: bool) -> Times {
    let (mut child, socket) = started();
    let (leaving, mut arrived) = (vec![1_u8; THERE], vec![0_u8; 1 << 17]);
    let (mut times, mut core) = (Vec::new(), -1);
    for round in 0..ROUNDS + ROUNDS / 10 {
        let begun = Instant::now();
        // SAFETY: sched_getcpu takes nothing and gives a number.
        let here = unsafe { libc::sched_getcpu() };
        if on_one_core && here != core {
            core = here;
            keep_on(child.id(), here);
        }
        let fd = socket.as_fd().as_raw_fd();
        // SAFETY: `leaving` has at least `THERE` initialised bytes and lives through the call.
        bytes(unsafe { libc::send(fd, leaving.as_ptr().cast(), THERE, libc::MSG_NOSIGNAL) }).unwrap();
        let mut receive = |_: &OwnedFd| {
            // SAFETY: `arrived` has `arrived.len()` writable bytes and is borrowed here alone.
            bytes(unsafe { libc::recv(fd, arrived.as_mut_ptr().cast(), arrived.len(), libc::MSG_DONTWAIT) })
        };
        if receive(socket.get_ref()).is_err() {
            socket.async_io(Interest::READABLE, receive).await.unwrap();
        }
        if round >= ROUNDS / 10 {
            times.push(begun.elapsed());
        }
    }
    drop(socket);
    child.wait().unwrap();
    Times::of(times)
}

fn keep_on(process: u32, core: i32) {
    // SAFETY: `cpu_set_t` is an array of integers, for which all zeroes is a value.
    let mut one: libc::cpu_set_t = unsafe { mem::zeroed() };
    // SAFETY: CPU_SET bounds the core by the set's own length and panics beyond it; `one` lives through
    // sched_setaffinity, which reads it.
    unsafe {
        libc::CPU_SET(usize::try_from(core).unwrap(), &mut one);
        libc::sched_setaffinity(i32::try_from(process).unwrap(), size_of::<libc::cpu_set_t>(), &one);
    }
}
