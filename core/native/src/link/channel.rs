//! The host's end of a worker's socket, for a task that must never block its thread.

use std::{io, os::fd::OwnedFd, time::Instant};

use jardin_abi::Frame;
use rustix::net::{RecvFlags, SendFlags, recv, send};
use tokio::{
    io::{Interest, unix::AsyncFd},
    time::timeout_at,
};

use super::{
    fault::Fault,
    message::{HEAD_BYTES, Head, MAX_MESSAGE_BYTES, Subject},
    sequence_numbers::SequenceNumbers,
};

/// The host's end of a worker's socket.
pub(crate) struct Channel {
    socket: AsyncFd<OwnedFd>,
    arrived: Frame,
    numbers: SequenceNumbers,
    /// The number of the last message; of the hello, which answers none, 0.
    sequence: u64,
    /// Until when the answer to the last message must come, while it has not come.
    owed: Option<Instant>,
}

impl Channel {
    pub(crate) fn new(socket: OwnedFd) -> io::Result<Self> {
        // SAFETY: `register` wants the descriptor open, and the same, while it is registered: an `OwnedFd`
        // keeps its number until it is dropped, and `AsyncFd` takes it out of the reactor before that.
        let socket = unsafe { AsyncFd::register(socket) }?;
        let arrived = Frame::room(MAX_MESSAGE_BYTES);
        Ok(Self { socket, arrived, numbers: SequenceNumbers::new(), sequence: 0, owed: None })
    }

    /// Sends a message, of which the first [`HEAD_BYTES`] bytes are free, and waits for its one answer, of which a
    /// private copy is given.
    ///
    /// A caller that goes away in between leaves the answer owed; [`Self::settle`] takes it.
    pub(crate) async fn ask(
        &mut self,
        subject: Subject,
        message: &mut Frame,
        until: Instant,
    ) -> Result<(Head, &[u8]), Fault> {
        self.ask_from(false, subject, message, until).await
    }

    /// As [`Self::ask`]; `is_near` where the worker runs on the core of this thread.
    pub(crate) async fn ask_from(
        &mut self,
        is_near: bool,
        subject: Subject,
        message: &mut Frame,
        until: Instant,
    ) -> Result<(Head, &[u8]), Fault> {
        self.sequence = self.numbers.draw()?;
        let head = Head { sequence: self.sequence, ..Head::of(subject, 0) };
        head.write_to(message.bytes_mut());
        self.owed = Some(until);
        let length = timeout_at(until.into(), self.send_and_hear(is_near, message))
            .await
            .map_err(|_| Fault::Late)??;
        self.owed = None;
        self.read_arrived(length)
    }

    async fn send_and_hear(&mut self, is_near: bool, message: &Frame) -> io::Result<usize> {
        let message = message.bytes();
        let leave = |fd: &OwnedFd| Ok(send(fd, message, SendFlags::NOSIGNAL)?);
        match leave(self.socket.get_ref()) {
            Err(e) if io::Error::kind(&e) == io::ErrorKind::WouldBlock => {
                self.socket.async_io(Interest::WRITABLE, leave).await?
            }
            other => other?,
        };
        self.hear_message(is_near).await
    }

    /// Waits for a message and says how long it is. End of file, which a dead worker leaves, is an error.
    ///
    /// A near worker may run before this thread goes on, if it has not run already. This is no waiting: the
    /// core is the worker's as soon as this thread has nothing to do, and a thread that sleeps meanwhile
    /// would be woken on another core, which takes longer.
    async fn hear_message(&mut self, is_near: bool) -> io::Result<usize> {
        let arrived = &mut self.arrived;
        let mut receive = |fd: &OwnedFd| {
            let (_, length) = recv(fd, arrived.bytes_mut(), RecvFlags::empty())?;
            Ok(length)
        };
        let is_early =
            |heard: &io::Result<usize>| heard.as_ref().is_err_and(|e| e.kind() == io::ErrorKind::WouldBlock);
        let mut heard = receive(self.socket.get_ref());
        if is_near && is_early(&heard) {
            std::thread::yield_now();
            heard = receive(self.socket.get_ref());
        }
        if is_early(&heard) {
            heard = self.socket.async_io(Interest::READABLE, receive).await;
        }
        heard
    }

    fn read_arrived(&self, length: usize) -> Result<(Head, &[u8]), Fault> {
        if length < HEAD_BYTES {
            return Err(Fault::Gone);
        }
        let message = self.arrived.bytes().get(..length).unwrap_or_default();
        match Head::split(message) {
            Some((head, body)) if head.sequence == self.sequence => Ok((head, body)),
            // whatever was asked: it is the last that is heard of it
            Some((Head { subject: Subject::Aborted, .. }, _)) => Err(Fault::Aborted),
            Some((Head { subject: Subject::OutOfMemory, .. }, _)) => Err(Fault::OutOfMemory),
            _ => Err(Fault::Garbled),
        }
    }

    /// Overwrites the last answer, which says what one person was given.
    pub(crate) fn clear_arrived(&mut self, length: usize) {
        self.arrived.clear(length);
    }

    /// Waits for the first message of a worker.
    pub(crate) async fn hear_hello(&mut self, until: Instant) -> Result<(Head, &[u8]), Fault> {
        let length = timeout_at(until.into(), self.hear_message(false)).await.map_err(|_| Fault::Late)?;
        self.read_arrived(length?)
    }

    /// Waits, as long as was agreed, for an answer that is still to come, and throws it away.
    pub(crate) async fn settle(&mut self, now: Instant) -> Result<(), Fault> {
        let Some(until) = self.owed else { return Ok(()) };
        if until <= now {
            return Err(Fault::Late);
        }
        let length = timeout_at(until.into(), self.hear_message(false)).await.map_err(|_| Fault::Late)?;
        self.owed = None;
        self.read_arrived(length?).map(drop)
    }
}
