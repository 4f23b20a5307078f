//! What connections come from: an address, or the control socket.

use std::{future::Future, io, net::IpAddr, time::Duration};

use rustix::process::geteuid;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream, UnixListener, UnixStream},
    time::sleep,
};

/// How long to wait when the system has no descriptor left.
const NO_DESCRIPTOR: Duration = Duration::from_millis(200);

/// What connections come from.
pub(crate) trait Listener: Send + Sync {
    type Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static;

    /// The next client, with its address where it has one. One that hung up meanwhile is passed over, and a system out
    /// of descriptors is waited for.
    fn next_stream(&self) -> impl Future<Output = io::Result<(Self::Stream, Option<IpAddr>)>> + Send;

    /// Lets the runtime of the present thread watch a client, in place of the one that took it.
    fn watch_here(stream: Self::Stream) -> io::Result<Self::Stream>;
}

impl Listener for TcpListener {
    type Stream = TcpStream;

    async fn next_stream(&self) -> io::Result<(TcpStream, Option<IpAddr>)> {
        loop {
            if let Some((stream, from)) = taken(self.accept().await).await {
                // answers are short and whole: waiting to fill a packet only delays them
                stream.set_nodelay(true)?;
                return Ok((stream, Some(from.ip().to_canonical())));
            }
        }
    }

    fn watch_here(stream: TcpStream) -> io::Result<TcpStream> {
        TcpStream::from_std(stream.into_std()?)
    }
}

impl Listener for UnixListener {
    type Stream = UnixStream;

    async fn next_stream(&self) -> io::Result<(UnixStream, Option<IpAddr>)> {
        loop {
            let stream = taken(self.accept().await).await;
            if let Some((stream, _)) = stream.filter(|(stream, _)| is_ours(stream)) {
                return Ok((stream, None));
            }
        }
    }

    fn watch_here(stream: UnixStream) -> io::Result<UnixStream> {
        // the control socket is answered where it was taken
        Ok(stream)
    }
}

/// Whether the other side runs as the same user, or as root, who may do everything here anyway.
fn is_ours(stream: &UnixStream) -> bool {
    stream.peer_cred().is_ok_and(|peer| peer.uid() == geteuid().as_raw() || peer.uid() == 0)
}

async fn taken<T>(accepted: io::Result<T>) -> Option<T> {
    match accepted {
        Ok(stream) => return Some(stream),
        Err(e) if matches!(e.kind(), io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset) => {}
        Err(_) => sleep(NO_DESCRIPTOR).await,
    }
    None
}
