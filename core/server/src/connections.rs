//! Connections: taken while there is room, closed when a client dallies over a request's head or does not
//! read its answer, ended kindly at stop.

use std::{
    future::Future,
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use arc_swap::ArcSwap;
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulShutdown, Watcher},
};
use jardin_contract::HostControl;
use tokio::{
    io::{AsyncRead, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, UnixListener},
    runtime::Handle,
    sync::Notify,
    time::{sleep, timeout},
};

use crate::{
    access::Peer, addresses::Addresses, admission::RETRY_AFTER_SECONDS, certificate::Certificate,
    control::with_control, dispatcher::Dispatcher, listener::Listener, problem::HttpProblem,
    rules::ServerRules, server::Server, serving_threads::ServingThreads, shared::Shared,
    write_timeout::WriteTimeout,
};

/// How long an answer that has begun may take to reach its client once the server stops.
const LAST_ANSWERS: Duration = Duration::from_secs(10);
/// How long somebody with too many connections is waited for.
const REFUSAL: Duration = Duration::from_secs(1);
/// The longest head of a request, in bytes.
pub(crate) const MAX_HEAD_BYTES: usize = 64 << 10;

impl Server {
    /// Serves an address until `stopped`, then ends what is in flight.
    ///
    /// # Errors
    /// Where the listener fails.
    pub async fn serve(
        &self,
        listener: TcpListener,
        stopped: impl Future<Output = ()> + Send,
    ) -> io::Result<()> {
        let threads = ServingThreads::start(self.serving_threads())?;
        let home = threads.is_any().then(Handle::current);
        let dispatcher = Dispatcher::new(self, Peer::Network, self.router(Peer::Network), home);
        serve_connections(listener, dispatcher, self.shared(), &threads, stopped).await
    }

    /// Serves the control socket, which takes no key: whoever may open it may do everything. Another user's
    /// connection is closed unanswered. What commands ask beside the routes `control` answers.
    ///
    /// # Errors
    /// Where the listener fails.
    pub async fn serve_local(
        &self,
        listener: UnixListener,
        control: Option<Arc<dyn HostControl>>,
        stopped: impl Future<Output = ()> + Send,
    ) -> io::Result<()> {
        let mut router = self.router(Peer::Local);
        if let Some(control) = control {
            router = with_control(router, control);
        }
        let dispatcher = Dispatcher::new(self, Peer::Local, router, None);
        serve_connections(listener, dispatcher, self.shared(), &ServingThreads::none(), stopped).await
    }
}

/// Serves connections until `stopped`, at most as many at once as the rules say. A connection that has sent no
/// whole head in time is closed, be it idle or slow, and so is one that does not read its answer: otherwise a
/// handful of clients that trickle a byte a second would keep everybody else out.
async fn serve_connections<L: Listener>(
    listener: L,
    dispatcher: Dispatcher,
    shared: &Shared,
    threads: &ServingThreads,
    stopped: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    let mut http = http1::Builder::new();
    // a client that has said all may close its side and still wait for the answer
    http.timer(TokioTimer::new()).half_close(true).max_buf_size(MAX_HEAD_BYTES);
    let (room, addresses) = (Arc::new(Room::default()), Arc::new(Addresses::default()));
    let open = GracefulShutdown::new();
    tokio::pin!(stopped);
    loop {
        let next = async {
            let place = room.take_place(&shared.rules).await;
            io::Result::Ok((place, listener.next_stream().await?))
        };
        let (place, (stream, from)) = tokio::select! {
            next = next => next?,
            () = &mut stopped => break,
        };
        let rules = shared.rules.load();
        // what has no address crosses no network
        let (limits, certificate) = (rules.limits, from.and(rules.certificate.clone()));
        let Some(of_address) = addresses.take_place(from, limits.connections_per_address) else {
            // in TLS it would cost more to refuse than to answer
            if certificate.is_none() {
                tokio::spawn(refuse(stream, shared.next_request_id(), place));
            }
            continue;
        };
        http.header_read_timeout(limits.read);
        let dispatcher = dispatcher.clone();
        let connection = Connection { http: http.clone(), dispatcher, watcher: open.watcher() };
        threads.spawn_connection(async move {
            // one that cannot be watched any more has gone
            if let Ok(stream) = L::watch_here(stream) {
                connection.serve(WriteTimeout::new(stream, limits.read), certificate, limits.read).await;
            }
            drop((place, of_address));
        });
    }
    drop(listener);
    tokio::select! {
        () = open.shutdown() => {}
        () = sleep(LAST_ANSWERS) => {}
    }
    Ok(())
}

/// How a connection is served.
struct Connection {
    http: http1::Builder,
    dispatcher: Dispatcher,
    watcher: Watcher,
}

impl Connection {
    /// Serves a client to the end of its connection; one that is to speak TLS and does not begin in time is left.
    async fn serve<S>(self, stream: S, certificate: Option<Certificate>, patience: Duration)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        match certificate {
            None => self.answer(stream).await,
            Some(certificate) => {
                if let Ok(Ok(stream)) = timeout(patience, certificate.accept(stream)).await {
                    self.answer(stream).await;
                }
            }
        }
    }

    async fn answer<S>(self, stream: S)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let connection = self.http.serve_connection(TokioIo::new(stream), self.dispatcher);
        // a client that went away is no error of ours
        drop(self.watcher.watch(connection).await);
    }
}

/// Tells a client that its address has too many connections open. Whoever does not take it at once goes without it.
async fn refuse(mut stream: impl AsyncWrite + Unpin, request_id: String, place: OpenPlace) {
    let problem = HttpProblem::ManyConnections;
    let (status, document) = (problem.kind().status(), problem.document(None, &request_id));
    let answer = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/problem+json\r\nretry-after: {RETRY_AFTER_SECONDS}\r\n\
         connection: close\r\ncontent-length: {}\r\n\r\n{document}",
        document.len()
    );
    drop(timeout(REFUSAL, stream.write_all(answer.as_bytes())).await);
    drop(place);
}

/// How many connections are open.
#[derive(Default)]
struct Room {
    open: AtomicUsize,
    left: Notify,
}

impl Room {
    /// Waits until fewer connections are open than the rules allow. One task alone calls it.
    async fn take_place(self: &Arc<Self>, rules: &ArcSwap<ServerRules>) -> OpenPlace {
        while self.open.load(Ordering::Acquire) >= rules.load().limits.connections {
            self.left.notified().await;
        }
        self.open.fetch_add(1, Ordering::AcqRel);
        OpenPlace(Arc::clone(self))
    }
}

/// The place of an open connection.
struct OpenPlace(Arc<Room>);

impl Drop for OpenPlace {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::AcqRel);
        // it is kept for the acceptor if it does not wait yet
        self.0.left.notify_one();
    }
}
