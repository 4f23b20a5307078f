//! Which way a request goes: lists straight to their rows, everything else through axum. Both ways end in
//! [`Server::answer`], so that neither has a rule of its own.

use std::{convert::Infallible, future::Future, io, panic::resume_unwind, pin::Pin};

use axum::{Router, body::Body};
use http_body_util::{Either, Full};
use hyper::{
    Request, Response,
    body::{Bytes, Incoming},
    service::Service,
};
use hyper_util::service::TowerToHyperService;
use tokio::{runtime::Handle, task::JoinHandle};

use crate::{access::Peer, server::Server, target::Target};

/// Answers the requests of connections.
#[derive(Clone)]
pub(crate) struct Dispatcher {
    server: Server,
    peer: Peer,
    router: TowerToHyperService<Router>,
    home: Option<Handle>,
}

type Answer = Response<Either<Full<Bytes>, Body>>;

impl Dispatcher {
    /// `router` answers what goes through axum: at `home`, or where there is none on the connection's own thread.
    pub(crate) fn new(server: &Server, peer: Peer, router: Router, home: Option<Handle>) -> Self {
        Self { server: server.clone(), peer, router: TowerToHyperService::new(router), home }
    }

    async fn answer(self, request: Request<Incoming>) -> io::Result<Answer> {
        let Some(row) = Target::list_row(request.method(), request.uri().path()) else {
            let routed = self.router.call(request);
            let routed = match self.home {
                Some(home) => run_at_home(&home, routed).await?,
                None => routed.await,
            };
            return Ok(routed.unwrap_or_else(|never: Infallible| match never {}).map(Either::Right));
        };
        let answer = self.server.answer(Target::Route(row), self.peer, request).await;
        Ok(answer.map(|body| Either::Left(Full::new(body))))
    }
}

impl Service<Request<Incoming>> for Dispatcher {
    type Response = Answer;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Answer>> + Send>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        Box::pin(self.clone().answer(request))
    }
}

/// Runs on another runtime, until it ends or whoever waits goes away.
async fn run_at_home<T: Send + 'static>(
    home: &Handle,
    running: impl Future<Output = T> + Send + 'static,
) -> io::Result<T> {
    let mut task = EndedTask(home.spawn(running));
    match (&mut task.0).await {
        Ok(answer) => Ok(answer),
        Err(stopped) if stopped.is_panic() => resume_unwind(stopped.into_panic()),
        // only a runtime that ends stops a task
        Err(_) => Err(io::ErrorKind::ConnectionAborted.into()),
    }
}

/// A task that ends with whoever waits for it.
struct EndedTask<T>(JoinHandle<T>);

impl<T> Drop for EndedTask<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

#[cfg(test)]
mod tests {
    use std::{future::pending, sync::Arc, time::Duration};

    use tokio::{sync::Notify, time::timeout};

    use super::*;

    /// Tells when it is dropped.
    struct TellsEnd(Arc<Notify>);

    impl Drop for TellsEnd {
        fn drop(&mut self) {
            self.0.notify_one();
        }
    }

    #[tokio::test]
    async fn what_runs_at_home_ends_with_whoever_waits() {
        let (begun, ended) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (begins, ends) = (Arc::clone(&begun), TellsEnd(Arc::clone(&ended)));
        let home = Handle::current();
        let waiting = tokio::spawn(async move {
            run_at_home(&home, async move {
                let _ends = ends;
                begins.notify_one();
                pending::<()>().await;
            })
            .await
        });
        begun.notified().await;
        waiting.abort();
        timeout(Duration::from_secs(60), ended.notified()).await.expect("it was ended");
    }

    #[tokio::test]
    async fn what_runs_at_home_is_heard_to_its_end() {
        assert_eq!(run_at_home(&Handle::current(), async { 7 }).await.unwrap(), 7);
        let home = Handle::current();
        let fallen = tokio::spawn(async move { run_at_home(&home, async { panic!("fell") }).await });
        assert!(fallen.await.map(|_: io::Result<()>| ()).unwrap_err().is_panic());
    }
}
