//! The rows as axum serves them. It adds no rule.

use axum::{
    Router,
    body::Body,
    extract::{MatchedPath, Request},
    response::Response,
    routing::{MethodFilter, on},
};

use crate::{access::Peer, route::Verb, routes, server::Server, target::Target};

impl Server {
    /// The routes as axum serves them.
    pub fn router(&self, peer: Peer) -> Router {
        let router = routes::all().fold(Router::new(), |router, route| {
            let server = self.clone();
            let handler = move |request: Request| answer(server, Target::Route(route), peer, request);
            router.route(route.path.template, on(filter(route.verb), handler))
        });
        let (here, there) = (self.clone(), self.clone());
        router
            .method_not_allowed_fallback(move |path: MatchedPath, request: Request| {
                answer(here, Target::of_template(path.as_str()), peer, request)
            })
            .fallback(move |request: Request| answer(there, Target::NoRoute, peer, request))
    }
}

async fn answer(server: Server, target: Target, peer: Peer, request: Request) -> Response {
    server.answer(target, peer, request).await.map(Body::from)
}

const fn filter(verb: Verb) -> MethodFilter {
    match verb {
        Verb::Get => MethodFilter::GET,
        Verb::Put => MethodFilter::PUT,
        Verb::Post => MethodFilter::POST,
        Verb::Patch => MethodFilter::PATCH,
        Verb::Delete => MethodFilter::DELETE,
    }
}
