//! The host's end of a worker's socket, for a task that must never block its thread.

use std::{io, os::fd::OwnedFd};

use jardin_abi::Frame;
use rustix::net::{RecvFlags, SendFlags, recv, send};
use tokio::io::unix::AsyncFd;

use crate::message::{HEAD, Head, MOST, Subject};

/// The host's end of a worker's socket.
pub(crate) struct Channel {
    socket: AsyncFd<OwnedFd>,
    arrived: Frame,
    leaving: Vec<u8>,
}

impl Channel {
    pub(crate) fn new(socket: OwnedFd) -> io::Result<Self> {
        // SAFETY: an owned descriptor keeps its number until it is dropped, with the registration.
        let socket = unsafe { AsyncFd::register(socket) }?;
        Ok(Self {
            socket,
            arrived: Frame::room(MOST),
            leaving: Vec::new(),
        })
    }

    /// Sends a message and waits for its one answer, of which a private copy is given.
    pub(crate) async fn ask(&mut self, subject: Subject, frame: &Frame) -> io::Result<(Head, &[u8])> {
        self.leaving.clear();
        self.leaving.extend(Head { subject, result: 0 }.bytes());
        self.leaving.extend(frame.bytes());
        let leaving = &self.leaving;
        self.socket
            .async_io(tokio::io::Interest::WRITABLE, |fd| Ok(send(fd, leaving, SendFlags::NOSIGNAL)?))
            .await?;
        self.hear().await
    }

    /// Waits for a message. End of file, which a dead worker leaves, is an error.
    pub(crate) async fn hear(&mut self) -> io::Result<(Head, &[u8])> {
        let arrived = &mut self.arrived;
        let mut receive = |fd: &OwnedFd| {
            let (_, length) = recv(fd, arrived.bytes_mut(), RecvFlags::empty())?;
            Ok(length)
        };
        // a worker answers within microseconds as a rule: look once before waiting
        let length = match receive(self.socket.get_ref()) {
            Err(e) if io::Error::kind(&e) == io::ErrorKind::WouldBlock => {
                self.socket.async_io(tokio::io::Interest::READABLE, &mut receive).await?
            }
            other => other?,
        };
        if length < HEAD {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let message = self.arrived.bytes().get(..length).unwrap_or_default();
        Head::read(message).ok_or_else(|| io::ErrorKind::InvalidData.into())
    }
}
