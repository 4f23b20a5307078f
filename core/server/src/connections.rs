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
    server::graceful::GracefulShutdown,
};
use jardin_contract::HostControl;
use tokio::{
    net::{TcpListener, UnixListener},
    sync::Notify,
    time::sleep,
};

use crate::{
    access::Peer, control::with_control, dispatcher::Dispatcher, listener::Listener, rules::ServerRules,
    server::Server, write_timeout::WriteTimeout,
};

/// How long an answer that has begun may take to reach its client once the server stops.
const LAST_ANSWERS: Duration = Duration::from_secs(10);

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
        let dispatcher = Dispatcher::new(self, Peer::Network, self.router(Peer::Network));
        serve_connections(listener, dispatcher, self.rules(), stopped).await
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
        let dispatcher = Dispatcher::new(self, Peer::Local, router);
        serve_connections(listener, dispatcher, self.rules(), stopped).await
    }
}

/// Serves connections until `stopped`, at most as many at once as the rules say. A connection that has sent no
/// whole head in time is closed, be it idle or slow, and so is one that does not read its answer: otherwise a
/// handful of clients that trickle a byte a second would keep everybody else out.
async fn serve_connections(
    listener: impl Listener,
    dispatcher: Dispatcher,
    rules: &ArcSwap<ServerRules>,
    stopped: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    let mut http = http1::Builder::new();
    // a client that has said all may close its side and still wait for the answer
    http.timer(TokioTimer::new()).half_close(true);
    let room = Arc::new(Room::default());
    let open = GracefulShutdown::new();
    tokio::pin!(stopped);
    loop {
        let next = async {
            let place = room.take_place(rules).await;
            io::Result::Ok((place, listener.next_stream().await?))
        };
        let (place, stream) = tokio::select! {
            next = next => next?,
            () = &mut stopped => break,
        };
        let timeout = rules.load().limits.read;
        http.header_read_timeout(timeout);
        let stream = TokioIo::new(WriteTimeout::new(stream, timeout));
        let connection = open.watch(http.serve_connection(stream, dispatcher.clone()));
        tokio::spawn(async move {
            // a client that went away is no error of ours
            drop(connection.await);
            drop(place);
        });
    }
    drop(listener);
    tokio::select! {
        () = open.shutdown() => {}
        () = sleep(LAST_ANSWERS) => {}
    }
    Ok(())
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
