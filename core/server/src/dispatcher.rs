//! Which way a request goes: lists straight to their rows, everything else through axum. Both ways end in
//! [`Server::answer`], so that neither has a rule of its own.

use std::{convert::Infallible, future::Future, pin::Pin};

use axum::{Router, body::Body};
use http_body_util::{Either, Full};
use hyper::{
    Request, Response,
    body::{Bytes, Incoming},
    service::Service,
};
use hyper_util::service::TowerToHyperService;

use crate::{access::Peer, server::Server, target::Target};

/// Answers the requests of connections.
#[derive(Clone)]
pub(crate) struct Dispatcher {
    server: Server,
    peer: Peer,
    router: TowerToHyperService<Router>,
}

type Answer = Response<Either<Full<Bytes>, Body>>;

impl Dispatcher {
    /// `router` answers what goes through axum.
    pub(crate) fn new(server: &Server, peer: Peer, router: Router) -> Self {
        Self { server: server.clone(), peer, router: TowerToHyperService::new(router) }
    }

    async fn answer(self, request: Request<Incoming>) -> Result<Answer, Infallible> {
        match Target::list_row(request.method(), request.uri().path()) {
            Some(row) => {
                let answer = self.server.answer(Target::Route(row), self.peer, request).await;
                Ok(answer.map(|body| Either::Left(Full::new(body))))
            }
            None => Ok(self.router.call(request).await?.map(Either::Right)),
        }
    }
}

impl Service<Request<Incoming>> for Dispatcher {
    type Response = Answer;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Answer, Infallible>> + Send>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        Box::pin(self.clone().answer(request))
    }
}
