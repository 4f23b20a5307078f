//! One long-lived thread starts every worker: a worker's death signal comes when the *thread* that started it
//! ends.

use std::{
    io,
    os::{fd::OwnedFd, unix::process::ExitStatusExt as _},
    path::PathBuf,
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc,
    thread,
};

use rustix::{
    net::{AddressFamily, SocketFlags, SocketType, socketpair, sockopt},
    process::{Pid, PidfdFlags, pidfd_open, setpriority_process},
};
use tokio::sync::oneshot;

use super::message::MAX_MESSAGE_BYTES;
use crate::worker::{OPEN_ARGUMENT, WORKER_ARGUMENT};

/// The nice value of a process that gives way to all others.
const LEAST_PRIORITY: i32 = 19;

/// A worker that was started, and the host's end of its socket.
#[derive(Debug)]
pub(crate) struct Started {
    pub(crate) child: Child,
    pub(crate) socket: OwnedFd,
    /// Readable when it has ended.
    pub(crate) exit: OwnedFd,
}

/// Within what a worker is to run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WorkerLimits {
    /// How much data memory it may take for its plugin, in bytes.
    pub(crate) memory_bytes: u64,
    /// `isolation = "process"`: not confined.
    pub(crate) open: bool,
    /// It gives way to whatever else wants to run.
    pub(crate) is_unhurried: bool,
}

/// How a worker's process ended.
#[derive(Debug, Clone, Copy)]
pub(crate) enum WorkerExit {
    ByHost,
    ByItself(ExitStatus),
}

enum Order {
    Start { plugin: OwnedFd, limits: WorkerLimits, done: oneshot::Sender<io::Result<Started>> },
    End { child: Child, done: oneshot::Sender<io::Result<WorkerExit>> },
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
                    Order::Start { plugin, limits, done } => {
                        drop(done.send(start_child(&program, plugin, limits)))
                    }
                    Order::End { mut child, done } => drop(done.send(end_child(&mut child))),
                }
            }
        })?;
        Ok(Self { orders })
    }

    pub(crate) async fn start(&self, plugin: OwnedFd, limits: WorkerLimits) -> io::Result<Started> {
        let (done, answer) = oneshot::channel();
        self.orders.send(Order::Start { plugin, limits, done }).map_err(|_| io::ErrorKind::BrokenPipe)?;
        answer.await.map_err(|_| io::ErrorKind::BrokenPipe)?
    }

    /// Kills a worker, if it still runs, and says how it ended.
    pub(crate) async fn end(&self, child: Child) -> io::Result<WorkerExit> {
        let (done, answer) = oneshot::channel();
        self.orders.send(Order::End { child, done }).map_err(|_| io::ErrorKind::BrokenPipe)?;
        answer.await.map_err(|_| io::ErrorKind::BrokenPipe)?
    }
}

fn end_child(child: &mut Child) -> io::Result<WorkerExit> {
    if let Some(status) = child.try_wait()? {
        return Ok(WorkerExit::ByItself(status));
    }
    let _ = child.kill();
    let status = child.wait()?;
    // it may have ended in between
    Ok(if status.signal() == Some(libc::SIGKILL) { WorkerExit::ByHost } else { WorkerExit::ByItself(status) })
}

fn start_child(program: &PathBuf, plugin: OwnedFd, limits: WorkerLimits) -> io::Result<Started> {
    let (ours, theirs) = socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::CLOEXEC, None)?;
    for end in [&ours, &theirs] {
        // a message goes whole or not at all, so that the longest must fit
        sockopt::set_socket_send_buffer_size(end, 4 * MAX_MESSAGE_BYTES)?;
        sockopt::set_socket_recv_buffer_size(end, 4 * MAX_MESSAGE_BYTES)?;
    }
    let mut command = Command::new(program);
    // Both descriptors go by the standard ones: anything that had to run between fork and exec would make the
    // kernel copy the tables of all of the host's memory for each worker, which takes 300 ms a gibibyte, and
    // would need `unsafe`.
    command
        .arg(WORKER_ARGUMENT)
        .arg(limits.memory_bytes.to_string())
        .env_clear()
        .stdin(theirs)
        .stdout(plugin)
        .stderr(Stdio::null());
    if limits.open {
        command.arg(OPEN_ARGUMENT);
    }
    let mut child = command.spawn()?;
    match child_pid(&child).and_then(|pid| watch_exit(pid, &ours, limits.is_unhurried)) {
        Ok(exit) => Ok(Started { child, socket: ours, exit }),
        Err(error) => {
            let _ = end_child(&mut child);
            Err(error)
        }
    }
}

fn child_pid(child: &Child) -> io::Result<Pid> {
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    Ok(pid.ok_or(io::ErrorKind::InvalidData)?)
}

/// Makes the socket one that never blocks, and the process as patient as it is to be; gives what tells of its end.
fn watch_exit(pid: Pid, socket: &OwnedFd, is_unhurried: bool) -> io::Result<OwnedFd> {
    rustix::io::ioctl_fionbio(socket, true)?;
    if is_unhurried {
        setpriority_process(Some(pid), LEAST_PRIORITY)?;
    }
    Ok(pidfd_open(pid, PidfdFlags::NONBLOCK)?)
}
