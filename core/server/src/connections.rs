//! Connections: taken while there is room, closed when a client dallies over a request's head, ended kindly
//! at stop.

use std::{future::Future, io, sync::Arc, time::Duration};

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::sleep,
};

/// How long an answer that has begun may take to reach its client once the server stops.
const LAST_ANSWERS: Duration = Duration::from_secs(10);
/// How long to wait when the system has no descriptor left.
const NO_DESCRIPTOR: Duration = Duration::from_millis(200);

/// Serves at most `most` connections at once until `stopped`. A connection that has sent no whole head for
/// `patience` is closed, be it idle or slow: otherwise a handful of clients that trickle a byte a second
/// would keep everybody else out.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    most: usize,
    patience: Duration,
    stopped: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    let mut http = http1::Builder::new();
    // a client that has said all may close its side and still wait for the answer
    http.timer(TokioTimer::new()).header_read_timeout(patience).half_close(true);
    let places = Arc::new(Semaphore::new(most));
    let open = GracefulShutdown::new();
    tokio::pin!(stopped);
    loop {
        let next = async {
            // the semaphore is never closed
            let place = Arc::clone(&places).acquire_owned().await.map_err(io::Error::other)?;
            io::Result::Ok((place, accept(&listener).await?))
        };
        let (place, stream) = tokio::select! {
            next = next => next?,
            () = &mut stopped => break,
        };
        let service = TowerToHyperService::new(router.clone());
        let connection = open.watch(http.serve_connection(TokioIo::new(stream), service));
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

/// The next client. One that hung up meanwhile is passed over, and a system out of descriptors is waited for.
async fn accept(listener: &TcpListener) -> io::Result<TcpStream> {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                // answers are short and whole: waiting to fill a packet only delays them
                stream.set_nodelay(true)?;
                return Ok(stream);
            }
            Err(e)
                if matches!(e.kind(), io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset) => {}
            Err(_) => sleep(NO_DESCRIPTOR).await,
        }
    }
}
