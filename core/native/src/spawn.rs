//! One long-lived thread starts every worker: a worker's death signal comes when the *thread* that started it ends.

use std::{
    io,
    os::{
        fd::{AsRawFd as _, OwnedFd, RawFd},
        unix::process::CommandExt as _,
    },
    path::PathBuf,
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc,
    thread,
};

use rustix::net::{AddressFamily, SocketFlags, SocketType, socketpair, sockopt};
use tokio::sync::oneshot;

use crate::{
    message::MOST,
    worker::{OPEN_ARGUMENT, PLUGIN_FD, SOCKET_FD, WORKER_ARGUMENT},
};

/// A worker that was started, and the host's end of its socket.
#[derive(Debug)]
pub(crate) struct Started {
    pub(crate) child: Child,
    pub(crate) socket: OwnedFd,
}

/// How a worker is to run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct How {
    /// How much data memory it may take for its plugin, in bytes.
    pub(crate) memory_bytes: u64,
    /// `isolation = "process"`: not confined.
    pub(crate) open: bool,
}

enum Order {
    Start {
        plugin: OwnedFd,
        how: How,
        done: oneshot::Sender<io::Result<Started>>,
    },
    End {
        child: Child,
        done: oneshot::Sender<io::Result<ExitStatus>>,
    },
}

/// Starts workers. When it is dropped every worker that it started ends.
#[derive(Debug, Clone)]
pub struct Spawner {
    orders: mpsc::Sender<Order>,
}

impl Spawner {
    /// A spawner whose workers are `program`.
    ///
    /// # Errors
    /// Where no thread can be started.
    pub fn new(program: PathBuf) -> io::Result<Self> {
        let (orders, inbox) = mpsc::channel();
        thread::Builder::new().name("jardin-spawner".to_owned()).spawn(move || {
            for order in inbox {
                match order {
                    // whoever no longer waits for the answer needs none
                    Order::Start { plugin, how, done } => drop(done.send(start(&program, &plugin, how))),
                    Order::End { mut child, done } => drop(done.send(end(&mut child))),
                }
            }
        })?;
        Ok(Self { orders })
    }

    pub(crate) async fn start(&self, plugin: OwnedFd, how: How) -> io::Result<Started> {
        let (done, answer) = oneshot::channel();
        self.orders
            .send(Order::Start { plugin, how, done })
            .map_err(|_| io::ErrorKind::BrokenPipe)?;
        answer.await.map_err(|_| io::ErrorKind::BrokenPipe)?
    }

    /// Kills a worker, if it still runs, and says how it ended.
    pub(crate) async fn end(&self, child: Child) -> io::Result<ExitStatus> {
        let (done, answer) = oneshot::channel();
        self.orders
            .send(Order::End { child, done })
            .map_err(|_| io::ErrorKind::BrokenPipe)?;
        answer.await.map_err(|_| io::ErrorKind::BrokenPipe)?
    }
}

fn end(child: &mut Child) -> io::Result<ExitStatus> {
    // one that has already ended keeps its own status
    let _ = child.kill();
    child.wait()
}

fn start(program: &PathBuf, plugin: &OwnedFd, how: How) -> io::Result<Started> {
    let (ours, theirs) = socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::CLOEXEC, None)?;
    for end in [&ours, &theirs] {
        // a message goes whole or not at all, so that the longest must fit
        sockopt::set_socket_send_buffer_size(end, 4 * MOST)?;
        sockopt::set_socket_recv_buffer_size(end, 4 * MOST)?;
    }
    let mut command = Command::new(program);
    command
        .arg(WORKER_ARGUMENT)
        .arg(how.memory_bytes.to_string())
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    if how.open {
        command.arg(OPEN_ARGUMENT);
    }
    let given = [(plugin.as_raw_fd(), PLUGIN_FD), (theirs.as_raw_fd(), SOCKET_FD)];
    // SAFETY: between fork and exec only dup calls are made, which are safe there; the descriptors stay open until then.
    unsafe { command.pre_exec(move || hand_over(given)) };
    let child = command.spawn()?;
    rustix::io::ioctl_fionbio(&ours, true)?;
    Ok(Started { child, socket: ours })
}

/// Puts descriptors where the worker expects them, first out of each other's way.
fn hand_over(given: [(RawFd, RawFd); 2]) -> io::Result<()> {
    const ASIDE: libc::c_int = 32;
    let checked = |fd: libc::c_int| if fd < 0 { Err(io::Error::last_os_error()) } else { Ok(fd) };
    let mut aside = [0; 2];
    for (place, (fd, _)) in aside.iter_mut().zip(given) {
        // SAFETY: duplicating a descriptor touches no memory.
        *place = checked(unsafe { libc::fcntl(fd, libc::F_DUPFD_CLOEXEC, ASIDE) })?;
    }
    for (fd, (_, target)) in aside.into_iter().zip(given) {
        // SAFETY: as above; the duplicate stays open across exec, which is the point.
        checked(unsafe { libc::dup2(fd, target) })?;
    }
    Ok(())
}
