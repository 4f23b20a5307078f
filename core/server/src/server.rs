//! The server: what leads from a request to the row of its route and back.

use std::{error::Error, sync::Arc};

use arc_swap::ArcSwap;
use hyper::{
    Method, Request, Response,
    body::{Body as HttpBody, Bytes},
};
use jardin_contract::{AuditLog, HostControl};
use jardin_engine::Engine;

use crate::{
    access::Peer,
    admission,
    call::Call,
    cors::{find_origin, is_preflight},
    openapi::docs_page,
    page::Page,
    policy_page::PageWriter,
    problem::HttpProblem,
    program::Program,
    reading::read_call,
    recorded_acts::{is_recorded, record_when_ended},
    reply::{Outcome, Reply},
    route::{Route, Run, Running},
    rules::ServerRules,
    shared::{Place, Shared},
    stack::overwrite_stack,
    target::Target,
};

/// The HTTP API over an engine. A clone is the same server.
#[derive(Clone)]
pub struct Server {
    shared: Arc<Shared>,
    pages: Arc<[Page]>,
    serving_threads: usize,
}

impl Server {
    /// A server that obeys `rules` as they are when a request arrives.
    #[must_use]
    pub fn new(engine: Arc<Engine>, rules: Arc<ArcSwap<ServerRules>>, program: Program) -> Self {
        let shared = Arc::new(Shared::new(engine, rules, program));
        Self { shared, pages: Arc::from([docs_page()]), serving_threads: 0 }
    }

    /// The same server, new, with a log of acts.
    #[must_use]
    pub fn with_audit(self, audit: Arc<dyn AuditLog>) -> Self {
        Self { shared: Arc::new(self.shared.with_audit(audit)), ..self }
    }

    /// The same server, new, of a shop whose history it can show and bring back.
    #[must_use]
    pub fn with_host(self, host: Arc<dyn HostControl>) -> Self {
        Self { shared: Arc::new(self.shared.with_host(host)), ..self }
    }

    /// The same server, new, with whoever writes the pages about the policy.
    #[must_use]
    pub fn with_page_writer(self, writer: PageWriter) -> Self {
        Self { shared: Arc::new(self.shared.with_page_writer(writer)), ..self }
    }

    /// The same server with pages beside the API.
    #[must_use]
    pub fn with_pages(self, pages: Vec<Page>) -> Self {
        Self { pages: self.pages.iter().cloned().chain(pages).collect(), ..self }
    }

    /// The same server with so many threads that answer lists and nothing else, one a core as a rule. With none the
    /// runtime that serves answers everything.
    #[must_use]
    pub fn with_serving_threads(self, serving_threads: usize) -> Self {
        Self { serving_threads, ..self }
    }

    pub(crate) const fn serving_threads(&self) -> usize {
        self.serving_threads
    }

    /// The program that it was told it is part of.
    #[must_use]
    pub fn program(&self) -> Program {
        self.shared.program
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.shared
    }

    /// Answers a request by the row of its route, without a socket and without axum.
    pub async fn call<B>(&self, peer: Peer, request: Request<B>) -> Response<Bytes>
    where
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        let is_head = request.method() == Method::HEAD;
        let target = Target::find(request.method(), request.uri().path());
        let response = self.answer(target, peer, request).await;
        if is_head { response.map(|_| Bytes::new()) } else { response }
    }

    /// Answers a read as it is answered on the control socket, without one: its status and its body.
    pub async fn read_route(&self, path: &str) -> (u16, Bytes) {
        let mut request = Request::new(String::new());
        let Ok(uri) = path.parse() else { return (404, Bytes::new()) };
        *request.uri_mut() = uri;
        let response = self.call(Peer::Local, request).await;
        (response.status().as_u16(), response.into_body())
    }

    /// Answers a request whose target was found.
    pub(crate) async fn answer<B>(&self, target: Target, peer: Peer, request: Request<B>) -> Response<Bytes>
    where
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        if let Some(page) = self.find_page(target, &request) {
            return page.to_response();
        }
        let id = self.shared.next_request_id();
        let origin = find_origin(target, request.headers(), &self.shared.rules.load());
        let outcome = match &origin {
            Some(_) if is_preflight(target, request.method()) => Ok(Reply::no_content()),
            _ => self.run(target, peer, request).await,
        };
        self.shared.count_outcome(&outcome);
        overwrite_stack();
        let headers = admission::finish(target, &id, &outcome, origin);
        let (status, body) = match outcome {
            Ok(reply) => (reply.status, reply.body),
            Err(problem) => (problem.kind().status(), problem.document(target.template(), &id).into()),
        };
        let mut response = Response::new(body);
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        response
    }

    async fn run<B>(&self, target: Target, peer: Peer, request: Request<B>) -> Outcome
    where
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        let rules = self.shared.rules.load_full();
        let place = Place::take(&self.shared, rules.limits.in_flight)?;
        let route = match target {
            Target::Route(route) => route,
            Target::NoMethod(_) => return Err(HttpProblem::NoMethod),
            Target::NoRoute => return Err(HttpProblem::NoRoute),
        };
        let call = read_call(&self.shared, route, peer, request.into_parts(), &rules).await?;
        match route.run {
            Run::WhileConnected(run) => run(call).await,
            Run::ToItsEnd(run) => run_to_its_end(self.begin_call(route, call, run), place).await,
        }
    }

    fn begin_call(&self, route: &'static Route, call: Call, run: fn(Call) -> Running) -> Running {
        match &self.shared.audit {
            Some(audit) if is_recorded(route) => record_when_ended(Arc::clone(audit), route, call, run),
            _ => run(call),
        }
    }

    fn find_page<B>(&self, target: Target, request: &Request<B>) -> Option<&Page> {
        let reads = matches!(*request.method(), Method::GET | Method::HEAD);
        let asked = matches!(target, Target::NoRoute).then(|| request.uri().path()).filter(|_| reads)?;
        self.pages.iter().find(|page| page.path == asked)
    }
}

/// Runs to the end even if the client goes away meanwhile.
async fn run_to_its_end(running: Running, place: impl Send + 'static) -> Outcome {
    let run = async move {
        let outcome = running.await;
        drop(place);
        outcome
    };
    match tokio::spawn(run).await {
        Ok(outcome) => outcome,
        Err(stopped) if stopped.is_panic() => std::panic::resume_unwind(stopped.into_panic()),
        // only a runtime that ends stops a task, and its clients with it
        Err(_) => Err(HttpProblem::Busy),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::{sync::Notify, time::timeout};

    use super::*;

    #[tokio::test]
    async fn a_client_that_goes_away_leaves_nothing_half_done() {
        let (begin, ended) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (may_begin, end) = (Arc::clone(&begin), Arc::clone(&ended));
        let running: Running = Box::pin(async move {
            may_begin.notified().await;
            end.notify_one();
            Ok(Reply::no_content())
        });
        let client = tokio::spawn(run_to_its_end(running, ()));
        tokio::task::yield_now().await;
        client.abort();
        assert!(client.await.is_err_and(|stopped| stopped.is_cancelled()));
        begin.notify_one();
        timeout(Duration::from_secs(10), ended.notified()).await.expect("it was run to its end");
    }
}
